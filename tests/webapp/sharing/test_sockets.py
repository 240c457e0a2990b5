"""Whoever watches by a link is sent away when it is revoked; others watch on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.webapp.conftest import guest, started
from tests.webapp.sharing.conftest import came_by, published, shared, visibility
from webapp.routing import sockets
from webapp.runs.consumers import LINK_OVER
from webapp.sharing.models import ShareLink
from webapp.sharing.services import links_expire
from webapp.telemetry.hub import hub

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 10.0


async def socket_of(client: Client, run: str) -> WebsocketCommunicator:
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = [(b"cookie", cookie.encode()), (b"host", b"localhost"), (b"origin", b"http://localhost")]
    socket = WebsocketCommunicator(sockets, f"/ws/runs/{run}/", headers=headers)
    opened, _ = await socket.connect(timeout=10)
    assert opened
    return socket


async def closes(socket: WebsocketCommunicator, within: float) -> int | None:
    """The code, where it is closed in time; what is said before does not count."""
    try:
        async with asyncio.timeout(within):
            while True:
                said = await socket.receive_output(within)
                if said["type"] == "websocket.close":
                    return int(said["code"])
    except TimeoutError:
        return None


def test_revoking_closes_the_sockets_of_those_who_came_by_the_link() -> None:
    owner = guest()
    run = started(owner)
    one, other = shared(owner, run["experiment"]), shared(owner, run["experiment"])
    by_one, by_other, by_address = came_by(one["token"]), came_by(other["token"]), guest()

    async def story() -> None:
        watching = {
            name: await socket_of(client, run["id"])
            for name, client in {"one": by_one, "other": by_other, "address": by_address, "owner": owner}.items()
        }
        for socket in watching.values():
            assert (await socket.receive_json_from(10))["kind"] == "snapshot"
        revoked = await sync_to_async(owner.delete)(f"/api/links/{one['id']}")
        assert revoked.status_code == 204
        assert await closes(watching["one"], PATIENCE) == LINK_OVER
        assert await closes(watching["address"], PATIENCE) == LINK_OVER
        assert await closes(watching["other"], 0.2) is None
        assert await closes(watching["owner"], 0.2) is None
        late = await socket_of(by_one, run["id"])
        assert await closes(late, PATIENCE) == LINK_OVER
        for name in ("other", "owner"):
            await watching[name].disconnect()

    async_to_sync(story)()


def test_leaving_the_gallery_closes_sockets() -> None:
    owner = guest()
    run = started(owner)
    published(owner, run["experiment"])

    async def story() -> None:
        socket = await socket_of(guest(), run["id"])
        await socket.receive_json_from(10)
        await sync_to_async(visibility)(owner, run["experiment"], "private")
        assert await closes(socket, PATIENCE) == LINK_OVER

    async_to_sync(story)()


def test_a_link_that_expires_closes_them_too() -> None:
    owner = guest()
    run = started(owner)
    holder = came_by(shared(owner, run["experiment"], days=1)["token"])

    def expire() -> None:
        now = timezone.now()
        ShareLink.objects.update(expires=now - timedelta(seconds=1))
        links_expire(since=now - timedelta(seconds=10), until=now)

    async def story() -> None:
        socket = await socket_of(holder, run["id"])
        await socket.receive_json_from(10)
        await sync_to_async(expire)()
        assert await closes(socket, PATIENCE) == LINK_OVER

    async_to_sync(story)()


def test_a_shared_run_is_live_for_whoever_opens_it() -> None:
    owner = guest()
    run = started(owner)
    holder = came_by(shared(owner, run["experiment"], run=run["id"])["token"])

    async def story() -> Any:
        socket = await socket_of(holder, run["id"])
        first = await socket.receive_json_from(10)
        assert first["run"]["mine"] is False
        await sync_to_async(owner.patch)(f"/api/runs/{run['id']}", {"name": "Renamed"}, content_type="application/json")
        hub.announce(run["id"])
        news = await socket.receive_json_from(10)
        await socket.disconnect()
        return news

    assert async_to_sync(story)()["run"]["name"] == "Renamed"
    assert not transaction.get_connection().in_atomic_block
