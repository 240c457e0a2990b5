"""Bytes survive the round trip, and bytes that are not ours are refused in words."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import protocol
from playground.protocol import Event, Rows, WireError, decode, decode_header, encode, pack, unpack


@given(payload=st.binary(max_size=200), message=st.text(max_size=40))
def test_a_record_comes_back_as_it_went(payload: bytes, message: str) -> None:
    sent = Event(step=3, name="warning", message=message)
    got, rest = decode(encode(sent, payload), protocol.TELEMETRY)
    assert got == sent
    assert bytes(rest[: len(payload)]) == payload
    assert len(rest) % 4 == 0 and not any(rest[len(payload) :])


def test_numbers_in_a_payload_are_aligned_for_a_typed_array() -> None:
    values = np.arange(6, dtype="<f4")
    record = encode(Rows(stream="steps", columns=2, count=2), values.tobytes())
    _, payload = decode_header(record)
    assert (len(record) - len(payload)) % 4 == 0
    assert np.array_equal(np.frombuffer(payload, "<f4"), values)


@given(st.lists(st.binary(max_size=60)))
def test_a_container_gives_its_records_back_in_order(records: list[bytes]) -> None:
    assert [bytes(record) for record in unpack(pack(records))] == records


def test_a_kind_that_this_side_does_not_know_is_passed_over() -> None:
    header = b'{"kind":"sonnet","lines":14} '
    header += b" " * (-len(header) % 4)
    message, payload = decode(struct.pack("<I", len(header)) + header + b"abcd", protocol.TELEMETRY)
    assert message is None
    assert bytes(payload) == b"abcd"


def test_unknown_fields_are_ignored() -> None:
    message = Event.model_validate({"step": 1, "name": "epoch", "message": "", "colour": "red"})
    assert message == Event(step=1, name="epoch", message="")


@given(st.binary(max_size=80))
def test_random_bytes_are_refused_or_read_but_never_crash(data: bytes) -> None:
    for read in (lambda: decode(data, protocol.TELEMETRY), lambda: list(unpack(data))):
        try:
            read()
        except WireError as error:
            assert str(error)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "too short for its length field"),
        (struct.pack("<I", 9) + b"{}", "claims 9 bytes; 2 are there"),
        (struct.pack("<I", 4) + b"nope", "not JSON"),
        (struct.pack("<I", 4) + b"[1] ", "no kind"),
        (encode(Event(step=1, name="epoch", message=""))[:4] + b'{"kind":"event"}' + b" " * 200, "does not fit"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, words: str) -> None:
    with pytest.raises(WireError, match=words):
        decode(data, protocol.TELEMETRY)


def test_a_container_that_ends_early_is_refused() -> None:
    with pytest.raises(WireError, match="4 are left"):
        list(unpack(struct.pack("<I", 8) + b"four"))
