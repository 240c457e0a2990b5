"""The answer to a socket at an address where there is none."""

from __future__ import annotations

from channels.generic.websocket import AsyncWebsocketConsumer

NOT_FOUND = 4404


class NoSuchSocket(AsyncWebsocketConsumer):
    """Refuses the handshake."""

    async def connect(self) -> None:
        await self.close(NOT_FOUND)
