"""Threads that requests are answered in. Django makes one for each, which opens the database anew; these stay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.db import connections

Application = Callable[..., Awaitable[None]]

MOST_IDLE = 8
"""Threads that wait for the next request, each with its connection to the database; those beyond end."""


class KeptThreads:
    """Answers each request in a thread that no other request has meanwhile."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        thread = self._idle.pop() if self._idle else ThreadPoolExecutor(max_workers=1, thread_name_prefix="request")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self._application(scope, receive, send)
        except asyncio.CancelledError:
            _end(thread)  # whoever asked is gone, and the thread may still be at work
            raise
        except BaseException:
            self._keep(thread)
            raise
        self._keep(thread)

    def _keep(self, thread: ThreadPoolExecutor) -> None:
        if len(self._idle) < MOST_IDLE:
            self._idle.append(thread)
        else:
            _end(thread)


def _end(thread: ThreadPoolExecutor) -> None:
    """Once it has done what it has to do."""
    thread.submit(connections.close_all)
    thread.shutdown(wait=False)
