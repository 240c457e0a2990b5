"""The viewer's socket, /ws/runs/{id}/: a pipe from the hub to the page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from dataclasses import replace
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from playground.protocol import RunChanged, RunView, Snapshot
from webapp.runs.models import Run
from webapp.runs.views_of import run_view
from webapp.sharing.models import ShareLink
from webapp.sharing.over import runs_over
from webapp.telemetry.hub import hub
from webapp.telemetry.viewer import CreditError
from webapp.telemetry.viewer import Viewer as Window
from webapp.viewers import ANONYMOUS, Viewer, viewer_of

log = logging.getLogger("webapp.runs")

NONSENSE = 4400
NOT_FOUND = 4404
LINK_OVER = 4410
"""It was shared with this viewer, and no longer is."""
MOST_CREDIT_BYTES = 64
CREDITS_PER_SECOND = 50.0
CREDITS_AT_ONCE = 200.0


class RunConsumer(AsyncWebsocketConsumer):
    """Sends a snapshot, then frames and changes of state; takes nothing but credit."""

    run_id = ""
    window: Window | None = None
    pump: asyncio.Task[None] | None = None
    viewer = ANONYMOUS
    role: str | None = None
    """Whoever has the same sees the same: None for all who have nothing but the run's address."""
    allowance = CREDITS_AT_ONCE
    heard = 0.0

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Credit needs no database: spare it the hop to a thread that Channels makes for every message."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        else:
            await super().dispatch(message)

    async def connect(self) -> None:
        self.run_id = self.scope["url_route"]["kwargs"]["run"]
        # Joined before the snapshot is read, so that nothing falls between the two; what comes twice, the page drops.
        self.window = Window(self._send_frame, self._send_run, self._send_away)
        hub.join(self.run_id, self.window)
        self.viewer, found = await first_look(self.run_id, self.scope)
        if found is None:
            hub.leave(self.run_id, self.window)
            code = await gone(self.run_id)
            if code == LINK_OVER:
                await self.accept()  # a page learns the code of a socket that was open, and of no other
            await self.close(code)
            return
        await self.accept()
        view, seq = found
        self.role = role_of(self.viewer, view)
        await self.send(text_data=Snapshot(run=view, seq=seq).model_dump_json())
        self.pump = asyncio.create_task(self._run_pump(self.window))

    async def disconnect(self, code: int) -> None:
        if self.window:
            hub.leave(self.run_id, self.window)
        if self.pump:
            self.pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.pump

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.window is None or not self._allowed():
            await self.close(NONSENSE)
            return
        try:
            self.window.credit(credit_of(text_data))
        except (CreditError, ValueError):
            await self.close(NONSENSE)

    def _allowed(self) -> bool:
        """At most so many messages a second; a burst may be larger."""
        now = asyncio.get_running_loop().time()
        if self.heard:
            self.allowance = min(CREDITS_AT_ONCE, self.allowance + (now - self.heard) * CREDITS_PER_SECOND)
        self.heard = now
        self.allowance -= 1
        return self.allowance >= 0

    async def _run_pump(self, window: Window) -> None:
        try:
            await window.pump()
        except Exception:
            log.exception("A viewer's socket failed and is closed.")
            await self.close(1011)
        finally:
            hub.leave(self.run_id, window)

    async def _send_frame(self, frame: bytes) -> None:
        await self.send(bytes_data=frame)

    async def _send_run(self) -> None:
        news = await hub.look(self.run_id, self.role, self._news)
        if news is None:
            await self.close(await gone(self.run_id))
        else:
            await self.send(text_data=news)

    async def _send_away(self, code: int) -> None:
        await self.close(code)

    async def _news(self) -> str | None:
        found = await looked_at(self.run_id, self.viewer)
        return RunChanged(run=found[0]).model_dump_json() if found else None


def look(run_id: str, viewer: Viewer) -> tuple[RunView, int] | None:
    """The run as this viewer may see it, and the number of its last stored record."""
    run = Run.objects.seen_by(viewer).filter(pk=run_id).first()
    return (run_view(run, viewer), run.cursor) if run else None


def look_first(run_id: str, scope: dict[str, Any]) -> tuple[Viewer, tuple[RunView, int] | None]:
    """Who opened the socket, with those of their links alone that concern the run, and what they see."""
    viewer = viewer_of(scope)
    if viewer.links:
        links = ShareLink.objects.opened_by(viewer).filter(experiment__runs=run_id).values_list("pk", flat=True)
        viewer = replace(viewer, links=frozenset(links))
    return viewer, look(run_id, viewer)


def look_gone(run_id: str) -> int:
    """The code to close with, where a run is not seen."""
    return LINK_OVER if runs_over([run_id]) else NOT_FOUND


def role_of(viewer: Viewer, view: RunView) -> str | None:
    if view.mine:
        return viewer.owner
    if viewer.staff:
        return "staff"
    return f"links {sorted(viewer.links)}" if viewer.links else None


# Not on the one thread where workers' records are stored: many viewers that come at once must not hold those up.
looked_at = database_sync_to_async(look, thread_sensitive=False)
gone = database_sync_to_async(look_gone, thread_sensitive=False)
first_look = database_sync_to_async(look_first, thread_sensitive=False)


def credit_of(text: str | None) -> int:
    """The bytes that a Credit message confirms. Raises ValueError for anything else."""
    if text is None or len(text) > MOST_CREDIT_BYTES:
        raise ValueError("A viewer sends credit as short text.")
    message = json.loads(text)
    if not isinstance(message, dict) or message.get("kind") != "credit" or type(message.get("bytes")) is not int:
        raise ValueError("A viewer sends credit and nothing else.")
    return int(message["bytes"])
