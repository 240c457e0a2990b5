"""Requests are answered in threads that stay, one request at a time in each."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator

from webapp.threads import MOST_IDLE, KeptThreads


class Site:
    """Tells in which threads it answered; `gate` holds its answers back."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        thread = await sync_to_async(threading.get_ident)()
        self.seen.append(thread)
        await self.gate.wait()
        assert await sync_to_async(threading.get_ident)() == thread
        if scope["path"] == "/broken":
            raise ValueError("a wheel came off")
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def asked(application: KeptThreads, path: str = "/") -> None:
    one = ApplicationCommunicator(application, {"type": "http", "path": path})
    await one.receive_output(5)
    await one.wait()


async def test_one_after_the_other_is_answered_in_the_same_thread() -> None:
    site = Site()
    application = KeptThreads(site)
    for path in ("/", "/", "/broken", "/"):
        try:
            await asked(application, path)
        except ValueError:
            assert path == "/broken"
    assert len(site.seen) == 4 and len(set(site.seen)) == 1
    assert site.seen[0] != threading.get_ident()


async def test_a_thread_that_may_still_be_at_work_is_given_to_nobody() -> None:
    site = Site()
    application = KeptThreads(site)
    site.gate.clear()
    task = asyncio.create_task(asked(application))
    while not site.seen:
        await asyncio.sleep(0.01)
    task.cancel()  # as the server does where whoever asked has gone
    with suppress(asyncio.CancelledError):
        await task
    site.gate.set()
    await asked(application)
    assert len(set(site.seen)) == 2


async def test_a_thread_that_ends_closes_what_it_opened_in_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.threads.MOST_IDLE", 0)
    closed = threading.Event()
    thread: list[int] = []

    def close_all() -> None:
        thread.append(threading.get_ident())
        closed.set()

    monkeypatch.setattr("webapp.threads.connections.close_all", close_all)
    site = Site()
    await asked(KeptThreads(site))
    assert await asyncio.to_thread(closed.wait, 10)
    assert thread == site.seen


async def test_many_at_once_have_a_thread_each_of_which_some_stay() -> None:
    site = Site()
    application = KeptThreads(site)
    site.gate.clear()
    many = MOST_IDLE + 4
    asking = [asyncio.create_task(asked(application)) for _ in range(many)]
    while len(site.seen) < many:
        await asyncio.sleep(0.01)
    site.gate.set()
    await asyncio.gather(*asking)
    first = set(site.seen)
    assert len(first) == many
    site.seen.clear()
    site.gate.clear()
    asking = [asyncio.create_task(asked(application)) for _ in range(many)]
    while len(site.seen) < many:
        await asyncio.sleep(0.01)
    site.gate.set()
    await asyncio.gather(*asking)
    assert len(first.intersection(site.seen)) >= MOST_IDLE
