"""Event files against the published format: RFC 3720's sums, a reader written from the description alone, and
TensorBoard's own reader where it is installed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from webapp.exchange.event_format import crc32c, event, masked, record, scalar_records, text_summary


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (bytes(32), 0x8A9136AA),  # RFC 3720, B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_sums_are_those_of_the_standard(data: bytes, value: int) -> None:
    assert crc32c(data) == value


def slow_crc32c(data: bytes) -> int:
    """Bit by bit."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def slow_mask(data: bytes) -> int:
    value = slow_crc32c(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(content: bytes) -> Iterator[bytes]:
    """The data of each record, its sums checked."""
    at = 0
    while at < len(content):
        length = content[at : at + 8]
        assert struct.unpack("<I", content[at + 8 : at + 12])[0] == slow_mask(length)
        size = struct.unpack("<Q", length)[0]
        data = content[at + 12 : at + 12 + size]
        assert struct.unpack("<I", content[at + 12 + size : at + 16 + size])[0] == slow_mask(data)
        yield data
        at += 16 + size


def fields(data: bytes) -> dict[int, Any]:
    """A protobuf message's fields by their numbers; the last of a number counts."""
    found: dict[int, Any] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        number, kind = divmod(varint(), 8)
        if kind == 0:
            found[number] = varint()
        elif kind == 1:
            found[number], at = struct.unpack("<d", data[at : at + 8])[0], at + 8
        elif kind == 5:
            found[number], at = struct.unpack("<f", data[at : at + 4])[0], at + 4
        else:
            size = varint()
            found[number], at = data[at : at + size], at + size
    return found


STEPS = np.array([0, 1, 127, 128, 300, 16_383, 16_384, 2_097_152, 2**28, 2**32 - 1], np.uint32)
TIMES = 1_700_000_000 + np.arange(len(STEPS)) / 7
VALUES = np.array([1.5, np.nan, -2e-30, np.inf, 0.1, 3, 4, 5, 6, 7], np.float32)


def test_scalars_are_read_back_as_they_were() -> None:
    found = []
    for data in records(scalar_records("gradient_rms/größe", STEPS, TIMES, VALUES)):
        whole = fields(data)
        value = fields(fields(whole[5])[1])
        found.append((whole.get(2, 0), whole[1], value[1].decode(), np.float32(value[2])))
    measured = ~np.isnan(VALUES)
    assert [step for step, *_ in found] == STEPS[measured].tolist()
    assert [time for _, time, *_ in found] == TIMES[measured].tolist()
    assert {tag for *_, tag, _ in found} == {"gradient_rms/größe"}
    assert np.array_equal([value for *_, value in found], VALUES[measured])


def test_a_file_begins_with_its_version() -> None:
    (data,) = records(record(event(12.5, version="brain.Event:2")))
    assert fields(data) == {1: 12.5, 3: b"brain.Event:2"}
    assert masked(b"") == slow_mask(b"")


def test_nothing_measured_is_nothing_written() -> None:
    assert scalar_records("a", STEPS[:2], TIMES[:2], np.full(2, np.nan, np.float32)) == b""


def test_tensorboard_reads_them(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    parts = [record(event(1.0, version="brain.Event:2")), record(event(1.0, summary=text_summary("recipe", "hello")))]
    parts.append(scalar_records("loss", STEPS[:9], TIMES[:9], VALUES[:9]))
    (tmp_path / "events.out.tfevents.1.here").write_bytes(b"".join(parts))
    found = accumulator.EventAccumulator(str(tmp_path), size_guidance={"scalars": 0, "tensors": 0})
    found.Reload()
    scalars = found.Scalars("loss")
    measured = ~np.isnan(VALUES[:9])
    assert [each.step for each in scalars] == STEPS[:9][measured].tolist()
    assert np.array_equal(np.array([each.value for each in scalars], np.float32), VALUES[:9][measured])
    (text,) = found.Tensors("recipe")
    assert text.tensor_proto.string_val[0] == b"hello"
