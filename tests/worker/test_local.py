import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.protocol import Command, Job, decode_header
from worker.control import ControlWriter
from worker.executors.local import LocalExecutor
from worker.folders import LeaseFolder, WorkerFolder
from worker.spool import SpoolReader

MODULE = "tests.worker.counting_job"
WAIT = 30.0


def until(happens: Callable[[], object]) -> object:
    end = time.monotonic() + WAIT
    while not (value := happens()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)
    return value


def lease(folder: Path, number: int = 1, **recipe: object) -> LeaseFolder:
    job = Job(run="r1", attempt=number, network={}, recipe={"steps": 5, **recipe})
    return WorkerFolder(folder).prepare("r1", number, job)


def kinds(folder: LeaseFolder) -> list[str]:
    return [decode_header(record)[0]["kind"] for _, record in SpoolReader(folder.spool).read_from(1, 1 << 30)]


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    executor = LocalExecutor(module=MODULE)
    yield executor
    executor.close()
    for job in executor._jobs.values():
        job.kill()
        job.wait()


def test_a_job_runs_to_its_last_record(tmp_path: Path, executor: LocalExecutor) -> None:
    folder = lease(tmp_path)
    executor.start(folder)
    assert until(lambda: executor.ended(folder)) == "The training process ended."
    assert kinds(folder) == ["event"] * 5 + ["finished"]


def test_the_words_say_how_it_ended(tmp_path: Path, executor: LocalExecutor) -> None:
    crashed, killed = lease(tmp_path / "a", crash=2), lease(tmp_path / "b", steps=1000, pause=0.1)
    executor.start(crashed)
    assert until(lambda: executor.ended(crashed)) == "The training process was ended by signal 6 (SIGABRT)."
    executor.start(killed)
    until(killed.process)
    executor.kill(killed)
    assert "was killed, by somebody or because memory ran out" in str(until(lambda: executor.ended(killed)))


async def test_a_spare_waits_ready_and_is_replaced_after_use(tmp_path: Path, executor: LocalExecutor) -> None:
    keeping = asyncio.create_task(executor.run())
    await _until(lambda: len(executor._spares) == 1)
    first = executor._spares[0].pid
    folder = lease(tmp_path, steps=1000, pause=0.1)
    executor.start(folder)
    await _until(lambda: folder.process() == first)
    await _until(lambda: len(executor._spares) == 1)
    assert executor._spares[0].pid != first
    executor.kill(folder)
    keeping.cancel()


def test_a_new_executor_adopts_the_jobs_of_a_killed_one(tmp_path: Path, executor: LocalExecutor) -> None:
    folder = lease(tmp_path, steps=1000, pause=0.05)
    executor.start(folder)
    until(folder.process)
    successor = LocalExecutor(module=MODULE)
    assert successor.ended(folder) is None
    ControlWriter(folder.path).send(Command(kind="stop"))
    assert until(lambda: successor.ended(folder)) == "The training process ended while its worker was away."
    assert kinds(folder)[-1] == "finished"


def test_a_job_that_was_declared_dead_does_not_start_late(tmp_path: Path, executor: LocalExecutor) -> None:
    folder = lease(tmp_path)
    assert folder.close()
    executor.start(folder)
    until(lambda: executor.ended(folder))
    assert kinds(folder) == []


STARTS_A_SPARE = """
import os, sys, time
from worker.executors.local import LocalExecutor
executor = LocalExecutor(module="tests.worker.counting_job")
spare = executor._spawn()
print(spare.pid, flush=True)
time.sleep(60)
"""


def test_an_idle_spare_ends_with_its_agent(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS_A_SPARE], stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        spare = int(agent.stdout.readline())
        agent.send_signal(signal.SIGKILL)
    until(lambda: not _exists(spare))


def test_jobs_train_below_the_agent_in_a_session_of_their_own(tmp_path: Path, executor: LocalExecutor) -> None:
    folder = lease(tmp_path, steps=1000, pause=0.1)
    executor.start(folder)
    process = until(folder.process)
    assert isinstance(process, int)
    assert os.getpriority(os.PRIO_PROCESS, process) > os.getpriority(os.PRIO_PROCESS, os.getpid())
    assert os.getsid(process) == process
    executor.kill(folder)


def test_what_a_job_has_started_is_killed_with_it(tmp_path: Path, executor: LocalExecutor) -> None:
    folder = lease(tmp_path, steps=1000, pause=0.1, helper=True)
    executor.start(folder)
    helper = int(str(until(lambda: (folder.path / "helper").exists() and (folder.path / "helper").read_text())))
    executor.kill(folder)
    until(lambda: executor.ended(folder))
    until(lambda: not _exists(helper))


async def test_a_closed_executor_keeps_no_spares(executor: LocalExecutor) -> None:
    keeping = asyncio.create_task(executor.run())
    await _until(lambda: len(executor._spares) == 1)
    executor.close()
    await asyncio.wait_for(keeping, WAIT)
    assert executor._spares == []


async def _until(happens: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT
    while not happens():
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(0.01)


def _exists(process: int) -> bool:
    """Whether it runs; one that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
