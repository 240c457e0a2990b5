"""The job's way out: an append-only file of numbered records that the agent reads as it grows.

    record = u32 length of the body · u32 CRC-32 of number and body · u64 number, from 1 · body      (little endian)

The writer never waits for anybody. A process killed in the middle of a write leaves a torn tail: the reader stops
before it, the next writer cuts it off.
"""

from __future__ import annotations

import math
import os
import struct
from pathlib import Path
from zlib import crc32

from playground.protocol import MAX_FRAME_BYTES

_HEADER = struct.Struct("<IIQ")
_NUMBER = struct.Struct("<Q")
_MARK_EVERY = 256
MAX_RECORD_BYTES = MAX_FRAME_BYTES - 1024
"""An upload adds its header and must stay within MAX_FRAME_BYTES."""


class SpoolError(OSError):
    """The record could not be written; the spool is as it was before."""


class SpoolWriter:
    """Appends records; one process at a time. Opening an existing spool goes on after its last whole record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.seq: int
        """Number of the last record; 0 in an empty spool."""
        self.seq, self._end = _last_whole(path)
        os.ftruncate(self._file, self._end)

    def append(self, record: bytes) -> int:
        """Write one record and return its number. It has left the process then: no kill loses it.

        Raises ValueError for a record over MAX_RECORD_BYTES, SpoolError when the disk takes no more.
        """
        if len(record) > MAX_RECORD_BYTES:
            raise ValueError(f"A record of {len(record)} bytes is over the limit of {MAX_RECORD_BYTES}.")
        number = self.seq + 1
        data = b"".join((_HEADER.pack(len(record), _check(number, record), number), record))
        try:
            written = os.pwrite(self._file, data, self._end)
            while written < len(data):
                written += os.pwrite(self._file, data[written:], self._end + written)
        except OSError as error:
            os.ftruncate(self._file, self._end)
            message = f"{self._path} takes no more: {error.strerror}. Free space on this disk."
            raise SpoolError(error.errno, message) from error
        self.seq, self._end = number, self._end + len(data)
        return number

    def flush(self) -> None:
        """Wait until the disk has it: milliseconds. For the moment before a checkpoint, not for every step."""
        os.fdatasync(self._file)

    def close(self) -> None:
        os.close(self._file)


class SpoolReader:
    """Reads a spool that may not exist yet, may be growing and may end in a torn record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._marks = [0]
        """Offset of record 1, 257, 513, …: reading can go back without a scan from the start."""
        self._next, self._offset = 1, 0

    def size(self) -> int:
        """Bytes in the file: the cheap way to see that there is something new."""
        try:
            return os.fstat(self._file).st_size if self._file is not None else self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def read_from(self, seq: int, limit_bytes: int) -> list[tuple[int, bytes]]:
        """Whole records from number `seq` on, together at most limit_bytes but at least one where there is one."""
        if self._file is None:
            try:
                self._file = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                return []
        if not self._seek(seq):
            return []
        return self._records(limit_bytes)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _seek(self, seq: int) -> bool:
        """Stand before record seq; False if the spool does not reach that far."""
        if seq < self._next:
            mark = min((seq - 1) // _MARK_EVERY, len(self._marks) - 1)
            self._next, self._offset = 1 + mark * _MARK_EVERY, self._marks[mark]
        while self._next < seq:
            if not self._records(1 << 18, before=seq):
                return False
        return True

    def _records(self, limit_bytes: int, before: float = math.inf) -> list[tuple[int, bytes]]:
        """The next whole records, up to but not with number `before`; the next call goes on behind them."""
        assert self._file is not None
        found: list[tuple[int, bytes]] = []
        taken = 0
        buffer = os.pread(self._file, limit_bytes + _HEADER.size, self._offset)
        at = 0
        while self._next < before and len(buffer) - at >= _HEADER.size:
            length, check, number = _HEADER.unpack_from(buffer, at)
            if number != self._next or length > MAX_RECORD_BYTES or (found and taken + length > limit_bytes):
                break
            body = buffer[at + _HEADER.size : at + _HEADER.size + length]
            if len(body) < length and not found:
                body = os.pread(self._file, length, self._offset + _HEADER.size)
            if len(body) < length or _check(number, body) != check:
                break
            found.append((number, body))
            taken += length
            at += _HEADER.size + length
            self._step(_HEADER.size + length)
        return found

    def _step(self, size: int) -> None:
        self._next += 1
        self._offset += size
        if (self._next - 1) == len(self._marks) * _MARK_EVERY:
            self._marks.append(self._offset)


def _check(number: int, body: bytes) -> int:
    return crc32(body, crc32(_NUMBER.pack(number)))


def _last_whole(path: Path) -> tuple[int, int]:
    """Number of the last whole record and the offset behind it."""
    reader = SpoolReader(path)
    last = end = 0
    while records := reader.read_from(last + 1, 1 << 20):
        last = records[-1][0]
        end += sum(_HEADER.size + len(body) for _, body in records)
    reader.close()
    return last, end
