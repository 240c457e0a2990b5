import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from playground.protocol import (
    CLOSE_REPLACED,
    CLOSE_TOKEN,
    CLOSE_VERSION,
    Ack,
    Command,
    Forget,
    HeldRun,
    Hello,
    Job,
    KeptRun,
    Obeyed,
    Order,
    Remembered,
    Resume,
    Revoked,
    Upload,
    decode_header,
)
from tests.worker.scripted_site import ScriptedSite, scripted_site, until
from worker.agent import Agent
from worker.executors.local import LocalExecutor
from worker.folders import LeaseFolder, WorkerFolder
from worker.link import RefusedError
from worker.machine import Machine
from worker.remembered import NetworkFolder
from worker.serve import leave

MACHINE = Machine(device="cpu", cuda=False, torch="2.13.0", datasets=["digits"])


@pytest.fixture
async def site() -> AsyncIterator[ScriptedSite]:
    async with scripted_site() as site:
        yield site


@asynccontextmanager
async def serving(site: ScriptedSite, folder: Path) -> AsyncIterator[Agent]:
    """An agent at work; at the end it and the jobs that are still its own are gone."""
    executor = LocalExecutor(module="tests.worker.counting_job")
    agent = Agent(site.config(folder), WorkerFolder(folder), MACHINE, executor)
    work = asyncio.create_task(agent.run())
    yield agent
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    executor.close()
    for job in executor._jobs.values():
        job.kill()
        job.wait()


class Ledger:
    """What a site would have stored: numbers in order, kinds of records."""

    def __init__(self, site: ScriptedSite) -> None:
        self.site = site
        self.kinds: dict[int, str] = {}

    async def take(self, message: Upload, records: list[bytes]) -> None:
        for number, record in enumerate(records, message.first):
            assert number <= len(self.kinds) + 1
            self.kinds[number] = decode_header(record)[0]["kind"]
        await self.site.tell(Ack(run=message.run, lease=message.lease, seq=len(self.kinds)))

    async def take_until(self, kind: str) -> None:
        while kind not in self.kinds.values():
            message, records = await self.site.hear()
            await self.take(message, records)


