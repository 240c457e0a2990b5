"""One viewer's share of a room: a credit window, so that a slow one gets merged frames and never delays the others."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from webapp.telemetry.tick import Tick

WINDOW_BYTES = 256 * 1024
"""Bytes sent and not yet confirmed. Sockets alone would take megabytes before they resist, and Daphne without end."""
BACKLOG_BYTES = 512 * 1024
"""Rows that may wait for a viewer; one further behind is sent away and starts again from storage."""
PATIENCE_SECONDS = 60.0
"""How long a viewer with a full window may stay silent."""

TOO_SLOW = 4408


class CreditError(ValueError):
    """The viewer confirmed what it was never sent."""


class Viewer:
    """Sends ticks through `send`, one frame after the other, within the credit window; `close` ends a hopeless one."""

    def __init__(
        self,
        send: Callable[[bytes], Awaitable[None]],
        send_run: Callable[[], Awaitable[None]],
        close: Callable[[int], Awaitable[None]],
    ) -> None:
        self._send, self._send_run, self._close = send, send_run, close
        self._ready: deque[bytes] = deque()
        self._backlog = Tick()
        self._sent = self._confirmed = 0
        self._news = False
        self._wake = asyncio.Event()
        self._heard = asyncio.get_running_loop().time()

    @property
    def unconfirmed(self) -> int:
        return self._sent - self._confirmed

    def offer(self, tick: Tick) -> None:
        """Take what came in the last 100 ms. Shares the encoded bytes with the other viewers while it keeps up."""
        waits = bool(self._ready or self._backlog)
        size = sum(map(len, tick.frames))
        if not waits and (self.unconfirmed == 0 or self.unconfirmed + size <= WINDOW_BYTES):
            self._ready.extend(tick.frames)
        else:
            self._backlog.merge(tick)
        self._wake.set()

    def run_changed(self) -> None:
        self._news = True
        self._wake.set()

    def credit(self, confirmed: int) -> None:
        """The viewer has received so many bytes in all. Raises CreditError."""
        if not self._confirmed <= confirmed <= self._sent:
            raise CreditError(f"{confirmed} bytes confirmed; {self._sent} were sent.")
        self._confirmed = confirmed
        self._heard = asyncio.get_running_loop().time()
        self._wake.set()

    async def pump(self) -> None:
        """Send until cancelled, or until the viewer is sent away."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            await self._send_what_fits()
            if self._hopeless():
                await self._close(TOO_SLOW)
                return

    async def _send_what_fits(self) -> None:
        while self._ready or self._backlog:
            if not self._ready:
                if self.unconfirmed > WINDOW_BYTES // 2:
                    break  # the longer it waits, the more pictures are replaced by newer ones
                backlog, self._backlog = self._backlog, Tick()
                self._ready.extend(backlog.frames)
            if self.unconfirmed and self.unconfirmed + len(self._ready[0]) > WINDOW_BYTES:
                break
            await self._send_frame(self._ready.popleft())
        if self._news:
            self._news = False
            await self._send_run()

    async def _send_frame(self, frame: bytes) -> None:
        if self.unconfirmed == 0:
            self._heard = asyncio.get_running_loop().time()  # it had nothing to confirm until now
        self._sent += len(frame)
        await self._send(frame)

    def _hopeless(self) -> bool:
        if self._backlog.row_bytes > BACKLOG_BYTES:
            return True
        silent = asyncio.get_running_loop().time() - self._heard > PATIENCE_SECONDS
        return silent and bool(self._ready or self._backlog)
