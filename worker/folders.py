"""Where a worker keeps its runs. Everything that must outlive a process is a file in here; there are no pipes.

<worker folder>/
    agent                   locked by the one agent that may use this folder
    cards/<data set>.record one DatasetCard record each, made once
    machine.json            what the machine offered at the last start
    remembered/<run>.safetensors  networks whose runs have ended (worker/remembered.py)
    looks/                  processes that answer for them (worker/looks.py); emptied when an agent starts
    runs/<run>/
        kept.json           the run has ended and its leases are gone: which attempt the checkpoint is of
        checkpoint/         latest checkpoint, shared by all attempts; the job reads and writes it
        lease-<number>/     one attempt: the folder that `run_job(folder)` is given
            job.json        playground.protocol.Job
            spool.bin       records for the site, numbered from 1 (worker/spool.py)
            control         counter that says that there are new commands (worker/control.py)
            commands.jsonl  the commands
            alive           locked by the job's process as long as it lives; holds its process id
            closed          the agent found the job dead; a process that comes late must not start
            exit            how the process ended, for people
            output.log      what the job printed
            missing.json    why the data could not be fetched; the job then only says so
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from playground.protocol import Job, KeptRun

_RUN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LEASE = re.compile(r"lease-(\d{1,9})")


STATE = "state.safetensors"
"""The checkpoint's file."""
PATIENCE = 3.0
"""Seconds that an agent waits for another one in the same folder to be gone."""


def step_of(checkpoint: Path) -> int | None:
    """Updates done at a checkpoint, from the head of its file; None where there is none that can be read."""
    try:
        with checkpoint.open("rb") as file:
            head = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        return int(json.loads(head["__metadata__"]["json"])["progressed"]["step"])
    except (OSError, KeyError, TypeError, ValueError, MemoryError, OverflowError):
        return None


