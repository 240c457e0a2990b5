"""zipped(entries): a zip file, written as it is sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

Entry = tuple[str, Iterable[bytes]]
"""A name and the parts of its content."""

PACKED = (".safetensors", ".png")
"""Hardly get smaller."""


class _Outbox(io.RawIOBase):
    """What was written since the last look. It cannot be sought in: the sizes follow each file."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._written += view
        return len(view)

    def taken(self) -> bytes:
        written, self._written = bytes(self._written), bytearray()
        return written


def zipped(entries: Iterable[Entry], time: datetime) -> Iterator[bytes]:
    """The bytes of the archive; `time` is that of every file in it, so that the same run gives the same archive."""
    out = _Outbox()
    with zipfile.ZipFile(out, "w") as archive:  # type: ignore[arg-type]
        for name, parts in entries:
            info = zipfile.ZipInfo(name, time.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part)
                    if written := out.taken():
                        yield written
    yield out.taken()
