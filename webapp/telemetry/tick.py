"""What gathers between two frames: rows and moments all of them, pictures only the newest of each kind and layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from playground.protocol import Frame, WireError, decode_header, encode, pack

LATEST_WINS = {
    "maps", "gradients", "weights", "effective_field", "units", "histogram", "prediction", "mistakes", "progress",
}  # fmt: skip
MOST_FRAME_BYTES = 128 * 1024
"""Frames are cut here, so that half a credit window holds one; a single larger record goes alone."""


MOST_PICTURE_BYTES = 512 * 1024
"""Pictures that wait for a slow viewer; beyond it the oldest go, for newer ones follow."""


def _key_of(header: dict[str, Any]) -> str:
    """What the newest record of a kind replaces the one before of: a layer, or the split of mistakes."""
    return f"{header.get('layer', header.get('split', ''))} {header.get('of', '')}"


class Tick:
    """Records in order; of some kinds only the newest for each layer or split matters."""

    def __init__(self) -> None:
        self.seq = 0
        self.attempt = 0
        self.rows: list[bytes] = []
        self.row_bytes = 0
        self.pictures: dict[tuple[str, str], bytes] = {}
        self.picture_bytes = 0

    def __bool__(self) -> bool:
        return bool(self.rows or self.pictures)

    def add(self, seq: int, attempt: int, records: Sequence[bytes]) -> None:
        self.seq, self.attempt = seq, attempt
        for record in records:
            try:
                header, _ = decode_header(record)
            except WireError:
                continue  # storage has logged it
            if header["kind"] in LATEST_WINS:
                self._picture((header["kind"], _key_of(header)), record)
            else:
                self.rows.append(record)
                self.row_bytes += len(record)

    def merge(self, later: Tick) -> None:
        """Take over what came later: rows are all kept, pictures replaced and bounded."""
        self.seq, self.attempt = later.seq, later.attempt
        self.rows += later.rows
        self.row_bytes += later.row_bytes
        for key, record in later.pictures.items():
            self._picture(key, record)
        while self.picture_bytes > MOST_PICTURE_BYTES and len(self.pictures) > 1:
            self.picture_bytes -= len(self.pictures.pop(next(iter(self.pictures))))

    @cached_property
    def frames(self) -> tuple[bytes, ...]:
        """The tick encoded, once for all viewers; do not add to it afterwards."""
        return tuple(encode(Frame(seq=self.seq, attempt=self.attempt), pack(part)) for part in self._parts())

    def _picture(self, key: tuple[str, str], record: bytes) -> None:
        self.picture_bytes += len(record) - len(self.pictures.pop(key, b""))
        self.pictures[key] = record  # the newest stands last

    def _parts(self) -> Iterator[list[bytes]]:
        part: list[bytes] = []
        size = 0
        for record in (*self.rows, *self.pictures.values()):
            if part and size + len(record) > MOST_FRAME_BYTES:
                yield part
                part, size = [], 0
            part.append(record)
            size += len(record) + 4
        if part:
            yield part
