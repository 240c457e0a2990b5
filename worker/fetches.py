"""The agent's side of fetching: a process for each run whose data is not on this machine, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import ValidationError

from playground.datasets import DATASETS
from playground.protocol import Fetched, Job, Lease, Order
from worker.config import Config
from worker.fetching import Told, Wanted, request_of
from worker.folders import WorkerFolder
from worker.stored import stored_path

MODULE = "worker.fetching"
Key = tuple[str, int]


@dataclass
class Fetch:
    """One lease that waits for its data."""

    lease: Lease
    wanted: Wanted
    task: asyncio.Task[Told] | None = None
    told: Told | None = None
    """The last word, until it is passed on."""
    orders: list[Order] = field(default_factory=list)


@dataclass(frozen=True)
class Done:
    """A lease whose data is here, or cannot be had: then `failure` is its JSON."""

    lease: Lease
    failure: bytes
    orders: list[Order]
    name: str
    """Of the data set that is here now, where everybody knows it."""


class Fetches:
    """All of them. They outlive a connection, not the agent."""

    def __init__(self, config: Config, folder: WorkerFolder) -> None:
        self._site = http_address(config.socket)
        self._token = config.token
        self._cards = str(folder.cards)
        self._fetches: dict[Key, Fetch] = {}

    def has(self, run: str, lease: int) -> bool:
        return (run, lease) in self._fetches

    def wanted(self, job: Job) -> Wanted | None:
        """What must be fetched before a job can begin; None where all is here, or nobody knows where it is."""
        name = str(job.recipe.get("dataset", "mnist"))
        record = job.dataset or DATASETS.get(name)
        if record is None or not (job.file or record.files):
            return None
        wanted = Wanted(record=record, file=job.file, site=self._site, token=self._token, cards=self._cards)
        return None if stored_path(wanted.key).is_file() else wanted

    def begin(self, lease: Lease, wanted: Wanted) -> None:
        for key in [key for key in self._fetches if key[0] == lease.run]:
            self._forget(key)  # of an older lease
        fetch = Fetch(lease, wanted)
        fetch.task = asyncio.create_task(_fetched(fetch))
        self._fetches[lease.run, lease.lease] = fetch

    def keep(self, order: Order) -> None:
        """A command for the job that will begin."""
        self._fetches[order.run, order.lease].orders.append(order)

    def progress(self) -> Iterator[Fetched]:
        """What has not been told yet."""
        for fetch in self._fetches.values():
            told, fetch.told = fetch.told, None
            if told is not None and told.stage in ("fetching", "preparing"):
                yield Fetched(
                    run=fetch.lease.run,
                    lease=fetch.lease.lease,
                    bytes=told.bytes,
                    total=told.total,
                    stage=told.stage,  # type: ignore[arg-type]
                )

    def ended(self) -> list[Done]:
        """Those that are over, each once."""
        over = [(key, fetch) for key, fetch in self._fetches.items() if fetch.task is not None and fetch.task.done()]
        found = []
        for key, fetch in over:
            del self._fetches[key]
            assert fetch.task is not None
            if fetch.task.cancelled():
                continue
            told = fetch.task.result()
            failed = told.stage != "done"
            failure = json.dumps({"message": told.message, "hint": told.hint}).encode() if failed else b""
            name = "" if failed or fetch.wanted.file else fetch.wanted.record.name
            found.append(Done(fetch.lease, failure, fetch.orders, name))
        return found

    async def cancel(self, run: str, lease: int) -> None:
        """End it; what has come stays for the next time."""
        fetch = self._forget((run, lease))
        if fetch is not None and fetch.task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await fetch.task

    async def close(self) -> list[Lease]:
        """End all; gives the leases that waited."""
        leases = [fetch.lease for fetch in self._fetches.values()]
        for lease in leases:
            await self.cancel(lease.run, lease.lease)
        return leases

    def _forget(self, key: Key) -> Fetch | None:
        fetch = self._fetches.pop(key, None)
        if fetch is not None and fetch.task is not None:
            fetch.task.cancel()
        return fetch


def downloadable(here: list[str]) -> list[str]:
    """Data sets that this worker would fetch when a run needs them."""
    return [name for name, record in DATASETS.items() if record.files and name not in here]


def http_address(socket: str) -> str:
    """Of the site, from that of its socket."""
    parts = urlsplit(socket)
    scheme = {"ws": "http", "wss": "https"}[parts.scheme]
    return f"{scheme}://{parts.netloc}{parts.path.removesuffix('/ws/worker/')}"


async def _fetched(fetch: Fetch) -> Told:
    """The process from its start to its last word."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    last = Told(stage="fetching")
    try:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(request_of(fetch.wanted))
        child.stdin.close()
        async for line in child.stdout:
            with contextlib.suppress(ValidationError):
                last = fetch.told = Told.model_validate_json(line)
        await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if last.stage in ("done", "failed"):
        return last
    return Told(
        stage="failed",
        message=f"The process that fetched {fetch.wanted.record.title} ended before it was done.",
        hint="Train again to go on; the worker's log may say more.",
    )
