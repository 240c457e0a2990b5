"""The page's bundle, answered from memory before Django is asked: a page that opens cold asks for sixty files, and the
way through a thread and the middleware took each of them some milliseconds, one after the other."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.middleware.headers import CONTENT_POLICY, HEADERS

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]

PACKED = {".js", ".css", ".svg", ".json"}
"""Kinds of files that shrink; fonts and pictures are packed already."""
ALWAYS = [
    (b"cache-control", b"max-age=315360000, public, immutable"),
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
    (b"content-security-policy", CONTENT_POLICY.encode()),
]


@dataclass(frozen=True)
class Asset:
    """A file as it is sent, whole and packed; `packed` is empty where that is no smaller."""

    type: str
    whole: bytes
    packed: bytes

    def answer(self, accepts_gzip: bool) -> tuple[list[tuple[bytes, bytes]], bytes]:
        body = self.packed if self.packed and accepts_gzip else self.whole
        headers = [(b"content-type", self.type.encode()), (b"content-length", str(len(body)).encode()), *ALWAYS]
        if self.packed:
            headers.append((b"vary", b"Accept-Encoding"))
        if body is not self.whole:
            headers.append((b"content-encoding", b"gzip"))
        return headers, body


class Bundle:
    """An ASGI application around another. Files with a hash in their name never change, so each is read once; what is
    not there, or has no hash, the other answers."""

    def __init__(self, application: Application, folder: Path, *, prefix: str, immutable: str) -> None:
        self._application, self._folder, self._prefix = application, folder, prefix
        self._immutable = re.compile(immutable)
        self._assets: dict[str, Asset] = {}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if scope["method"] not in {"GET", "HEAD"} or not self._immutable.match(path):
            return await self._application(scope, receive, send)
        asset = self._assets.get(path) or await asyncio.to_thread(self._read, path)
        if asset is None:
            return await self._application(scope, receive, send)
        encodings = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        headers, body = asset.answer(b"gzip" in encodings)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _read(self, path: str) -> Asset | None:
        name = path.removeprefix(self._prefix)
        if not path.startswith(self._prefix) or Path(name).name != name:
            return None
        try:
            whole = (self._folder / name).read_bytes()
        except (OSError, ValueError):  # a NUL in the name
            return None
        kind = Path(name).suffix
        packed = gzip.compress(whole, 9, mtime=0) if kind in PACKED else b""
        type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = f'{type}; charset="utf-8"' if type.startswith("text/") else type
        asset = self._assets[path] = Asset(text, whole, packed if len(packed) < len(whole) else b"")
        return asset
