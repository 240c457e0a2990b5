"""The format of TensorBoard's event files, written without it.

    file   = records
    record = u64 length · u32 masked CRC-32C of the length · data · u32 masked CRC-32C of the data   (little endian)
    data   = an Event in protobuf: wall_time = 1 (double), step = 2 (varint), file_version = 3, summary = 5
             a Summary holds values = 1; a Value tag = 1, simple_value = 2 (float), tensor = 8, metadata = 9

TensorFlow's tensorflow/core/lib/io/record_writer.h and tensorflow/core/util/event.proto. Rows of a column have equally
long records, so that they are made and summed up as one array of bytes.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed
_MASK = 0xA282EAD8


# Scalars, a column at a time


def scalar_records(
    tag: str, steps: NDArray[np.uint32], times: NDArray[np.float64], values: NDArray[np.float32]
) -> bytes:
    """The records of a column's rows. Rows that are not measured (NaN) are left out."""
    measured = ~np.isnan(values)
    steps, times, values = steps[measured], times[measured], values[measured]
    sizes = np.searchsorted([1 << 7, 1 << 14, 1 << 21, 1 << 28], steps, "right") + 1  # bytes of each step's varint
    parts = []
    for size in np.unique(sizes):
        chosen = sizes == size
        parts.append(_alike(tag, steps[chosen], times[chosen], values[chosen], int(size)))
    return b"".join(parts)


def _alike(
    tag: str, steps: NDArray[np.uint32], times: NDArray[np.float64], values: NDArray[np.float32], size: int
) -> bytes:
    """Records whose steps take equally many bytes."""
    words = tag.encode()
    value = _bytes_field(1, words) + b"\x15"  # simple_value: the float's four bytes follow
    summary = _bytes_field(1, value + bytes(4))[:-4]
    begin = b"\x2a" + _varint(len(summary) + 4) + summary
    count = len(steps)
    data = np.concatenate(
        [
            np.full((count, 1), 0x09, np.uint8),
            times.astype("<f8").view(np.uint8).reshape(count, 8),
            np.full((count, 1), 0x10, np.uint8),
            _varints(steps, size),
            np.broadcast_to(np.frombuffer(begin, np.uint8), (count, len(begin))),
            values.astype("<f4").view(np.uint8).reshape(count, 4),
        ],
        axis=1,
    )
    length = struct.pack("<Q", data.shape[1])
    head = np.frombuffer(length + struct.pack("<I", masked(length)), np.uint8)
    sums = _masked(_crc32c(data)).astype("<u4").view(np.uint8).reshape(count, 4)
    whole = np.concatenate([np.broadcast_to(head, (count, len(head))), data, sums], axis=1)
    return whole.tobytes()


def _varints(numbers: NDArray[np.uint32], size: int) -> Bytes:
    """[n, size]: seven bits a byte, the lowest first; all but the last have the highest bit set."""
    shifts = 7 * np.arange(size, dtype=np.uint64)
    parts = (numbers.astype(np.uint64)[:, None] >> shifts) & 0x7F
    parts[:, :-1] |= 0x80
    return parts.astype(np.uint8)


# Records and events


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return b"".join((length, struct.pack("<I", masked(length)), data, struct.pack("<I", masked(data))))


def event(time: float, *, step: int = 0, version: str = "", summary: bytes = b"") -> bytes:
    parts = [b"\x09", struct.pack("<d", time)]
    if step:
        parts += [b"\x10", _varint(step)]
    if version:
        parts.append(_bytes_field(3, version.encode()))
    if summary:
        parts.append(_bytes_field(5, summary))
    return b"".join(parts)


def text_summary(tag: str, text: str) -> bytes:
    """A Summary for the page of texts: a string tensor of one element, marked for the plugin "text"."""
    shape = _bytes_field(2, b"\x08\x01")  # one side of 1
    tensor = b"\x08\x07" + _bytes_field(2, shape) + _bytes_field(8, text.encode())  # type 7 is string
    metadata = _bytes_field(1, _bytes_field(1, b"text"))
    return _bytes_field(1, _bytes_field(1, tag.encode()) + _bytes_field(8, tensor) + _bytes_field(9, metadata))


def _bytes_field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


# CRC-32C


def _table() -> NDArray[np.uint32]:
    values = []
    for number in range(256):
        for _ in range(8):
            number = number >> 1 ^ (_POLYNOMIAL if number & 1 else 0)
        values.append(number)
    return np.array(values, np.uint32)


_TABLE = _table()


def crc32c(data: bytes) -> int:
    return int(_crc32c(np.frombuffer(data, np.uint8)[None])[0])


def masked(data: bytes) -> int:
    """As records have it, so that a sum of bytes that hold sums says something."""
    return int(_masked(np.array([crc32c(data)], np.uint32))[0])


def _crc32c(rows: Bytes) -> NDArray[np.uint32]:
    """Of each row; all rows take a step together."""
    sums = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in rows.T:
        sums = _TABLE[(sums ^ column) & 0xFF] ^ (sums >> np.uint32(8))
    return sums ^ np.uint32(0xFFFFFFFF)


def _masked(sums: NDArray[np.uint32]) -> NDArray[np.uint32]:
    turned = (sums >> np.uint32(15)) | (sums << np.uint32(17))
    return turned + np.uint32(_MASK)
