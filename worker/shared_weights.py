"""A network's weights in memory that two processes share: one copies its own there, the other's network lives in it."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterator

import torch
from torch import Tensor, nn

ALIGNMENT = 64


def shared_file(size: int) -> int:
    """Descriptor of a nameless file of so many bytes, in memory where the system can."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("weights")
    else:
        with tempfile.TemporaryFile() as named:
            file = os.dup(named.fileno())
    os.ftruncate(file, size)
    return file


class SharedWeights:
    """The weights and running statistics of a network as they lie in the shared file: same order, same strides.

    The count of batches that batch norm keeps is left out: evaluation does not read it.
    """

    def __init__(self, network: nn.Module, file: int) -> None:
        self._own = _tensors(network)
        self._memory = mmap.mmap(file, 0)
        self._there = [
            torch.frombuffer(self._memory, dtype=own.dtype, count=own.numel(), offset=start).as_strided(
                own.shape, own.stride()
            )
            for own, start in zip(self._own, _starts(self._own), strict=True)
        ]

    def put(self) -> None:
        """Copy the network's there."""
        with torch.no_grad():
            torch._foreach_copy_(self._there, self._own)

    def move_in(self) -> None:
        """Let the network use what lies there from now on."""
        for own, there in zip(self._own, self._there, strict=True):
            own.data = there


def size_of(network: nn.Module) -> int:
    """Bytes that its shared file must have."""
    tensors = _tensors(network)
    return sum(_room(tensor) for tensor in tensors)


def _tensors(network: nn.Module) -> list[Tensor]:
    return [tensor for tensor in (*network.parameters(), *network.buffers()) if tensor.is_floating_point()]


def _starts(tensors: list[Tensor]) -> Iterator[int]:
    start = 0
    for tensor in tensors:
        yield start
        start += _room(tensor)


def _room(tensor: Tensor) -> int:
    return -(-tensor.nbytes // ALIGNMENT) * ALIGNMENT
