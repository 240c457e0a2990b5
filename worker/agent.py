"""The agent: takes leases from the site, hands them to the executor, sends back what the jobs write. It never trains.

Whatever it must know after a kill is in its folder; whatever the site must know, the site asks for with Resume.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from playground.protocol import (
    VERSION,
    Ack,
    Exited,
    Fetch,
    Forget,
    Heartbeat,
    HeldRun,
    Hello,
    Kept,
    KeptRun,
    Lease,
    Leaving,
    Message,
    Obeyed,
    Order,
    Remembered,
    Resume,
    Revoked,
    Welcome,
    WireError,
)
from worker.config import Config
from worker.control import ControlWriter
from worker.executors import Executor
from worker.fetches import Fetches, downloadable
from worker.folders import WorkerFolder
from worker.handing import Handing
from worker.link import LostError, delays, dial, read_message, why_closed
from worker.looks import Looks
from worker.machine import Machine
from worker.remembered import NetworkFolder
from worker.tail import Tail

log = logging.getLogger("worker")

LOOK_LIVE, LOOK_IDLE = 0.01, 0.05
"""Seconds between looks at the spools while a job lives, and while none does."""
STOP_GRACE = 30.0
"""Seconds after which a job that does not obey `stop` is killed."""
KEEP_ENDED = 24 * 3600.0
"""Seconds that an ended run's files are kept, should the site have lost its last commits. Its checkpoint stays longer,
as long as `Config` says: the run may be gone on with."""


class Agent:
    """One worker. `tails` holds every lease whose files are here."""

    def __init__(self, config: Config, folder: WorkerFolder, machine: Machine, executor: Executor) -> None:
        self.config = config
        self.folder = folder
        self.machine = machine
        self.executor = executor
        self.heartbeat_seconds = 10.0
        self.connected = asyncio.Event()
        self.tails: dict[tuple[str, int], Tail] = {}
        self._networks = NetworkFolder(folder.networks)
        self._told_networks = 0
        self.looks = Looks(folder.looks, self._networks, executor)
        self._wanted: asyncio.Queue[Fetch] = asyncio.Queue()
        self._connection: ClientConnection | None = None
        self._leaving = False
        self._begun = asyncio.Event()
        """A job has just been started: its first records are not waited for idly."""
        self._away = {kept.run: kept for kept in folder.kept()}
        """Runs of which the checkpoint alone is left."""
        self._ended: dict[tuple[str, int], KeptRun | None] = {}
        """Checkpoints of the leases that have ended and whose other files are still here."""
        self._told: tuple[KeptRun, ...] = ()
        self._must_stop_by: dict[tuple[str, int], float] = {}
        self.fetches = Fetches(config, folder)
        for lease in folder.leases():
            self.tails[lease.run, lease.lease] = Tail(lease, alive=True)

    async def run(self) -> None:
        """Serve until cancelled; raises RefusedError where the site will not have this worker."""
        pauses = delays()
        told = False
        while True:
            try:
                connection = await dial(self.config)
                pauses, told = delays(), False
                await self._serve(connection)
            except LostError as error:
                if not told:
                    log.warning("No connection to %s: %s. Trying again.", self.config.site, error)
                    told = True
            await asyncio.sleep(next(pauses))

    async def _serve(self, connection: ClientConnection) -> None:
        """One connection, to its end: always by an exception."""
        self._connection, self._told = connection, ()
        self._wanted = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._look()
                await connection.send(self._hello().model_dump_json())
                tasks.create_task(self._receive(connection))
                tasks.create_task(self._beat(connection))
                tasks.create_task(self._send(connection))
                tasks.create_task(self._hand_over(connection))
        except BaseExceptionGroup as group:
            match _first(group):
                case ConnectionClosed() as error:
                    raise why_closed(error, self.config) from None
                case WireError() | OSError() as error:  # such as a full disk: what was under way is asked for again
                    raise LostError(str(error)) from None
            raise
        finally:
            self._connection = None
            self.connected.clear()
            for tail in self.tails.values():
                tail.pause()
            await connection.close()

    async def take_no_more(self) -> None:
        """Tell the site that this worker is about to end."""
        self._leaving = True
        fetching = await self.fetches.close()
        if self._connection is not None:
            with suppress(ConnectionClosed):
                for lease in fetching:
                    exited = Exited(run=lease.run, lease=lease.lease, reason="The worker was ended.")
                    await self._connection.send(exited.model_dump_json())
                await self._connection.send(Leaving().model_dump_json())

    async def renew(self, machine: Machine) -> None:
        """Say Hello again, with what the machine offers now."""
        self.machine = machine
        if self._connection is not None:
            await self._connection.close()

    def _hello(self) -> Hello:
        machine = self.machine
        return Hello(
            version=VERSION,
            name=self.config.name,
            device=machine.device,
            cuda=machine.cuda,
            cores=machine.cores,
            memory_bytes=machine.memory_bytes,
            slots=self.config.slots,
            torch=machine.torch,
            datasets=machine.datasets,
            downloads=tuple(downloadable(machine.datasets)),
            fetches=True,
            held=[HeldRun(run=run, lease=lease, alive=tail.alive) for (run, lease), tail in self.tails.items()],
        )

    # From the site

    async def _receive(self, connection: ClientConnection) -> None:
        while True:
            message = read_message(await connection.recv())
            if isinstance(message, Welcome):
                log.info("Connected to %s as %s.", self.config.site, message.worker)
                self.heartbeat_seconds = message.heartbeat_seconds
                self.connected.set()
                self._told_networks = 0
                await self._tell_networks(connection)
                await self._send_cards(connection)
            elif message is not None:
                await self._obey(connection, message)

    async def _obey(self, connection: ClientConnection, message: Message) -> None:
        match message:
            case Lease():
                await self._take(connection, message)
            case Revoked():
                await self.fetches.cancel(message.run, message.lease)
                await self._drop(message.run, message.lease, message.reason, keep=message.keep)
            case Fetch():
                self._wanted.put_nowait(message)
            case Order() if self.fetches.has(message.run, message.lease):
                await self._order_while_fetching(connection, message)
            case Forget():
                for run in message.runs:
                    try:
                        await self._forget(run)
                    except ValueError as error:
                        log.warning("Not forgotten: %s", error)
            case Resume() | Ack() | Order():
                key = message.run, message.lease
                tail = self.tails.get(key)
                over = tail is None or tail.concluded  # a process that has said its last word takes a moment to end
                if isinstance(message, Order) and over and self.looks.ask(message):
                    done = Obeyed(run=message.run, lease=message.lease, number=message.number)
                    await connection.send(done.model_dump_json())
                elif tail is None:
                    log.warning("The site speaks of run %s, lease %d, which is not here.", *key)
                elif isinstance(message, Resume):
                    tail.begin(message.seq)
                elif isinstance(message, Ack):
                    tail.ack(message.seq)
                else:
                    self._order(tail, message)
                    done = Obeyed(run=message.run, lease=message.lease, number=message.number)
                    await connection.send(done.model_dump_json())

    async def _take(self, connection: ClientConnection, lease: Lease) -> None:
        """Begin, or say why that cannot be."""
        if self._leaving:
            return  # the site gives it again, to whoever comes next
        try:
            await self._begin(lease)
        except (OSError, ValueError) as error:
            log.error("Run %s cannot begin: %s", lease.run, error)
            reason = f"The worker could not begin: {str(error).rstrip('.')}."
            await connection.send(Exited(run=lease.run, lease=lease.lease, reason=reason).model_dump_json())

    async def _begin(self, lease: Lease) -> None:
        """Fetch what is not here, else start. A lease that comes twice is begun once."""
        if self.fetches.has(lease.run, lease.lease):
            return
        if (lease.run, lease.lease) not in self.tails and (wanted := self.fetches.wanted(lease.job)):
            self.fetches.begin(lease, wanted)
            return
        await self._start(lease)

    async def _start(self, lease: Lease, failure: bytes = b"") -> None:
        """Start a job, which only says why where its data could not be fetched."""
        if (lease.run, lease.lease) not in self.tails:
            whole = [await self._end(*key) for key in list(self.tails) if key[0] == lease.run]
            folder = self.folder.prepare(lease.run, lease.lease, lease.job, go_on=all(whole))
            self._away.pop(lease.run, None)
            if failure:
                folder.missing_file.write_bytes(failure)
            self.executor.start(folder)
            self.tails[lease.run, lease.lease] = Tail(folder, alive=True)
            self._begun.set()
            log.info("Training run %s, attempt %d.", lease.run, lease.job.attempt)
        self.tails[lease.run, lease.lease].begin(1)

    async def _order_while_fetching(self, connection: ClientConnection, order: Order) -> None:
        """Stop ends the fetching; other commands wait for the job."""
        if order.command.kind != "stop":
            self.fetches.keep(order)
            return
        await self.fetches.cancel(order.run, order.lease)
        done = Obeyed(run=order.run, lease=order.lease, number=order.number)
        await connection.send(done.model_dump_json())
        stopped = Exited(run=order.run, lease=order.lease, reason="It was stopped while its data was fetched.")
        await connection.send(stopped.model_dump_json())

    async def _take_fetched(self, connection: ClientConnection) -> None:
        """Tell how far the fetching is, and start the runs whose data is here."""
        for message in self.fetches.progress():
            await connection.send(message.model_dump_json())
        for done in self.fetches.ended():
            if done.name and done.name not in self.machine.datasets:
                self.machine = self.machine.model_copy(update={"datasets": [*self.machine.datasets, done.name]})
                self.machine.keep(self.folder)
                await self._send_card(connection, done.name)
            await self._start(done.lease, done.failure)
            for order in done.orders:
                await self._obey(connection, order)

    def _order(self, tail: Tail, order: Order) -> None:
        writer = ControlWriter(tail.folder.path)
        writer.send(order.command, order.number)
        writer.close()
        if order.command.kind == "stop":
            self._must_stop_by[tail.folder.run, tail.folder.lease] = time.monotonic() + STOP_GRACE

    async def _drop(self, run: str, number: int, reason: str, *, keep: bool = False) -> None:
        """The lease is not ours: end the job and keep nothing of it, but for the checkpoint with `keep`."""
        log.info("Run %s, lease %d is over here: %s", run, number, reason)
        await self._end(run, number)
        kept = self.folder.remove(run, number, keep=keep)
        if kept:
            self._away[run] = kept
        else:
            self._away.pop(run, None)

    async def _forget(self, run: str) -> None:
        """The run was deleted: nothing of it stays here."""
        log.info("Run %s was deleted: nothing of it is kept.", run)
        for key in [key for key in self.tails if key[0] == run]:
            await self._end(*key)
        self.looks.forget(run)
        self._away.pop(run, None)
        self._networks.remove(run)
        self.folder.forget(run)

    async def _end(self, run: str, number: int) -> bool:
        """End a job, if it lives. True if the site has all that it wrote."""
        tail = self.tails.pop((run, number), None)
        self._ended.pop((run, number), None)
        if tail is None:
            return False
        while self.executor.ended(tail.folder) is None:
            self.executor.kill(tail.folder)
            await asyncio.sleep(0.01)
        tail.alive = False
        delivered = tail.delivered
        tail.close()
        return delivered

    # To the site

    async def _beat(self, connection: ClientConnection) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            await connection.send(Heartbeat().model_dump_json())

    async def _hand_over(self, connection: ClientConnection) -> None:
        """Weights that the site asks for. Reading them is slow for large networks, and nothing waits for it."""
        handing = Handing(self._networks)
        try:
            while True:
                wanted = await self._wanted.get()
                await connection.send(await asyncio.to_thread(handing.answer, wanted))
        finally:
            handing.close()

    async def _send_cards(self, connection: ClientConnection) -> None:
        for name in self.machine.datasets:
            await self._send_card(connection, name)

    async def _send_card(self, connection: ClientConnection, name: str) -> None:
        path = self.folder.cards / f"{name}.record"
        if path.exists():
            await connection.send(path.read_bytes())

    async def _tell_networks(self, connection: ClientConnection) -> None:
        """Which networks can be asked, where that has changed."""
        stamp = self._networks.stamp()
        if stamp != self._told_networks:
            self._told_networks = stamp
            await connection.send(Remembered(runs=self._networks.runs()).model_dump_json())

    async def _send(self, connection: ClientConnection) -> None:
        looked = 0.0
        while True:
            now = time.monotonic()
            if now - looked >= LOOK_IDLE:
                looked = now
                self._look()
                await self._tell_kept(connection)
                self.looks.tidy()
                if self.connected.is_set():
                    await self._tell_networks(connection)
                    await self._take_fetched(connection)
            for tail in list(self.tails.values()):
                if upload := tail.upload(now):
                    await connection.send(upload)
                if not tail.alive and tail.delivered and not tail.concluded and not tail.reported:
                    tail.reported = True
                    exited = Exited(run=tail.folder.run, lease=tail.folder.lease, reason=tail.reason)
                    await connection.send(exited.model_dump_json())
            for answer in self.looks.uploads():
                await connection.send(answer)
            live = len(self.looks) > 0 or any(tail.alive for tail in self.tails.values())
            self._begun.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._begun.wait(), LOOK_LIVE if live else LOOK_IDLE)

    async def _tell_kept(self, connection: ClientConnection) -> None:
        """Which runs could be gone on with, where that has changed."""
        for key, tail in self.tails.items():
            if key not in self._ended and (tail.over or (not tail.alive and tail.delivered)):
                self._ended[key] = self.folder.checkpoint_of(tail.folder)
        kept = (*self._away.values(), *(kept for kept in self._ended.values() if kept))
        if self.connected.is_set() and kept != self._told:
            self._told = kept
            await connection.send(Kept(runs=kept).model_dump_json())

    def _look(self) -> None:
        """See which jobs have ended, and end those that do not obey."""
        now = time.monotonic()
        for key, tail in self.tails.items():
            if not tail.alive:
                continue
            if now > self._must_stop_by.get(key, now):
                self.executor.kill(tail.folder)
            reason = self.executor.ended(tail.folder)
            if reason is not None:
                tail.alive, tail.reason = False, tail.reason or reason
                self._must_stop_by.pop(key, None)
                log.info("Run %s: %s", key[0], reason)

    async def tidy(self) -> None:
        """Remove what ended long ago and the site no longer asks for."""
        while True:
            for (run, number), tail in list(self.tails.items()):
                old = time.time() - tail.folder.path.stat().st_mtime > KEEP_ENDED
                if old and not tail.alive and tail.delivered:
                    await self._drop(run, number, "it ended long ago.", keep=tail.concluded)
            self._make_room(time.time())
            await asyncio.sleep(600)

    def _make_room(self, now: float) -> None:
        """Forget checkpoints of ended runs that are too old, then the oldest until the rest fits."""
        ended = {*self._away, *(run for (run, _), kept in self._ended.items() if kept)}
        found = sorted((self.folder.checkpoint_size(run), run) for run in ended)
        total = sum(size for (_, size), _ in found)
        for (written, size), run in found:
            if total <= self.config.keep_bytes and now - written <= self.config.keep_seconds:
                break
            log.info("Run %s: its checkpoint is no longer kept.", run)
            total -= size
            self.folder.forget_checkpoint(run)
            self._away.pop(run, None)
            self._ended.update({key: None for key in self._ended if key[0] == run})


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
