"""What a training process does: one job from its folder, to its last record."""

from __future__ import annotations

import contextlib
import time
import traceback
from itertools import pairwise
from pathlib import Path

import torch

from playground.protocol import Command, Job, encode
from worker.control import ControlReader
from worker.device import choose_device, limit_memory, memory_limit, stays_there
from worker.failure import Failure, read_failure
from worker.folders import LeaseFolder
from worker.look import answer_questions
from worker.spool import SpoolWriter
from worker.train import train

REST_AFTER_FIRST_STEP = 0.1
"""Seconds. Whoever pressed Train waits for the first step; on a small machine the site and the browser that bring it to
the page need the processors that training takes as soon as it may. Where figures stay on a device until they are sent,
the first row is still there then, and there is no rest."""


def run_job(path: Path) -> None:
    """Trains the job of a lease folder; whatever happens, the last record says how it ended.

    Returns normally after a failure too: the record is the answer, and an exit code would only say it again.
    """
    folder = LeaseFolder(path)
    if folder.question_file.exists():
        answer_questions(path)
        return
    job = folder.read_job()
    spool, control = SpoolWriter(folder.spool), ControlReader(path)
    done, rests = 0, False

    def emit(records: list[bytes]) -> None:
        for record in records:
            spool.append(record)

    def on_step(step: int, total: int) -> None:
        nonlocal done
        if rests and (done, step) == (0, 1):
            time.sleep(REST_AFTER_FIRST_STEP)
        done = step

    try:
        if folder.missing_file.exists():
            raise read_failure(folder.missing_file.read_bytes())
        limit_memory(device := choose_device(str(job.recipe.get("device", "auto"))))
        rests = not stays_there(device)
        train(
            job,
            emit=emit,
            control=control,
            checkpoints=folder.checkpoint,
            settle=spool.flush,
            on_step=on_step,
            kept=folder.networks,
            observed=True,
        )
    except Exception as error:
        if not isinstance(error, Failure):
            traceback.print_exc()  # for the log; the user gets the record
        emit([encode(as_failure(error, job).record(done))])
    finally:
        spool.flush()
        spool.close()
        control.close()


def as_failure(error: Exception, job: Job) -> Failure:
    """Any error of a run in words for the user."""
    text = str(error)
    batch = job.recipe.get("batch_size", "its default")
    if isinstance(error, Failure):
        return error
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or any(mark in text for mark in _NO_MEMORY):
        where = "The GPU's memory" if isinstance(error, torch.OutOfMemoryError) else _limit_in_words()
        return Failure(
            "out_of_memory",
            f"{where} is not enough for this network with a batch of {batch} images.",
            "Use a smaller batch, or make the largest layers smaller (the analysis shows their memory).",
        )
    if "more than 1 value per channel" in text:
        return Failure(
            "not_trainable",
            f"Batch normalisation cannot work with a batch of {batch}: it needs more than one value of each channel.",
            "Use a batch of at least 2 images.",
        )
    return Failure(
        "crashed",
        f"The training process met an error it does not know: {type(error).__name__}: {text[:300]}",
        "The worker's log has the details. Train again, or change the block or setting that the message names.",
    )


_NO_MEMORY = ("can't allocate memory", "bad_alloc", "Cannot allocate memory", "out of memory")


def _limit_in_words() -> str:
    return f"The {memory_limit() / 2**30:.1f} GB of memory that a run may take"


def warm_up() -> None:
    """Does once all that is slow the first time, so that a waiting process begins a job in milliseconds.

    The first construction of an optimiser alone takes a second: it imports torch._dynamo.
    """
    with contextlib.suppress(Failure):  # no data here: then the first job is slower, no more
        train(
            Job(run="warm-up", attempt=1, network=_TINY, recipe={"dataset": "digits"}), emit=len, control=_AFewSteps()
        )


class _AFewSteps:
    """A user who stops the run after a few steps."""

    def __init__(self) -> None:
        self._left = 4

    def poll(self) -> list[Command]:
        self._left -= 1
        return [] if self._left > 0 else [Command(kind="stop")]

    def wait(self, seconds: float) -> bool:
        return False


_TINY = {
    "format": 1,
    "name": "Warm-up",
    "nodes": [
        {"id": "input", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
        {"id": "conv", "block": "conv2d", "params": {"filters": 4, "kernel_size": 3}},
        {"id": "relu", "block": "relu"},
        {"id": "pool", "block": "max_pool", "params": {"kernel_size": 2, "stride": 2}},
        {"id": "flatten", "block": "flatten"},
        {"id": "dense", "block": "dense", "params": {"units": 10}},
        {"id": "output", "block": "output"},
    ],
    "edges": [
        {"source": source, "target": target}
        for source, target in pairwise(("input", "conv", "relu", "pool", "flatten", "dense", "output"))
    ],
}
