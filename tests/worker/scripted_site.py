"""A site's end of the worker's socket, moved by hand: what the agent says can be heard, anything can be told to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve

from playground.protocol import (
    FROM_WORKER,
    Hello,
    Job,
    Kept,
    KeptRun,
    Lease,
    Looked,
    Message,
    Upload,
    Welcome,
    decode,
    unpack,
)  # fmt: skip
from worker.config import Config

WAIT = 20.0


class ScriptedSite:
    """Accepts one agent after the other."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self.port = 0
        self.connection: ServerConnection | None = None
        self.kept: tuple[KeptRun, ...] = ()
        """What the agent said last that it keeps."""
        self._heard: asyncio.Queue[tuple[Message, list[bytes]]] = asyncio.Queue()

    async def open(self) -> None:
        self.server = await serve(self._serve, "127.0.0.1", self.port, max_size=1 << 20)
        self.port = self.server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        assert self.server is not None
        self.server.close()
        await self.server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        self.connection = connection
        async for data in connection:
            if isinstance(data, bytes):
                message, payload = decode(data, FROM_WORKER)
                assert message is not None
                records = [bytes(record) for record in unpack(payload)] if isinstance(message, Upload | Looked) else []
                self._heard.put_nowait((message, records))
            else:
                content = json.loads(data)
                message = FROM_WORKER[content["kind"]].model_validate(content)
                if isinstance(message, Kept):
                    self.kept = message.runs
                else:
                    self._heard.put_nowait((message, []))

    async def hear(self) -> tuple[Any, list[bytes]]:
        """The agent's next message, heartbeats left out."""
        while True:
            message, records = await asyncio.wait_for(self._heard.get(), WAIT)
            if getattr(message, "kind", "") != "heartbeat":
                return message, records

    async def tell(self, message: Message) -> None:
        assert self.connection is not None
        await self.connection.send(message.model_dump_json())

    async def greet(self) -> Hello:
        hello, _ = await self.hear()
        assert isinstance(hello, Hello)
        await self.tell(Welcome(worker="one", heartbeat_seconds=0.1, lease_seconds=60))
        return hello

    async def lease(self, number: int = 1, run: str = "r1", **recipe: Any) -> None:
        job = Job(run=run, attempt=number, network={}, recipe={"steps": 5, **recipe})
        await self.tell(Lease(run=run, lease=number, job=job))

    def config(self, folder: Path, token: str = "secret") -> Config:
        return Config(
            socket=f"ws://127.0.0.1:{self.port}/ws/worker/",
            site=f"http://127.0.0.1:{self.port}",
            token=token,
            name="one",
            slots=1,
            folder=folder,
            executor="local",
        )


@asynccontextmanager
async def scripted_site() -> AsyncIterator[ScriptedSite]:
    site = ScriptedSite()
    await site.open()
    yield site
    await site.close()


async def until(happens: Callable[[], object]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(WAIT):
        while not happens():
            await asyncio.sleep(0.01)
