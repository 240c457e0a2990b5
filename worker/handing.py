"""The agent's side of weights on their way to the site: it asks for a file piece by piece, and says where to go on.

What is sent is a kept network (worker/remembered.py) without the facts that only this worker needs, so that equal
weights are equal files. Neither torch nor the whole file is ever in memory.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from playground.protocol import PIECE_BYTES, Fetch, Piece, Weights, encode
from playground.weights_file import Head, read_head
from worker.remembered import NetworkFolder

BLOCK = 1024 * 1024


@dataclass
class _Open:
    """The file that was asked for last. A kept network is replaced, never changed: what is open stays whole."""

    run: str
    file: BinaryIO
    head: Head
    text: bytes
    """Head of the file that is sent."""
    sha256: str
    step: int

    @property
    def size(self) -> int:
        return len(self.text) + self.head.content

    def part(self, offset: int) -> bytes:
        """From a byte of the sent file on, at most PIECE_BYTES."""
        if offset < len(self.text):
            return self.text[offset : offset + PIECE_BYTES]
        self.file.seek(self.head.size + offset - len(self.text))
        return self.file.read(min(PIECE_BYTES, self.size - offset))


class Handing:
    """Answers Fetch."""

    def __init__(self, networks: NetworkFolder) -> None:
        self._networks = networks
        self._open: _Open | None = None

    def answer(self, wanted: Fetch) -> str | bytes:
        """A message for the socket. Reads a whole file where that is the first question about a run: in a thread."""
        if (
            not wanted.sha256
            or self._open is None
            or (self._open.run, self._open.sha256) != (wanted.run, wanted.sha256)
        ):
            self.close()
            self._open = self._opened(wanted.run)
        found = self._open
        if found is None or wanted.sha256 != found.sha256:
            facts = {"step": found.step, "bytes": found.size, "sha256": found.sha256} if found else {}
            return Weights(run=wanted.run, lease=wanted.lease, **facts).model_dump_json()
        payload = found.part(wanted.offset) if 0 <= wanted.offset < found.size else b""
        piece = Piece(run=wanted.run, lease=wanted.lease, sha256=found.sha256, offset=wanted.offset, bytes=len(payload))
        return encode(piece, payload)

    def close(self) -> None:
        if self._open is not None:
            self._open.file.close()
            self._open = None

    def _opened(self, run: str) -> _Open | None:
        with suppress(OSError, ValueError, KeyError):
            file = self._networks.file(run).open("rb")
            try:
                head = read_head(file)
                text = head.encoded()
                digest = hashlib.sha256(text)
                while block := file.read(BLOCK):
                    digest.update(block)
                step = int(json.loads(head.metadata["json"])["step"])
                return _Open(run, file, head, text, digest.hexdigest(), step)
            except BaseException:
                file.close()
                raise
        return None
