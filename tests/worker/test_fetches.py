"""The agent fetches what a run needs before its job begins: told as it comes, stopped when asked, failed in words."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from playground.datasets import DATASETS, Dataset
from playground.protocol import TELEMETRY as RECORDS
from playground.protocol import Command, Exited, Failed, Fetched, Job, Lease, Obeyed, Order, Upload, decode
from tests.worker.published import serving_files, tiny
from tests.worker.runs import network
from tests.worker.scripted_site import ScriptedSite, scripted_site
from worker.agent import Agent
from worker.executors.local import LocalExecutor
from worker.fetches import downloadable, http_address
from worker.folders import WorkerFolder
from worker.machine import Machine
from worker.stored import stored_path, write_stored

MACHINE = Machine(device="cpu", cuda=False, torch="2.13.0", datasets=["digits"])


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ScriptedSite]:
    monkeypatch.setenv("PLAYGROUND_VAR", str(tmp_path / "var"))
    (tmp_path / "var").mkdir()
    async with scripted_site() as site:
        yield site


@asynccontextmanager
async def serving(site: ScriptedSite, folder: Path, files: str = "") -> AsyncIterator[Agent]:
    """An agent whose jobs really train; with the address of a site's files."""
    executor = LocalExecutor(module="worker.job")
    agent = Agent(site.config(folder), WorkerFolder(folder), MACHINE, executor)
    if files:
        agent.fetches._site = files
    work = asyncio.create_task(agent.run())
    try:
        yield agent
    finally:
        await agent.fetches.close()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        executor.close()
        for job in executor._jobs.values():
            job.kill()
            job.wait()


def small_run(record: Dataset, **job: Any) -> Lease:
    document = network(("flatten", {}), ("dense", {"units": len(record.classes)}), dataset="digits")
    channels, height, width = record.shape
    document["nodes"][0]["params"] = {"channels": channels, "height": height, "width": width}
    recipe = {"dataset": record.name, "epochs": 1, "batch_size": 16}
    return Lease(run="r1", lease=1, job=Job(run="r1", attempt=1, network=document, recipe=recipe, **job))


async def heard_until_end(site: ScriptedSite) -> tuple[list[Fetched], Any]:
    """What was told of the fetching, and the run's last record."""
    fetched: list[Fetched] = []
    while True:
        message, records = await site.hear()
        if isinstance(message, Fetched):
            fetched.append(message)
        if isinstance(message, Upload):
            last = decode(records[-1], RECORDS)[0]
            if last is not None and getattr(last, "kind", "") in ("finished", "failed"):
                return fetched, last


async def test_somebodys_own_data_is_fetched_from_the_site_and_trained_on(site: ScriptedSite, tmp_path: Path) -> None:
    record, content, digest = own_data(tmp_path)
    with serving_files({digest: content}) as server:
        async with serving(site, tmp_path / "worker", server.address) as agent:
            hello = await site.greet()
            assert hello.fetches and "cifar10" in hello.downloads
            lease = small_run(record, dataset=record, file={"digest": digest, "bytes": len(content)})
            await site.tell(lease)
            fetched, last = await heard_until_end(site)
            assert last.kind == "finished" and last.test_accuracy is not None
            assert {message.total for message in fetched} <= {len(content)}  # it may be here before a word is said
            assert agent.fetches.wanted(lease.job) is None  # the next run finds it here
        assert len(server.asked) == 1


async def test_a_download_that_fails_fails_the_run_in_words(
    site: ScriptedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_files({}) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        async with serving(site, tmp_path / "worker"):
            await site.greet()
            await site.tell(small_run(DATASETS["cifar10"]))
            _, last = await heard_until_end(site)
    assert isinstance(last, Failed) and last.code == "data_missing"
    assert last.message == "CIFAR-10 could not be downloaded: 127.0.0.1 answered with status 404."
    assert "PLAYGROUND_DATA" in last.hint


async def test_a_download_is_stopped_and_the_next_one_goes_on(
    site: ScriptedSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, files, _ = tiny("cifar10")
    monkeypatch.setitem(DATASETS, "cifar10", record)
    with serving_files(files) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        server.hold = threading.Event()
        async with serving(site, tmp_path / "worker"):
            await site.greet()
            await site.tell(small_run(record))
            message, _ = await site.hear()
            assert isinstance(message, Fetched) and 0 < message.bytes < message.total
            await site.tell(Order(run="r1", lease=1, number=7, command=Command(kind="stop")))
            ends = [await next_but(site, Fetched), await next_but(site, Fetched)]
            assert ends == [
                Obeyed(run="r1", lease=1, number=7),
                Exited(run="r1", lease=1, reason="It was stopped while its data was fetched."),
            ]
            server.hold.set()
            await site.tell(small_run(record).model_copy(update={"lease": 2}))
            while not stored_path("cifar10").is_file():
                await site.hear()
        assert server.asked[-1][1] != "bytes=0-"


async def next_but(site: ScriptedSite, kind: type) -> Any:
    while True:
        message, _ = await site.hear()
        if not isinstance(message, kind):
            return message


def own_data(tmp_path: Path) -> tuple[Dataset, bytes, str]:
    """A file such as the site makes of an upload."""
    like, _, held = tiny("kmnist")
    name = "own-" + "1" * 32
    record = like.model_copy(update={"name": name, "files": (), "origin": "uploaded", "held_out": "last"})
    write_stored(record, "made", held)
    content = stored_path("made").read_bytes()
    stored_path("made").unlink()
    return record, content, hashlib.sha256(content).hexdigest()


def test_what_can_be_downloaded_is_what_is_not_here() -> None:
    assert "cifar10" in downloadable(["mnist"])
    assert "cifar10" not in downloadable(["cifar10"])
    assert "mnist" not in downloadable([])


def test_the_sites_address_is_that_of_its_socket() -> None:
    assert http_address("ws://127.0.0.1:8000/ws/worker/") == "http://127.0.0.1:8000"
    assert http_address("wss://class.example.org/nets/ws/worker/") == "https://class.example.org/nets"
