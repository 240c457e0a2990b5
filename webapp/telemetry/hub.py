"""The hub hands stored records to whoever watches a run: one room a run, in this process.

A record is encoded once; every viewer gets the same bytes, in one frame each 100 ms (after a pause the first two at
once: a run's start, and its first step).
The channel layer is not used: it costs ten times as much for each viewer and drops messages silently when full.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from webapp.telemetry.tick import Tick

log = logging.getLogger("webapp.telemetry")

TICK_SECONDS = 0.1

T = TypeVar("T")


class Audience(Protocol):
    """What a room needs of a viewer. Neither method may block; both run on the event loop."""

    def offer(self, tick: Tick) -> None: ...

    def run_changed(self) -> None: ...


class Room:
    """The viewers of one run, and the records that wait for the next tick. Lives on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.viewers: set[Audience] = set()
        self._tick = Tick()
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._looks: dict[str | None, asyncio.Task[Any]] = {}

    def add(self, seq: int, attempt: int, records: Sequence[bytes]) -> None:
        """Take stored records; they leave at the next tick, or at once where the last one is long ago."""
        self._tick.add(seq, attempt, records)
        if self._timer is None:
            self._timer = self.loop.call_later(max(0.0, self._due - self.loop.time()), self.flush)

    def flush(self) -> None:
        """Offer what has gathered to every viewer; one that fails is left to itself."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._tick:
            return
        tick, self._tick = self._tick, Tick()
        self._due = max(self._due + TICK_SECONDS, self.loop.time())
        for viewer in tuple(self.viewers):  # a viewer may leave while it is offered something
            try:
                viewer.offer(tick)
            except Exception:
                log.exception("A viewer failed and is left out.")
                self.viewers.discard(viewer)

    def announce(self) -> None:
        """Tell every viewer that the run's state changed, after the records that led to it."""
        self._looks.clear()
        self.flush()
        for viewer in tuple(self.viewers):
            try:
                viewer.run_changed()
            except Exception:
                log.exception("A viewer failed and is left out.")
                self.viewers.discard(viewer)

    async def look(self, role: str | None, load: Callable[[], Awaitable[T]]) -> T:
        """What `load` gives, loaded once after each change for all viewers of a role."""
        if role not in self._looks:
            self._looks[role] = self.loop.create_task(_awaited(load))
        return await asyncio.shield(self._looks[role])


async def _awaited(load: Callable[[], Awaitable[T]]) -> T:
    return await load()


class Hub:
    """All rooms. publish(), announce() and watched() may be called from any thread; the rest from the event loop."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def join(self, run_id: str, viewer: Audience) -> None:
        room = self._rooms.get(run_id)
        if room is None or room.loop.is_closed():
            room = self._rooms[run_id] = Room(asyncio.get_running_loop())
        room.viewers.add(viewer)

    def leave(self, run_id: str, viewer: Audience) -> None:
        room = self._rooms.get(run_id)
        if room is None:
            return
        room.viewers.discard(viewer)
        if not room.viewers:
            del self._rooms[run_id]

    def publish(self, run_id: str, seq: int, attempt: int, records: Sequence[bytes]) -> None:
        """Hand on records that are stored; seq is the spool number of the last."""
        room = self._rooms.get(run_id)
        if room and not room.loop.is_closed():
            room.loop.call_soon_threadsafe(room.add, seq, attempt, records)

    def announce(self, run_id: str) -> None:
        """The run's row changed; call it after the commit."""
        room = self._rooms.get(run_id)
        if room and not room.loop.is_closed():
            room.loop.call_soon_threadsafe(room.announce)

    async def look(self, run_id: str, role: str | None, load: Callable[[], Awaitable[T]]) -> T:
        """What `load` gives, shared among the viewers of a role until the run changes again."""
        room = self._rooms.get(run_id)
        return await (room.look(role, load) if room else load())

    def watched(self) -> list[str]:
        """The runs that somebody watches; from any thread."""
        return list(self._rooms)


hub = Hub()
