"""One job in its folder: whatever happens, the last record says how it ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.protocol import Command, Failed, Finished, Started
from tests.worker.runs import Listener, job
from worker.control import ControlWriter
from worker.folders import LeaseFolder
from worker.job import REST_AFTER_FIRST_STEP, run_job, warm_up
from worker.spool import SpoolReader


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeaseFolder:
    monkeypatch.setattr("worker.job.limit_memory", lambda device: None)  # it would hold for all later tests too
    return LeaseFolder(tmp_path / "run" / "lease-1")


def told(folder: LeaseFolder) -> Listener:
    listener = Listener()
    listener([body for _, body in SpoolReader(folder.spool).read_from(1, 1 << 30)])
    return listener


def test_a_job_trains_into_its_spool_and_leaves_a_checkpoint(folder: LeaseFolder) -> None:
    folder.write_job(job(epochs=2))
    run_job(folder.path)
    records = told(folder)
    assert isinstance(records.told[0][0], Started)
    assert isinstance(records.told[-1][0], Finished)
    assert records.series("steps", "loss")[0].tolist() == list(range(42))
    assert (folder.checkpoint / "state.safetensors").exists()


def test_a_job_rests_once_when_its_first_step_can_be_seen(folder: LeaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[tuple[float, list[int]]] = []

    def rest(seconds: float) -> None:
        rests.append((seconds, told(folder).series("steps", "loss")[0].tolist()))

    monkeypatch.setattr("worker.job.time.sleep", rest)
    folder.write_job(job(epochs=2))
    run_job(folder.path)
    assert rests == [(REST_AFTER_FIRST_STEP, [0])]


def test_a_command_that_waits_already_is_obeyed(folder: LeaseFolder) -> None:
    folder.write_job(job(epochs=50))
    ControlWriter(folder.path).send(Command(kind="stop"))
    run_job(folder.path)
    finished = told(folder).of(Finished)[0]
    assert (finished.reason, finished.step) == ("stopped", 0)


def test_a_document_that_cannot_train_ends_as_a_record(folder: LeaseFolder) -> None:
    folder.write_job(job().model_copy(update={"network": {"format": 1, "nodes": "none"}}))
    run_job(folder.path)
    failed = told(folder).of(Failed)[0]
    assert failed.code == "not_trainable"
    assert failed.hint


def test_an_unknown_error_ends_as_a_record_too(folder: LeaseFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object, **named: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("worker.job.train", broken)
    folder.write_job(job())
    run_job(folder.path)
    failed = told(folder).of(Failed)[0]
    assert (failed.code, failed.step) == ("crashed", 0)
    assert "a wheel came off" in failed.message


def test_batch_normalisation_of_single_values_is_explained(folder: LeaseFolder) -> None:
    layers = (("global_avg_pool", {}), ("batch_norm", {}), ("flatten", {}), ("dense", {"units": 10}))
    folder.write_job(job(*layers, batch_size=1))
    run_job(folder.path)
    failed = told(folder).of(Failed)[0]
    assert failed.code == "not_trainable"
    assert "batch of at least 2" in failed.hint


@pytest.mark.slow
def test_a_network_too_large_for_memory_fails_alone(tmp_path: Path) -> None:
    large = LeaseFolder(tmp_path / "run" / "lease-1")
    wide = ("conv2d", {"filters": 4096, "kernel_size": 3, "padding": 1})
    large.write_job(job(wide, ("relu", {}), ("flatten", {}), ("dense", {"units": 10}), batch_size=1000))
    program = f"from pathlib import Path; from worker.job import run_job; run_job(Path({str(large.path)!r}))"
    limits = {"PLAYGROUND_MEMORY_BYTES": str(1_500_000_000), "PLAYGROUND_THREADS": "1"}
    assert subprocess.run([sys.executable, "-c", program], env=os.environ | limits, check=False).returncode == 0
    failed = told(large).of(Failed)[0]
    assert failed.code == "out_of_memory"
    assert "batch of 1000 images" in failed.message


def test_warming_up_trains_a_little_and_tells_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    warm_up()
    assert "torch._dynamo" in sys.modules  # what the first optimiser takes a second to import
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
