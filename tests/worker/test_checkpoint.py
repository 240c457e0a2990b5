"""A run that is killed and goes on is the run that was never killed, to the last bit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.protocol import Command, Event, Finished, Job, Started
from tests.worker.runs import STEADY, Listener, Script, job
from worker.checkpoint import CheckpointStore, Progressed
from worker.prepare import prepare
from worker.train import train

VICTIM = """
import json, os, sys
from pathlib import Path
from playground.protocol import Job
from worker import checkpoint
from worker.train import train

checkpoint.AT_EPOCH_END = checkpoint.EVERY = 0.0  # after every step
checkpoint.SHARE = 1e9
file = open(sys.argv[3], "ab", buffering=0)

def emit(records):
    for record in records:
        file.write(len(record).to_bytes(4, "little") + record)

def die(done, total):
    if done == int(sys.argv[4]):
        os.kill(os.getpid(), 9)

train(Job.model_validate_json(sys.argv[1]), emit=emit, checkpoints=Path(sys.argv[2]), on_step=die)
"""


def told_by(file: Path) -> Listener:
    listener, data = Listener(), file.read_bytes()
    while data:
        length = int.from_bytes(data[:4], "little")
        if len(data) < 4 + length:
            break
        listener([data[4 : 4 + length]])
        data = data[4 + length :]
    return listener


def live(job: Job, folder: Path, spool: Path, kill_at: int) -> int:
    command = [sys.executable, "-c", VICTIM, job.model_dump_json(), str(folder), str(spool), str(kill_at)]
    return subprocess.run(command, env=os.environ | {"PLAYGROUND_THREADS": "1"}, check=False).returncode


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("recipe", [{"optimiser": "sgd"}, {"optimiser": "adam", "learning_rate": 0.003}])
def test_killed_twice_and_gone_on_is_the_same_to_the_last_bit(
    tmp_path: Path, recipe: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_THREADS", "1")
    whole, parts = Listener(), []
    train(job(*STEADY, epochs=3, **recipe), emit=whole, checkpoints=tmp_path / "whole")
    for attempt, kill_at in ((1, 17), (2, 43), (3, 0)):
        spool = tmp_path / f"spool{attempt}"
        status = live(job(*STEADY, epochs=3, attempt=attempt, **recipe), tmp_path / "cut", spool, kill_at)
        assert status == (-signal.SIGKILL if kill_at else 0)
        parts.append(told_by(spool))
    curve = np.full(63, np.nan, np.float32)
    for part in parts:
        first = part.of(Started)[0].first_step
        steps, loss = part.series("steps", "loss")
        assert steps[0] == first
        assert np.isfinite(curve[:first]).all(), "the rows before a checkpoint are stored before it is"
        curve[steps] = loss
    _, expected = whole.series("steps", "loss")
    assert curve.tobytes() == expected.tobytes()
    last, whole_last = parts[-1].of(Finished)[0], whole.of(Finished)[0]
    assert (last.test_loss, last.test_accuracy) == (whole_last.test_loss, whole_last.test_accuracy)
    assert parts[1].of(Event)[0].name == "restarted"


@pytest.mark.parametrize("optimiser", ["sgd", "rmsprop", "adam", "adamw"])
def test_stopped_and_gone_on_is_the_same_for_every_optimiser(tmp_path: Path, optimiser: str) -> None:
    recipe = {"optimiser": optimiser, "learning_rate": 0.003, "epochs": 2, "weight_decay": 0.01}
    whole, first, second = Listener(), Listener(), Listener()
    train(job(*STEADY, **recipe), emit=whole)
    train(job(*STEADY, **recipe), emit=first, control=Script({14: [Command(kind="stop")]}), checkpoints=tmp_path)
    train(job(*STEADY, attempt=2, **recipe), emit=second, checkpoints=tmp_path)
    assert second.of(Started)[0].first_step == 13
    joined = np.concatenate([listener.series("steps", "loss")[1] for listener in (first, second)])
    assert joined.tobytes() == whole.series("steps", "loss")[1].tobytes()


def test_a_paused_run_is_paused_again_after_a_restart_with_its_rate_and_its_layers(tmp_path: Path) -> None:
    class Killed(Exception):
        pass

    class KilledWhilePaused(Script):
        def wait(self, seconds: float) -> bool:
            raise Killed

    wishes = [Command(kind="learning_rate", value=0.125), Command(kind="watch", layers=["5_dense"])]
    with pytest.raises(Killed):
        train(
            job(),
            emit=Listener(),
            control=KilledWhilePaused({4: [*wishes, Command(kind="pause")]}),
            checkpoints=tmp_path,
        )
    again = Listener()
    train(job(attempt=2), emit=again, control=Script({}), checkpoints=tmp_path)
    events = [(event.name, event.step) for event in again.of(Event)]
    assert events[:3] == [("restarted", 3), ("paused", 3), ("resumed", 3)]
    assert (again.series("steps", "learning_rate")[1] == np.float32(0.125)).all()


def test_a_checkpoint_of_another_job_or_a_torn_one_is_left_alone(tmp_path: Path) -> None:
    first, other = job(seed=1), job(seed=2)
    run = prepare(first)
    CheckpointStore(tmp_path, first).save(Progressed(step=5), run.network, run.optimiser)
    loaded = CheckpointStore(tmp_path, first).load(run.network, run.optimiser, run.device)
    assert loaded is not None and loaded.step == 5
    assert CheckpointStore(tmp_path, other).load(run.network, run.optimiser, run.device) is None
    [file] = [path for path in tmp_path.iterdir() if path.is_file()]
    file.write_bytes(file.read_bytes()[:100])
    assert CheckpointStore(tmp_path, first).load(run.network, run.optimiser, run.device) is None


def test_no_half_written_file_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = job()
    run = prepare(one)
    store = CheckpointStore(tmp_path, one)
    store.save(Progressed(step=1), run.network, run.optimiser)
    monkeypatch.setattr("os.fsync", lambda file: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store.save(Progressed(step=2), run.network, run.optimiser)
    monkeypatch.undo()
    loaded = store.load(run.network, run.optimiser, run.device)
    assert loaded is not None and loaded.step == 1
    assert len(list(tmp_path.iterdir())) == 1
