"""Rows that are made on a device: they are written there and leave it when nobody has to wait for them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.protocol import Column
from worker.leaving import Leaving
from worker.rows import Complete, RowBuffer, _as_they_are

MOST_ON_THEIR_WAY = 2
"""Packets. The device may be so far behind the host and no further: else a stop or a new rate would come late, and a
step that broke would be noticed late. Whoever sends a third waits for the first."""


class DeviceRows(RowBuffer):
    """A row of every step, in a ring on the device, at the place that the device's own count of steps names.

    To write is work for the device alone, so that it can be part of a CUDA graph; the host only counts along.
    """

    def __init__(self, stream: str, columns: list[Column], attempt: int, clock: Tensor) -> None:
        super().__init__(stream, columns, attempt)
        self._clock = clock  # int64 [1], the step that is being made
        self._ring = torch.zeros(self._capacity, len(columns) + 1, device=clock.device)
        """The last column is `broken`."""
        self.broken = self._broken = torch.zeros((), device=clock.device)
        self._on_their_way: deque[tuple[list[int], Leaving]] = deque()

    def __len__(self) -> int:
        return len(self._steps) + sum(len(steps) for steps, _ in self._on_their_way)

    def write(self, row: Tensor) -> None:
        """float32 [columns] of the step that is being made."""
        torch.maximum(self._broken, row.sum().isfinite().logical_not().float(), out=self._broken)
        self._ring.index_copy_(0, self._clock.remainder(self._capacity), torch.cat((row, self._broken[None]))[None])

    @property
    def full(self) -> bool:
        return len(self._steps) >= self._capacity

    def launched(self, step: int) -> None:
        """The device has been told to write this step's row. Steps come one after the other."""
        self._steps.append(step)

    def last_is_finite(self) -> bool:
        """As far as it is known here, which is a packet later; the device itself knows at once (`broken`)."""
        return self.broke_at is None

    def records(self, complete: Complete = _as_they_are, *, wait: bool = True) -> list[bytes]:
        self._send_off()
        found = []
        way = self._on_their_way
        while way and (wait or len(way) > MOST_ON_THEIR_WAY or way[0][1].there):
            steps, copy = way.popleft()
            steps, values = self._up_to_the_break(steps, copy.numbers())
            if steps:
                found.append(self._encoded(steps, values, complete))
        return found

    def _send_off(self) -> None:
        if not self._steps:
            return
        steps, self._steps = self._steps, []
        first, count = steps[0] % self._capacity, len(steps)
        rows = self._ring[first : first + count]
        if len(rows) < count:
            rows = torch.cat((rows, self._ring[: count - len(rows)]))
        self._on_their_way.append((steps, Leaving(rows)))

    def _up_to_the_break(self, steps: list[int], values: NDArray[np.float32]) -> tuple[list[int], NDArray[np.float32]]:
        """Steps that the device made after one that broke never were: it changed no weight in them."""
        if self.broke_at is not None:
            return [], values
        values, broken = values[:, :-1], np.flatnonzero(values[:, -1])
        if not len(broken):
            return steps, values
        self.broke_at = steps[broken[0]]
        return steps[: broken[0] + 1], values[: broken[0] + 1]


class SampledRows(RowBuffer):
    """Rows that come a few times a second, in parts: numbers that the host knows, and tensors on the device."""

    def __init__(self, stream: str, columns: list[Column], attempt: int) -> None:
        super().__init__(stream, columns, attempt)
        self._on_their_way: deque[tuple[int, NDArray[np.float32], Leaving | None]] = deque()

    def __len__(self) -> int:
        return len(self._on_their_way)

    @property
    def full(self) -> bool:
        return False  # the governor sees to it that there are few

    def add_parts(self, step: int, parts: Sequence[Sequence[float] | Tensor]) -> None:
        """One row: what each probe gave."""
        tensors = [part.float() for part in parts if isinstance(part, Tensor)]
        known: list[float] = []
        for part in parts:
            known += [math.nan] * len(part) if isinstance(part, Tensor) else part
        row = np.array(known, np.float32)
        holes = [np.full(len(part), isinstance(part, Tensor)) for part in parts]
        self._holes = np.concatenate(holes) if holes else np.zeros(0, bool)
        self._on_their_way.append((step, row, Leaving(torch.cat(tensors)) if tensors else None))

    def records(self, complete: Complete = _as_they_are, *, wait: bool = True) -> list[bytes]:
        steps, rows = [], []
        way = self._on_their_way
        while way and (wait or way[0][2] is None or way[0][2].there):
            step, row, copy = way.popleft()
            if copy is not None:
                row[self._holes] = copy.numbers()
            steps.append(step)
            rows.append(row)
        return [self._encoded(steps, np.array(rows, np.float32), complete)] if steps else []