class LeaseFolder:
    """One attempt at a run on this machine. `LeaseFolder(path)` inside the job is all it needs to find its files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.job_file = path / "job.json"
        self.spool = path / "spool.bin"
        self.alive_file = path / "alive"
        self.closed_file = path / "closed"
        self.exit_file = path / "exit"
        self.output = path / "output.log"
        self.checkpoint = path.parent / "checkpoint"
        """Shared by the attempts; may not exist yet."""
        self.missing_file = path / "missing.json"
        """Where it is, the data could not be fetched: the failure that the run ends with."""
        self.question_file = path / "question"
        """Where it is, nothing is trained: a kept network answers, whose file it names."""
        self.networks = path.parents[2] / "remembered"
        """Of the worker: where networks stay when their runs have ended."""

    def checkpointed(self) -> int:
        """When the newest checkpoint was written whole (nanoseconds), 0 where there is none."""
        try:
            return (self.checkpoint / STATE).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    @property
    def run(self) -> str:
        return self.path.parent.name

    @property
    def lease(self) -> int:
        return int(self.path.name.removeprefix("lease-"))

    def read_job(self) -> Job:
        return Job.model_validate_json(self.job_file.read_bytes())

    def write_job(self, job: Job) -> None:
        """Make the folder; job.json comes last and whole, so that a folder without it never started."""
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / "job.json.new"
        draft.write_text(job.model_dump_json())
        draft.replace(self.job_file)

    # Life of the job: the lock is the truth, the process id is only for signals

    def live(self) -> int:
        """Take the lock for the rest of this process's life; returns its descriptor. Raises BlockingIOError if a job
        lives in this folder, FileExistsError if the agent closed it."""
        descriptor = os.open(self.alive_file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if self.closed_file.exists():
            raise FileExistsError(f"{self.closed_file} says that this attempt is over.")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return descriptor

    def process(self) -> int | None:
        """Process id of the living job, None where there is none."""
        try:
            descriptor = os.open(self.alive_file, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
        except BlockingIOError:
            return int(os.pread(descriptor, 20, 0) or 0) or None
        finally:
            os.close(descriptor)

    def close(self) -> bool:
        """Declare the job dead, for ever. False if it lives."""
        descriptor = os.open(self.alive_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.closed_file.touch()
            return True
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)


class WorkerFolder:
    """All runs of one worker."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cards = path / "cards"
        self.machine_file = path / "machine.json"
        self.runs = path / "runs"
        self.networks = path / "remembered"
        self.looks = path / "looks"
        self.runs.mkdir(parents=True, exist_ok=True)
        self.cards.mkdir(exist_ok=True)

    def lock(self) -> int:
        """Keep other agents out; returns the lock's descriptor. Raises BlockingIOError while another agent lives; one
        that is just ending is waited for."""
        descriptor = os.open(self.path / "agent", os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if time.monotonic() > end:
                    os.close(descriptor)
                    raise
                time.sleep(0.05)

    def lease(self, run: str, number: int) -> LeaseFolder:
        """Raises ValueError for a run id that could leave the folder."""
        if not _RUN.fullmatch(run):
            raise ValueError(f"'{run[:60]}' is not the id of a run.")
        return LeaseFolder(self.runs / run / f"lease-{number}")

    def leases(self, run: str | None = None) -> Iterator[LeaseFolder]:
        """The attempts that were started here, oldest first."""
        runs = [self.runs / run] if run else sorted(self.runs.iterdir())
        for folder in runs:
            numbered = [path for path in folder.glob("lease-*") if _LEASE.fullmatch(path.name)]
            for path in sorted(numbered, key=lambda path: int(path.name.removeprefix("lease-"))):
                if (path / "job.json").exists():
                    yield LeaseFolder(path)

    def prepare(self, run: str, number: int, job: Job, *, go_on: bool = True) -> LeaseFolder:
        """Room for a new attempt; the earlier ones go. The checkpoint stays only if rows will join up with it: the
        attempt just before was made here, and (go_on) the site has all that it wrote."""
        new = self.lease(run, number)
        earlier = [folder for folder in self.leases(run) if folder.lease < number]
        kept = self._kept(run)
        before = earlier[-1].read_job().attempt if earlier else kept.attempt if kept else None
        if not go_on or before != job.attempt - 1:
            shutil.rmtree(new.checkpoint, ignore_errors=True)
        self._kept_file(run).unlink(missing_ok=True)
        for folder in earlier:
            shutil.rmtree(folder.path, ignore_errors=True)
        new.write_job(job)
        return new

    def remove(self, run: str, number: int, *, keep: bool = False) -> KeptRun | None:
        """Remove an attempt; with the last one all that is kept of its run, but for the checkpoint with `keep`."""
        folder = self.lease(run, number)
        kept = self.checkpoint_of(folder) if keep else None
        if kept:
            self._kept_file(run).write_text(kept.model_dump_json())
        shutil.rmtree(folder.path, ignore_errors=True)
        if not kept and not any(self.leases(run)):
            shutil.rmtree(self.runs / run, ignore_errors=True)
        return kept

    # Runs that have ended and may be gone on with

    def checkpoint_of(self, folder: LeaseFolder) -> KeptRun | None:
        """What the checkpoint that an attempt left behind is of; None where there is none."""
        step = step_of(folder.checkpoint / STATE)
        if step is None or not folder.job_file.exists():
            return None
        return KeptRun(run=folder.run, lease=folder.lease, attempt=folder.read_job().attempt, step=step)

    def kept(self) -> list[KeptRun]:
        """Runs of which the checkpoint alone is left."""
        found = [self._kept(path.name) for path in sorted(self.runs.iterdir()) if _RUN.fullmatch(path.name)]
        return [kept for kept in found if kept is not None]

    def checkpoint_size(self, run: str) -> tuple[float, int]:
        """When a run's checkpoint was written (Unix seconds), and its bytes; (0, 0) where there is none."""
        try:
            found = (self.runs / run / "checkpoint" / STATE).stat()
        except FileNotFoundError:
            return 0.0, 0
        return found.st_mtime, found.st_size

    def forget_checkpoint(self, run: str) -> None:
        """A run that has ended cannot be gone on with here any more."""
        shutil.rmtree(self.runs / run / "checkpoint", ignore_errors=True)
        self._kept_file(run).unlink(missing_ok=True)
        if not any(self.leases(run)):
            shutil.rmtree(self.runs / run, ignore_errors=True)

    def forget(self, run: str) -> None:
        """Nothing stays of a run. Raises ValueError for a run id that could leave the folder."""
        shutil.rmtree(self.lease(run, 0).path.parent, ignore_errors=True)

    def _kept_file(self, run: str) -> Path:
        return self.runs / run / "kept.json"

    def _kept(self, run: str) -> KeptRun | None:
        try:
            kept = KeptRun.model_validate_json(self._kept_file(run).read_bytes())
        except (OSError, ValueError):
            return None
        return kept if (self.runs / run / "checkpoint" / STATE).exists() else None
