"""The file that images are kept in: plain arrays in the safetensors form, which holds numbers and no code.

A head says where each array lies; then come the bytes. https://github.com/huggingface/safetensors#format
Written here by hand, because images arrive one by one and must not be in memory together.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

MOST_HEAD_BYTES = 1 << 20
SIZES = {"U8": 1, "I64": 8}
"""Bytes of one value, by the names of the form."""


@dataclass(frozen=True)
class Array:
    """Where an array lies: `start` counts from the first byte of the file; the last axis varies fastest."""

    dtype: str
    shape: tuple[int, ...]
    start: int

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * SIZES[self.dtype]


def head(arrays: Mapping[str, tuple[str, tuple[int, ...]]], words: Mapping[str, str]) -> bytes:
    """The head of a file with these arrays, one behind the other in this order, and with these words beside them."""
    entries: dict[str, object] = {"__metadata__": dict(words)}
    at = 0
    for name, (dtype, shape) in arrays.items():
        end = at + math.prod(shape) * SIZES[dtype]
        entries[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def read_head(file: BinaryIO, size: int) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays of a file of `size` bytes, and the words. Raises ValueError where the file is not whole."""
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= min(MOST_HEAD_BYTES, size - 8):
        raise ValueError("The file does not start like one of arrays.")
    try:
        entries = json.loads(file.read(length))
        words = entries.pop("__metadata__", {})
        arrays = {
            name: Array(entry["dtype"], tuple(entry["shape"]), 8 + length + entry["data_offsets"][0])
            for name, entry in entries.items()
        }
        whole = all(each.start + each.bytes <= size and min(each.shape, default=0) >= 0 for each in arrays.values())
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError("The head of the file cannot be read.") from error
    if not whole:
        raise ValueError("The file is shorter than its head says.")
    return arrays, words
