"""The head of a safetensors file: which tensors it holds and where. Read and written without torch or numpy.

    file = u64 length of the head, little endian · head: JSON padded with spaces to 8 bytes · the tensors' bytes

https://huggingface.co/docs/safetensors. Nothing in such a file is ever run.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, BinaryIO

_LENGTH = struct.Struct("<Q")
MOST_HEAD_BYTES = 16 * 1024 * 1024
"""Of JSON; a network of 1,024 blocks needs a fiftieth."""
ITEM_BYTES = {"F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2,
              "I8": 1, "U8": 1, "BOOL": 1}  # fmt: skip


@dataclass(frozen=True)
class Tensor:
    """Where one tensor lies: bytes `begin` to `end`, counted from the end of the head."""

    kind: str
    """"F32", "I64", …"""
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Head:
    """Which tensors a file holds."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]
    size: int = 0
    """Bytes before the first tensor, in the file that was read."""

    @property
    def content(self) -> int:
        """Bytes of all tensors."""
        return max((tensor.end for tensor in self.tensors.values()), default=0)

    def renamed(self, names: Mapping[str, str]) -> Head:
        """The tensors of the modules in `names` under their other names: "c1.weight" with {"c1": "features.0"} becomes
        "features.0.weight". Tensors of other modules are left out of the head; their bytes stay where they are.

        Raises ValueError where two tensors would have one name.
        """
        found = {}
        for name, tensor in self.tensors.items():
            module, _, rest = name.rpartition(".")
            if module in names:
                found[f"{names[module]}.{rest}"] = tensor
        kept = sum(name.rpartition(".")[0] in names for name in self.tensors)
        if len(found) != kept:
            raise ValueError("Two tensors would have one name.")
        return replace(self, tensors=found)

    def encoded(self, metadata: Mapping[str, str] | None = None) -> bytes:
        """The head as a file begins with it. The same tensors give the same bytes."""
        tensors = sorted(self.tensors.items(), key=lambda item: (item[1].begin, item[0]))
        words: dict[str, Any] = {"__metadata__": dict(sorted(metadata.items()))} if metadata else {}
        words |= {
            name: {"dtype": each.kind, "shape": list(each.shape), "data_offsets": [each.begin, each.end]}
            for name, each in tensors
        }
        text = json.dumps(words, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        return _LENGTH.pack(len(text)) + text


def read_head(file: BinaryIO) -> Head:
    """The head; the file then stands at the first tensor. Raises ValueError for what is no such file."""
    try:
        (length,) = _LENGTH.unpack(file.read(8))
        if length > MOST_HEAD_BYTES:
            raise ValueError(f"Its head claims {length} bytes.")
        words = json.loads(file.read(length))
        metadata = words.pop("__metadata__", {})
        tensors = {
            str(name): Tensor(each["dtype"], tuple(map(int, each["shape"])), *map(int, each["data_offsets"]))
            for name, each in words.items()
        }
        _check(tensors)
        return Head(tensors, {str(key): str(value) for key, value in metadata.items()}, 8 + length)
    except (struct.error, KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise ValueError(f"This is no safetensors file: {error}") from error


def _check(tensors: Mapping[str, Tensor]) -> None:
    """They lie one behind the other without gaps, each as long as its shape says."""
    at = 0
    for name, each in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
        if each.kind not in ITEM_BYTES or any(side < 0 for side in each.shape):
            raise ValueError(f"Nobody knows the numbers of '{name[:60]}'.")
        if each.begin != at or each.end - each.begin != prod(each.shape) * ITEM_BYTES[each.kind]:
            raise ValueError(f"'{name[:60]}' does not lie where its shape says.")
        at = each.end