async def test_a_lease_is_trained_and_every_record_sent_once_in_order(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        hello = await site.greet()
        assert (hello.name, hello.device, hello.slots, list(hello.held)) == ("one", "cpu", 1, [])
        await site.lease(steps=700)
        ledger = Ledger(site)
        await ledger.take_until("finished")
        assert list(ledger.kinds.values()) == ["event"] * 700 + ["finished"]


async def test_no_more_than_the_window_is_sent_without_an_ack(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=1000)
        sent = 0
        while sent < 256:
            message, records = await site.hear()
            assert message.first == sent + 1
            sent += len(records)
        assert sent == 256
        await until(lambda: not agent.tails["r1", 1].alive)
        await site.tell(Ack(run="r1", lease=1, seq=256))
        assert (await site.hear())[0].first == 257


async def test_the_first_record_is_sent_within_moments(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=10_000, pause=0.2)
        spool = agent.folder.lease("r1", 1).spool
        await until(lambda: spool.exists() and spool.stat().st_size > 0)
        written = time.time() - spool.stat().st_mtime
        began = time.monotonic()
        await site.hear()
        assert written + time.monotonic() - began < 5  # 10 ms on a quiet machine; a lost wake-up would take 10 s


async def test_it_goes_on_from_where_the_site_says(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        await site.greet()
        await site.lease(steps=50)
        await Ledger(site).take_until("finished")
        await site.tell(Resume(run="r1", lease=1, seq=48))
        message, records = await site.hear()
        assert (message.first, len(records)) == (48, 4)


async def test_a_broken_connection_is_made_again_and_the_run_held(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        await site.greet()
        await site.lease(steps=100_000, pause=0.01)
        await site.hear()
        await site.close()
        await site.open()
        hello = await next_hello(site)
        assert list(hello.held) == [HeldRun(run="r1", lease=1, alive=True)]


async def test_a_new_agent_finds_the_living_job_of_a_killed_one(site: ScriptedSite, tmp_path: Path) -> None:
    ledger = Ledger(site)
    async with serving(site, tmp_path) as first:
        await site.greet()
        await site.lease(steps=100_000, pause=0.002)
        await ledger.take(*await site.hear())
        children = dict(first.executor._jobs)  # type: ignore[attr-defined]
        first.executor._jobs.clear()  # type: ignore[attr-defined]  # they are no longer its own
    async with serving(site, tmp_path):
        hello = await next_hello(site)
        assert list(hello.held) == [HeldRun(run="r1", lease=1, alive=True)]
        await site.tell(Resume(run="r1", lease=1, seq=len(ledger.kinds) + 1))
        await ledger.take(*await site.hear())
        await site.tell(Order(run="r1", lease=1, number=1, command=Command(kind="stop")))
        while "finished" not in ledger.kinds.values():
            message, records = await site.hear()
            if not isinstance(message, Obeyed):
                await ledger.take(message, records)
    for child in children.values():
        child.wait()


async def test_a_dead_jobs_records_are_all_sent_before_it_is_reported(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        await site.greet()
        await site.lease(steps=1000, crash=600)
        ledger = Ledger(site)
        while True:
            message, records = await site.hear()
            if message.kind == "exited":
                break
            await ledger.take(message, records)
        assert len(ledger.kinds) == 600
        assert message.reason == "The training process was ended by signal 6 (SIGABRT)."


async def test_a_lease_that_comes_twice_is_started_once(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        await site.greet()
        await site.lease(steps=20)
        await site.lease(steps=20)
        ledger = Ledger(site)
        await ledger.take_until("finished")
        assert list(ledger.kinds.values()) == ["event"] * 20 + ["finished"]


async def test_a_run_that_cannot_begin_is_reported_and_the_agent_lives(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path):
        await site.greet()
        await site.lease(run="../elsewhere")
        message, _ = await site.hear()
        assert message.reason == "The worker could not begin: '../elsewhere' is not the id of a run."
        (tmp_path / "runs" / "r2").write_text("in the way")
        await site.lease(run="r2")
        message, _ = await site.hear()
        assert message.reason.startswith("The worker could not begin:") and "Not a directory" in message.reason
        await site.lease(run="r3")
        assert (await site.hear())[0].run == "r3"


async def test_an_order_is_obeyed_once_and_confirmed(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=100_000, pause=0.01)
        order = Order(run="r1", lease=1, number=5, command=Command(kind="checkpoint"))
        await site.tell(order)
        await site.tell(order)
        confirmed = 0
        while confirmed < 2:
            message, _ = await site.hear()
            confirmed += isinstance(message, Obeyed) and message.number == 5
        lines = (agent.folder.lease("r1", 1).path / "commands.jsonl").read_text().splitlines()
        assert len(lines) == 1


async def test_a_revoked_run_is_killed_and_forgotten(site: ScriptedSite, tmp_path: Path) -> None:
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=100_000, pause=0.01)
        await site.hear()
        folder = agent.folder.lease("r1", 1)
        await site.tell(Revoked(run="r1", lease=1, reason="The run went on elsewhere."))
        await until(lambda: not folder.path.parent.exists())
        assert folder.process() is None


@pytest.mark.parametrize(("acked", "begins"), [(True, 4), (False, 1)])
async def test_an_attempt_goes_on_from_the_checkpoint_only_if_the_site_has_all_before_it(
    site: ScriptedSite, tmp_path: Path, acked: bool, begins: int
) -> None:
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=100_000, pause=0.01)
        folder = agent.folder.lease("r1", 1)
        message, _ = await site.hear()
        folder.checkpoint.mkdir()
        (folder.checkpoint / "state.safetensors").write_text("3")
        await until(folder.process)
        agent.executor.kill(folder)
        await until(lambda: not agent.tails["r1", 1].alive)
        if acked:
            await site.tell(Ack(run="r1", lease=1, seq=message.count))
            while message.kind != "exited":
                message, _ = await site.hear()
                if message.kind == "upload":
                    await site.tell(Ack(run="r1", lease=1, seq=message.first + message.count - 1))
        await site.lease(number=2, steps=10)
        while message.kind != "upload" or message.lease != 2:
            message, records = await site.hear()
        assert decode_header(records[0])[0]["step"] == begins


async def test_a_worker_that_is_told_to_end_keeps_its_work_and_says_so(site: ScriptedSite, tmp_path: Path) -> None:
    ledger = Ledger(site)
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease(steps=100_000, pause=0.01)
        await ledger.take(*await site.hear())
        leaving = asyncio.create_task(leave(agent))
        heard = []
        while "exited" not in heard:
            message, records = await site.hear()
            heard.append(message.kind)
            if message.kind == "upload":
                await ledger.take(message, records)
        assert "leaving" in heard
        await site.lease(number=2)
        await leaving
        assert list(agent.tails) == [("r1", 1)]
        assert message.reason == "The worker was ended."
        assert agent.folder.lease("r1", 1).checkpointed()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (CLOSE_REPLACED, "Another worker has dialled in to .* with this token"),
        (CLOSE_TOKEN, "does not know this token. On the site, `python manage.py worker_token NAME` prints a new one"),
        (CLOSE_VERSION, "different versions. Update the older one."),
    ],
)
async def test_a_worker_that_is_refused_ends_with_a_sentence(
    site: ScriptedSite, tmp_path: Path, code: int, sentence: str
) -> None:
    agent = Agent(site.config(tmp_path), WorkerFolder(tmp_path), MACHINE, LocalExecutor())
    work = asyncio.create_task(agent.run())
    await site.hear()
    assert site.connection is not None
    await site.connection.close(code)
    with pytest.raises(RefusedError, match=sentence):
        await work


async def next_hello(site: ScriptedSite) -> Hello:
    """Of the next connection; what the last one still sent is passed over."""
    while True:
        message, _ = await site.hear()
        if isinstance(message, Hello):
            return message


def write_checkpoint(folder: LeaseFolder, step: int) -> None:
    """A file with the head of a real one, as far as the agent reads it."""
    head = json.dumps({"__metadata__": {"json": json.dumps({"progressed": {"step": step}})}}).encode()
    folder.checkpoint.mkdir(parents=True, exist_ok=True)
    (folder.checkpoint / "state.safetensors").write_bytes(len(head).to_bytes(8, "little") + head)


async def test_a_run_that_ended_can_be_gone_on_with_also_after_a_restart_of_the_worker(
    site: ScriptedSite, tmp_path: Path
) -> None:
    kept = KeptRun(run="r1", lease=1, attempt=1, step=5)
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.lease()
        await Ledger(site).take_until("finished")
        await until(lambda: not agent.tails["r1", 1].alive)
        write_checkpoint(agent.folder.lease("r1", 1), 5)
        agent._ended.clear()
        await until(lambda: site.kept == (kept,))
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await site.tell(Revoked(run="r1", lease=1, reason="The run has ended.", keep=True))
        await until(lambda: not agent.folder.lease("r1", 1).path.exists())
        assert agent.folder.kept() == [kept]
    site.kept = ()
    async with serving(site, tmp_path) as agent:
        await site.greet()
        await until(lambda: site.kept == (kept,))
        checkpoint = agent.folder.lease("r1", 2).checkpointed()
        assert checkpoint
        prepared = agent.folder.prepare("r1", 2, Job(run="r1", attempt=2, network={}, recipe={}))
        assert prepared.checkpointed() == checkpoint, "the next attempt finds it"
        assert agent.folder.kept() == []


async def test_a_deleted_run_leaves_nothing_behind(site: ScriptedSite, tmp_path: Path) -> None:
    networks = NetworkFolder(tmp_path / "remembered")
    networks.add("r1", b"a network")
    networks.add("r2", b"another")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with serving(site, tmp_path) as agent:
        await site.greet()
        assert (await site.hear())[0] == Remembered(runs=("r1", "r2"))
        await site.lease()
        await Ledger(site).take_until("finished")
        await until(lambda: not agent.tails["r1", 1].alive)
        write_checkpoint(agent.folder.lease("r1", 1), 5)
        agent._ended.clear()
        await until(lambda: site.kept != ())
        await site.tell(Forget(runs=("../elsewhere", "never heard of", "r1")))
        await until(lambda: site.kept == ())
        await until(lambda: agent.tails == {} and not agent.folder.lease("r1", 1).path.parent.exists())
        while (told := (await site.hear())[0]).kind != "remembered":
            pass
        assert told == Remembered(runs=("r2",))
        assert networks.runs() == ["r2"] and elsewhere.exists()
    async with serving(site, tmp_path):
        assert (await site.greet()).held == ()


async def test_checkpoints_of_ended_runs_go_when_they_are_old_or_too_many(site: ScriptedSite, tmp_path: Path) -> None:
    folder = WorkerFolder(tmp_path)
    for number, run in enumerate(("old", "older", "new"), 1):
        lease = folder.prepare(run, 1, Job(run=run, attempt=1, network={}, recipe={}))
        write_checkpoint(lease, number)
        folder.remove(run, 1, keep=True)
        age = {"old": 50, "older": 100, "new": 0}[run]
        os.utime(lease.checkpoint / "state.safetensors", (1000 - age, 1000 - age))
    size = folder.checkpoint_size("new")[1]
    config = replace(site.config(tmp_path), keep_seconds=60, keep_bytes=size)
    agent = Agent(config, folder, MACHINE, LocalExecutor(module="tests.worker.counting_job"))
    agent._make_room(now=1000)
    assert [kept.run for kept in folder.kept()] == ["new"]
    assert [path.name for path in folder.runs.iterdir()] == ["new"]


def test_a_broken_checkpoint_is_none(tmp_path: Path) -> None:
    lease = WorkerFolder(tmp_path).prepare("r1", 1, Job(run="r1", attempt=1, network={}, recipe={}))
    lease.checkpoint.mkdir()
    for nonsense in (b"", b"\xff" * 9, b"\x02\0\0\0\0\0\0\0{}"):
        (lease.checkpoint / "state.safetensors").write_bytes(nonsense)
        assert WorkerFolder(tmp_path).checkpoint_of(lease) is None
