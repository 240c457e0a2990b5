"""Bytes on every socket and in every spool: a JSON header, then raw numbers.

    record    = u32 header length · header, UTF-8 JSON padded with spaces to 4 bytes · payload padded to 4 bytes
    container = for each record: u32 record length · record

The header names its kind and how to read the payload; numbers are little endian and 4-byte aligned from the
record's start, so a browser views them as Float32Array without copying.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = ["MAX_FRAME_BYTES", "Message", "WireError", "decode", "decode_header", "encode", "pack", "unpack"]

MAX_FRAME_BYTES = 512 * 1024
"""No record, container or upload is larger; servers refuse messages over 1 MiB."""

_LENGTH = struct.Struct("<I")


class WireError(ValueError):
    """The bytes are not a record; the message says where they stop making sense."""


class Message(BaseModel):
    """Base of every message: frozen, and blind to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def encode(message: Message, payload: bytes | memoryview = b"") -> bytes:
    """One record."""
    header = message.model_dump_json().encode()
    header += b" " * (-len(header) % 4)
    return b"".join((_LENGTH.pack(len(header)), header, payload, b"\0" * (-len(payload) % 4)))


def decode_header(record: bytes | memoryview) -> tuple[dict[str, Any], memoryview]:
    """The header as a dictionary with a "kind", and a view of the payload (padding included)."""
    view = memoryview(record)
    if len(view) < 4:
        raise WireError(f"A record of {len(view)} bytes is too short for its length field of 4.")
    (length,) = _LENGTH.unpack_from(view)
    if length > len(view) - 4:
        raise WireError(f"The header claims {length} bytes; {len(view) - 4} are there.")
    try:
        header = json.loads(bytes(view[4 : 4 + length]))
    except (ValueError, RecursionError) as error:
        raise WireError("The header is not JSON.") from error
    if not isinstance(header, dict) or not isinstance(header.get("kind"), str):
        raise WireError("The header has no kind.")
    return header, view[4 + length :]


def decode(record: bytes | memoryview, kinds: dict[str, type[Message]]) -> tuple[Message | None, memoryview]:
    """The message and its payload; None for a kind that this side does not know. Raises WireError."""
    header, payload = decode_header(record)
    model = kinds.get(header["kind"])
    if model is None:
        return None, payload
    try:
        return model.model_validate(header), payload
    except ValueError as error:
        raise WireError(f"The {header['kind'][:40]} record does not fit its declaration: {error}") from error


def pack(records: Iterable[bytes]) -> bytes:
    """A container."""
    return b"".join(part for record in records for part in (_LENGTH.pack(len(record)), record))


def unpack(container: bytes | memoryview) -> Iterator[memoryview]:
    """The records of a container. Raises WireError at the first that does not fit."""
    view, at = memoryview(container), 0
    while at < len(view):
        if len(view) - at < 4:
            raise WireError("The container ends inside a length field.")
        (length,) = _LENGTH.unpack_from(view, at)
        at += 4
        if length > len(view) - at:
            raise WireError(f"A record claims {length} bytes; {len(view) - at} are left.")
        yield view[at : at + length]
        at += length
