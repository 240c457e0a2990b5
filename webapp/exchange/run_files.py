"""What can be taken of a run that is more than numbers: its weights, code that loads them, ONNX, its documents."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.codegen import write
from playground.codegen.program import Trained, program
from playground.experiment_file import ByHand, ExperimentFile, Origin, RateByHand
from playground.network import Network
from playground.protocol import Continuation, Event
from playground.weights_file import Head, read_head
from webapp.artifacts import files
from webapp.artifacts.models import RunArtifact
from webapp.datasets.services import run_card, run_dataset
from webapp.exchange.onnx_out import onnx_model
from webapp.experiments.services import network_read
from webapp.runs.models import ENDED, Run
from webapp.runs.views_of import run_events

BLOCK = 256 * 1024
WEIGHTS_NAME = "weights.safetensors"
KINDS = {"F32": "<f4", "F64": "<f8", "F16": "<f2", "I64": "<i8", "I32": "<i4", "U8": "u1"}


def stem(run: Run) -> str:
    """The beginning of every file's name: "lenet-5-run-3"."""
    words = re.sub(r"\W+", "-", run.name.lower()).strip("-")[:60] or "network"
    return f"{words}-run-{run.number}"


# Weights


def exported_head(network: Network, head: Head) -> Head:
    """The tensors by the names of the exported PyTorch class; auxiliary heads that it lacks are left out."""
    return head.renamed(write(network).modules)


def weights_head(run: Run, kept: RunArtifact) -> tuple[bytes, Head]:
    """The head of the file that is sent, and that of the file that is kept."""
    with files.path_of(kept.artifact_id).open("rb") as file:
        head = read_head(file)
    facts = {"format": "pt", "run": run.pk, "name": run.name, "step": str(kept.step)}
    return exported_head(network_read(run.network), head).encoded(facts), head


def weights_size(run: Run, kept: RunArtifact) -> int:
    """Bytes of the file that is sent."""
    text, head = weights_head(run, kept)
    return len(text) + head.content


def weights_parts(run: Run, kept: RunArtifact) -> Iterator[bytes]:
    """The file, with its tensors named as in the exported PyTorch class's state_dict."""
    text, head = weights_head(run, kept)
    yield text
    with files.path_of(kept.artifact_id).open("rb") as file:
        file.seek(head.size)
        while block := file.read(BLOCK):
            yield block


def weights_arrays(kept: RunArtifact) -> Mapping[str, NDArray[Any]]:
    """By the worker's names; read from the file as they are needed."""
    path = files.path_of(kept.artifact_id)
    with path.open("rb") as file:
        head = read_head(file)
    return {
        name: np.memmap(path, KINDS[each.kind], "r", head.size + each.begin, each.shape)
        if each.end > each.begin
        else np.zeros(each.shape, KINDS[each.kind])
        for name, each in head.tensors.items()
        if each.kind in KINDS
    }


def onnx_file(run: Run, kept: RunArtifact) -> bytes:
    """The network with its trained weights. Raises NotTrainable, Unsupported or WeightError."""
    return onnx_model(network_read(run.network), weights_arrays(kept))


# Code


def trained(run: Run, kept: RunArtifact) -> Trained | None:
    """What the program must know; None where no worker has told how the images are normalised."""
    card = run_card(run)
    if card is None:
        return None
    started, finished = run.started or {}, run.finished or {}
    logged = finished if finished.get("step") == kept.step else {}
    return Trained(
        title=f"{run.name}, run {run.number}",
        step=finished["best_step"] if logged.get("restored") else kept.step,
        mean=card["mean"],
        std=card["std"],
        accuracy=logged.get("test_accuracy"),
        loss=logged.get("test_loss"),
        top5_error=logged.get("test_top5_error"),
        threads=started.get("threads", 1),
        torch=started.get("torch", ""),
        device=started.get("device", ""),
        weights=WEIGHTS_NAME,
    )


def program_of(run: Run, facts: Trained) -> str:
    """The Python file. Raises NotTrainable."""
    return program(network_read(run.network), run_dataset(run), facts)


README = """{title}
{line}

    pip install {needs}
    python evaluate.py --data FOLDER      measures the trained network on the test images again

evaluate.py          the network as a PyTorch class, and code that loads the weights and evaluates them
weights.safetensors  the trained weights, step {step:,}; the names are those of the class's state_dict
experiment.json      network and recipe: `python -m worker train experiment.json` trains it again

The same seed on the same kind of processor, with the same versions and threads, gives the same weights to the last bit.
"""


def code_entries(run: Run, kept: RunArtifact, facts: Trained) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Files of the archive. Raises NotTrainable."""
    folder, title = stem(run), f"{run.name}, run {run.number}"
    text = program_of(run, facts)
    needs = next(line for line in text.splitlines() if "pip install " in line).partition("pip install ")[2]
    readme = README.format(title=title, line="=" * len(title), needs=needs, step=kept.step)
    yield f"{folder}/README.txt", iter([readme.encode()])
    yield f"{folder}/evaluate.py", iter([text.encode()])
    yield f"{folder}/experiment.json", iter([experiment_text(run).encode()])
    yield f"{folder}/{WEIGHTS_NAME}", weights_parts(run, kept)


# Documents


def document_hash(run: Run) -> str:
    """Of network and recipe: equal for runs of one experiment that nobody changed."""
    return hashlib.sha256(json.dumps([run.network, run.recipe], sort_keys=True).encode()).hexdigest()


def experiment_text(run: Run) -> str:
    """What `python -m worker train` reads: with it the run's curve comes out again."""
    started, finished = run.started or {}, run.finished or {}
    stopped = finished.get("step") if finished.get("reason") == "stopped" and run.state in ENDED else None
    rates = [RateByHand(step=event.step, rate=event.value or 0.0) for event in rates_by_hand(run)]
    content = ExperimentFile(
        network=run.network,
        recipe=run.recipe,
        continued=tuple(Continuation.model_validate(wish) for wish in run.continued),
        by_hand=ByHand(rates=tuple(rates), stopped=stopped),
        run=Origin(
            id=run.pk,
            name=run.name,
            number=run.number,
            created=run.created.isoformat(),
            document=document_hash(run),
            torch=started.get("torch"),
            device=started.get("device"),
            threads=started.get("threads"),
            test_accuracy=run.test_accuracy,
        ),
    )
    return json.dumps(content.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def rates_by_hand(run: Run) -> list[Event]:
    """The moments at which the user set the learning rate, in their order."""
    return [event for event in run_events(run) if event.name == "learning_rate"]
