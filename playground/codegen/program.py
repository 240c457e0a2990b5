"""program(…): a trained network as one Python file that loads its weights and measures it on the test images again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.codegen import write
from playground.codegen.names import safe
from playground.codegen.reading import Reader, reader_of
from playground.datasets import EVALUATED_AT_ONCE, Dataset
from playground.network import Network
from playground.plan import Plan, plan


class Trained(NamedTuple):
    """What is known of a run that has ended."""

    title: str
    """The run in words: "LeNet-5, run 3"."""
    step: int
    """Updates that the weights have seen."""
    mean: Sequence[float]
    std: Sequence[float]
    """Of each channel over the training part, of values scaled to 0–1."""
    accuracy: float | None
    """Logged on the whole test set; None for a run that was stopped before."""
    loss: float | None
    top5_error: float | None
    threads: int
    torch: str
    device: str
    weights: str
    """Name of the file of weights."""


def program(network: Network, dataset: Dataset, trained: Trained) -> str:
    """Python source. Raises NotTrainable where the network has notices of level error."""
    written, reader = write(network), reader_of(dataset)
    probabilities = ends_in_softmax(plan(network))
    head = HEAD.format(
        title=safe(trained.title),
        dataset=safe(dataset.title),
        told=_told(trained),
        weights=trained.weights,
        step=f"{trained.step:,}",
        torch=safe(trained.torch),
        device=safe(trained.device),
        caveat=f"\n{reader.caveat}\n" if reader.caveat else "",
        needs=" ".join(["torch", "safetensors", *reader.packages]),
        imports=_imports(reader, functional=not probabilities),
    )
    settings = SETTINGS.format(
        weights=trained.weights,
        mean=_numbers(trained.mean),
        std=_numbers(trained.std),
        logged=_logged(trained),
        threads=trained.threads,
        batch=EVALUATED_AT_ONCE,
    )
    last = EVALUATION.format(
        name=written.name,
        logs="scores.log()" if probabilities else "functional.log_softmax(scores, dim=1)",
        top=min(5, len(dataset.classes)),
        where=reader.where,
        title=safe(dataset.title),
        verdict=MAY_DIFFER if reader.caveat else MUST_AGREE,
    )
    parts = [head, settings, written.classes, reader.text, last]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def ends_in_softmax(planned: Plan) -> bool:
    """Whether the network gives probabilities, not scores."""
    steps = {step.id: step for step in planned.steps}
    end = planned.steps[-1]
    while end.inputs and (end.layer is None or end.layer.function == "identity"):
        end = steps[end.inputs[0]]
    return end.layer is not None and end.layer.module == "Softmax"


def _imports(reader: Reader, *, functional: bool) -> str:
    """Python's own modules, then those of others."""
    own = sorted({"import argparse", "import sys", *reader.own})
    others = {"import torch", "from safetensors.torch import load_file", "from torch import nn", *reader.others}
    if functional:
        others.add("from torch.nn import functional")
    whole = sorted(line for line in others if line.startswith("import"))
    parts = sorted((line for line in others if line.startswith("from")), key=str.lower)
    return "\n".join([*own, "from pathlib import Path", "", *whole, *parts])


def _told(trained: Trained) -> str:
    if trained.accuracy is None:
        return "No test accuracy was logged for these weights: the run was stopped before its end."
    return f"The run logged a test accuracy of {trained.accuracy:.2%}."


def _logged(trained: Trained) -> str:
    values = {"accuracy": trained.accuracy, "loss": trained.loss, "top-5 error": trained.top5_error}
    return "{" + ", ".join(f'"{name}": {value!r}' for name, value in values.items() if value is not None) + "}"


def _numbers(values: Sequence[float]) -> str:
    return "[" + ", ".join(map(repr, map(float, values))) + "]"


HEAD = '''"""{title}: the trained network, and what it makes of the test images of {dataset}.

    pip install {needs}
    python evaluate.py --data FOLDER

{told} This file loads the weights ({weights},
step {step}) and measures it again, with the normalisation of the run. Trained with torch {torch} on {device}.
{caveat}"""

{imports}
'''

SETTINGS = """WEIGHTS = Path(__file__).parent / "{weights}"
MEAN, STD = {mean}, {std}  # of each channel over the training images, of values scaled to 0-1
LOGGED = {logged}
THREADS, BATCH = {threads}, {batch}  # as in the run: sums in another order differ in the last digits
"""

MUST_AGREE = """\
        print("The accuracy is the logged one." if same else "The accuracy is not the logged one.")
        sys.exit(0 if same else 1)"""

MAY_DIFFER = """\
        other = "The accuracy is not the logged one, and need not be: the head of this file says why."
        print("The accuracy is the logged one." if same else other)"""

EVALUATION = '''
def load(path=WEIGHTS, device="cpu"):
    """The trained network."""
    network = {name}()
    network.load_state_dict(load_file(path))
    return network.to(device, memory_format=torch.channels_last).eval()


def normalise(images):
    """What the network takes, from bytes [n, channels, height, width]."""
    mean, std = torch.tensor(MEAN, device=images.device), torch.tensor(STD, device=images.device)
    scale, shift = (1 / (255 * std)).view(1, -1, 1, 1), (mean / std).view(1, -1, 1, 1)
    return (images.float() * scale - shift).contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def evaluate(network, images, labels):
    """Accuracy, mean loss and top-5 error."""
    right = top5 = loss = 0
    for start in range(0, len(labels), BATCH):
        truth = labels[start : start + BATCH, None]
        scores = network(normalise(images[start : start + BATCH])).float()
        logs = {logs}
        best = logs.topk({top}, dim=1).indices
        right += int((best[:, :1] == truth).sum())
        top5 += int((best == truth).sum())
        loss -= float(logs.gather(1, truth).double().sum())
    return {{"accuracy": right / len(labels), "loss": loss / len(labels), "top-5 error": 1 - top5 / len(labels)}}


def main():
    parser = argparse.ArgumentParser(description="Measure the trained network on the test images of {title}.")
    where = "{where}"
    parser.add_argument("--data", type=Path, default=Path("data"), help=where)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    images, labels = (part.to(options.device) for part in test_images(options.data))
    found = evaluate(load(options.weights, options.device), images, labels)
    print(f"{{len(labels):,}} test images")
    for name, value in found.items():
        logged = f"   logged: {{LOGGED[name]:.6f}}" if name in LOGGED else ""
        print(f"{{name:12}} {{value:.6f}}{{logged}}")
    if "accuracy" in LOGGED:
        same = found["accuracy"] == LOGGED["accuracy"]
{verdict}


if __name__ == "__main__":
    main()
'''
