"""The site's end of a worker's socket: a pipe between the messages and the services.

Whoever has no token gets no connection. Nonsense closes the connection with 4400 and the reason.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import timezone

from playground.protocol import (
    CLOSE_NONSENSE,
    CLOSE_REPLACED,
    CLOSE_TOKEN,
    CLOSE_VERSION,
    FROM_WORKER,
    MAX_FRAME_BYTES,
    VERSION,
    Ack,
    DatasetCard,
    Exited,
    Fetched,
    Forget,
    Hello,
    Kept,
    KeptRun,
    Leaving,
    Looked,
    Message,
    Obeyed,
    Order,
    Piece,
    Remembered,
    Resume,
    Revoked,
    Upload,
    Weights,
    Welcome,
    WireError,
    decode,
    decode_header,
    unpack,
)
from webapp.artifacts import services as artifacts
from webapp.runs import commands, connections, fetches, leases, looks, services
from webapp.runs.models import Worker
from webapp.runs.tokens import worker_of
from webapp.telemetry.hub import hub
from webapp.telemetry.ingest import Gap, LeaseLost, store

log = logging.getLogger("webapp.runs")

POLL_SECONDS = 3.0
"""Between looks at the queue where nothing wakes the connection: another process may have filled it."""
ANSWER_SECONDS = 120.0
"""After which a question about weights is asked again: a worker reads a gigabyte first."""
MOST_REMEMBERED = 1000
"""Networks of one worker that can be asked."""
LONGEST_REASON = 120
"""A close frame holds 123 bytes."""


class WorkerConsumer(AsyncWebsocketConsumer):
    """One connected worker. `held` are the leases that it has, as far as this connection knows."""

    worker: Worker
    hello: Hello

    # Coming and going

    async def connect(self) -> None:
        self.greeted = False
        self.held: dict[str, int] = {}
        self.kept: dict[str, KeptRun] = {}
        self.remembered: frozenset[str] = frozenset()
        self.rested: set[str] = set()
        """Runs that ended here; the worker has their files for a while."""
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._pushing: asyncio.Task[None] | None = None
        self._renewed = 0.0
        self.fetching: str | None = None
        """The run whose weights are on their way."""
        self.asked = 0.0
        self.offer: Weights | None = None
        self.passed_over: set[str] = set()
        """Runs whose weights cannot be had from this worker."""
        worker = await _worker_of(self.scope)
        self.known = worker is not None
        await self.accept()
        if worker is None:  # a refusal before would be status 403, which a server that is merely slow gives too
            await self.close(code=CLOSE_TOKEN, reason="This token is not known.")
            return
        self.worker = worker

    async def disconnect(self, code: int) -> None:
        if self._pushing:
            self._pushing.cancel()
        if self.greeted:
            connections.leave(self.worker.pk, self)
            self.announce(self.remembered)
            log.info("Worker %s is gone.", self.worker.name)

    async def replaced(self) -> None:
        """The same worker has dialled in anew."""
        if self._pushing:
            self._pushing.cancel()
        await self.close(code=CLOSE_REPLACED)

    def wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def tell(self, message: Message) -> None:
        await self.send(text_data=message.model_dump_json())

    async def refuse(self, reason: str, code: int = CLOSE_NONSENSE) -> None:
        log.warning("Worker %s is refused: %s", self.worker.name, reason)
        await self.close(code=code, reason=reason.encode()[:LONGEST_REASON].decode(errors="ignore"))

    # From the worker

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Whatever here needs the database looks after its connection: spare each message the hop to a thread that
        Channels makes for that. It takes as long as everything else in that thread does."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.known:
            return
        try:
            message, payload = _read(text_data, bytes_data)
        except WireError as error:
            await self.refuse(str(error))
            return
        if isinstance(message, Hello):
            await self.welcome(message)
        elif not self.greeted:
            await self.refuse("The first message must be Hello.")
        else:
            await self.renew()
            await self.take(message, payload)

    async def take(self, message: Message | None, payload: memoryview) -> None:
        """One message of a worker that has been greeted; kinds that this side does not know are passed over."""
        match message:
            case Upload():
                await self.upload(message, payload)
            case Exited():
                await self.exited(message)
            case Obeyed():
                await database_sync_to_async(commands.orders_obeyed)(
                    run_id=message.run, lease=message.lease, worker_id=self.worker.pk, number=message.number
                )
            case Kept():
                self.kept = {kept.run: kept for kept in message.runs}
                self.wake()
            case Fetched():
                if self.held.get(message.run) == message.lease:
                    fetches.told(message)
                    self.announce(frozenset({message.run}))
            case DatasetCard():
                await self.card(message, payload)
            case Remembered():
                before, self.remembered = self.remembered, frozenset(message.runs[:MOST_REMEMBERED])
                self.announce(before ^ self.remembered)
                self.wake()
            case Looked():
                await self.looked(message, payload)
            case Weights() | Piece():
                await self.weights(message, payload)
            case Leaving():
                self.hello = self.hello.model_copy(update={"slots": 0})
                connections.leave(self.worker.pk, self)

    async def welcome(self, hello: Hello) -> None:
        if hello.version != VERSION:
            reason = f"The site speaks version {VERSION}, this worker version {hello.version}. Update the older one."
            await self.refuse(reason, CLOSE_VERSION)
            return
        if self.greeted or hello.slots < 1:
            await self.refuse("Hello came twice." if self.greeted else "A worker needs at least one slot.")
            return
        self.hello = hello
        answers = await database_sync_to_async(leases.worker_hello)(worker_id=self.worker.pk, hello=hello)
        await self.tell(
            Welcome(
                worker=self.worker.name,
                heartbeat_seconds=settings.HEARTBEAT_SECONDS,
                lease_seconds=settings.LEASE_SECONDS,
            )
        )
        for answer in answers:
            await self.tell(answer)
            if not isinstance(answer, Revoked):
                self.held[answer.run] = answer.lease
        self.greeted = True
        older = connections.enter(self.worker.pk, self)
        if isinstance(older, WorkerConsumer):
            await older.replaced()
        log.info("Worker %s is connected: %s, %d slot(s).", self.worker.name, hello.device, hello.slots)
        self._pushing = asyncio.create_task(self.push())

    async def upload(self, upload: Upload, payload: memoryview) -> None:
        """Stored, then acknowledged."""
        try:
            records = list(unpack(payload))
            if len(records) != upload.count:
                raise WireError(f"The upload announces {upload.count} records and holds {len(records)}.")
            cursor = await database_sync_to_async(self.store)(upload, records)
        except WireError as error:
            await self.refuse(str(error))
        except Gap as gap:
            await self.tell(Resume(run=upload.run, lease=upload.lease, seq=gap.expected))
        except LeaseLost as error:
            self.held.pop(upload.run, None)
            await self.tell(Revoked(run=upload.run, lease=upload.lease, reason=str(error)))
        else:
            await self.tell(Ack(run=upload.run, lease=upload.lease, seq=cursor))
            if records and decode_header(records[-1])[0]["kind"] == "finished":
                self.passed_over.discard(upload.run)
                self._wake.set()  # its weights are asked for

    async def weights(self, message: Weights | Piece, payload: memoryview) -> None:
        """A part of a run's weights: kept, and the next one asked for."""
        if message.run != self.fetching:
            return
        worker = self.worker.pk
        following = None
        if isinstance(message, Weights):
            self.offer = message
            following = await database_sync_to_async(artifacts.weights_offered)(worker_id=worker, offer=message)
        elif self.offer is not None:
            following = await database_sync_to_async(artifacts.weights_arrived)(
                worker_id=worker, offer=self.offer, piece=message, payload=payload
            )
            if following is None and await asyncio.to_thread(artifacts.is_whole, self.offer):
                await database_sync_to_async(artifacts.weights_keep)(worker_id=worker, offer=self.offer)
        if following is not None:
            self.asked = time.monotonic()
            await self.tell(following)
            return
        self.passed_over.add(message.run)  # it is here now, or cannot be had
        self.fetching = self.offer = None
        self._wake.set()

    async def looked(self, message: Looked, payload: memoryview) -> None:
        """What a network answered goes to whoever watches its run."""
        try:
            records = list(unpack(payload))
        except WireError as error:
            await self.refuse(str(error))
            return
        await database_sync_to_async(looks.looked)(worker_id=self.worker.pk, message=message, records=records)

    def announce(self, runs: frozenset[str]) -> None:
        """Whether these runs' networks can be asked has changed."""
        for run in runs:
            hub.announce(run)

    def store(self, upload: Upload, records: list[memoryview]) -> int:
        if self.held.get(upload.run) != upload.lease:
            raise LeaseLost(f"Lease {upload.lease} of run {upload.run[:40]} is not this worker's.")
        return store(upload.run, upload.lease, upload.first, records)

    async def exited(self, exited: Exited) -> None:
        self.held.pop(exited.run, None)
        await database_sync_to_async(leases.lease_exited)(
            run_id=exited.run, lease=exited.lease, worker_id=self.worker.pk, reason=exited.reason[:500]
        )

    async def card(self, card: DatasetCard, payload: memoryview) -> None:
        if not 0 < card.bytes <= len(payload):
            await self.refuse(f"The card of {card.name[:40]} announces {card.bytes} bytes of picture.")
            return
        await database_sync_to_async(services.dataset_card_store)(card, bytes(payload[: card.bytes]))

    async def renew(self) -> None:
        """Any message renews the leases; once a heartbeat is enough for the database."""
        now = time.monotonic()
        if now - self._renewed >= settings.HEARTBEAT_SECONDS / 2:
            self._renewed = now
            await database_sync_to_async(leases.leases_renew)(worker_id=self.worker.pk)

    # To the worker

    def orders(self, sent: int) -> list[Order] | None:
        """Commands behind the last that was sent; None where the token was replaced or switched off meanwhile."""
        same = Worker.objects.filter(pk=self.worker.pk, token_hash=self.worker.token_hash, disabled=False)
        return commands.orders_waiting(worker_id=self.worker.pk, after=sent) if same.exists() else None

    async def push(self) -> None:
        """Leases and commands as they come, until the connection ends."""
        sent = 0
        while True:
            try:
                sent = await self.push_once(sent)
            except Exception:
                log.exception("Worker %s could not be given what waits for it; trying again.", self.worker.name)
            try:
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            except TimeoutError:
                continue
            finally:
                self._wake.clear()

    async def push_once(self, sent: int) -> int:
        """Everything that waits now; gives the number of the last command that was sent."""
        # first, and in one hop to the thread of the database, what somebody may wait for with the pen in hand
        orders = await database_sync_to_async(self.orders)(sent)
        if orders is None:
            await self.refuse("This token no longer counts.", CLOSE_TOKEN)
            return sent
        for order in orders:
            sent = max(sent, order.number)
            await self.tell(order)
        given = False
        while lease := await database_sync_to_async(leases.lease_next)(worker_id=self.worker.pk, hello=self.hello):
            self.held[lease.run] = lease.lease
            await self.tell(lease)
            given = True
        if not given:  # somebody waits for what was given: the rest has time until the next look
            await self.tidy()
        return sent

    async def tidy(self) -> None:
        """Ask for weights, and compare with the worker what it has: neither is ever urgent."""
        if self.remembered and (self.fetching is None or time.monotonic() - self.asked > ANSWER_SECONDS):
            missing = await database_sync_to_async(artifacts.weights_missing)(
                worker_id=self.worker.pk, remembered=self.remembered, passed_over=self.passed_over
            )
            if missing is not None:
                self.fetching, self.offer, self.asked = missing.run, None, time.monotonic()
                await self.tell(missing)
        revoked, ended = await database_sync_to_async(leases.leases_checked)(
            worker_id=self.worker.pk, held=dict(self.held)
        )
        for run in ended:
            self.held.pop(run, None)
        self.rested |= ended
        idle = {run: kept for run, kept in self.kept.items() if run not in self.held}  # the others go on here
        revoked += await database_sync_to_async(leases.kept_outdated)(kept=idle)
        for message in revoked:
            self.held.pop(message.run, None)
            self.kept.pop(message.run, None)
            await self.tell(message)
        await self.forget_deleted()

    async def forget_deleted(self) -> None:
        """What the worker keeps of runs that were deleted, while it was away too, is of no use to anybody."""
        known = {*self.kept, *self.remembered, *self.rested}
        if gone := await database_sync_to_async(leases.runs_deleted)(runs=known):
            for run in gone:
                self.kept.pop(run, None)
            self.remembered -= {*gone}
            self.rested -= {*gone}
            await self.tell(Forget(runs=gone))


@database_sync_to_async
def _worker_of(scope: dict[str, Any]) -> Worker | None:
    """Whose token the request carries."""
    worker = worker_of(dict(scope["headers"]).get(b"authorization", b"").decode("latin-1"))
    if worker:
        Worker.objects.filter(pk=worker.pk).update(last_seen=timezone.now())
    return worker


def _read(text: str | None, data: bytes | None) -> tuple[Message | None, memoryview]:
    """Raises WireError."""
    nothing = memoryview(b"")
    if data is not None:
        if len(data) > MAX_FRAME_BYTES + 1024:
            raise WireError(f"A message of {len(data)} bytes is over the limit of {MAX_FRAME_BYTES}.")
        return decode(data, FROM_WORKER)
    try:
        content = json.loads(text or "")
        if not isinstance(kind := content["kind"], str):
            raise WireError("A message's kind is a word.")
        model = FROM_WORKER.get(kind)
        return (model.model_validate(content) if model else None), nothing
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WireError("That is no message of the protocol.") from error
