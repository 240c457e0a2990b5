"""Rows of one stream, sent as one record: columnar float32 with the steps in front."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from playground.protocol import Column, Rows, Stream, encode

MAX_BYTES = 256 * 1024
Complete = Callable[[NDArray[np.float32]], None]
"""Changes values, [rows, columns], before they are sent."""


def _as_they_are(values: NDArray[np.float32]) -> None:
    pass


class RowBuffer:
    """Rows that were not sent yet, as lists of numbers: a tensor costs more than the few numbers in it.

    Rows that are made on a device, where asking for a number means to wait: worker.device_rows.
    """

    broken: Tensor | None = None
    """On a device: float32 [], 1 from the first row on that is not finite, else 0."""
    broke_at: int | None = None
    """On a device: the first step whose row was not finite, once that is known here."""

    def __init__(self, stream: str, columns: list[Column], attempt: int) -> None:
        self.stream = Stream(name=stream, columns=columns)  # type: ignore[arg-type]
        self._attempt = attempt
        self._capacity = min(1024, max(1, MAX_BYTES // (4 * max(1, len(columns)))))
        self._rows: list[Sequence[float]] = []
        self._steps: list[int] = []
        self.watch: Callable[[list[int], NDArray[np.float32]], None] | None = None
        """Is shown the steps and the values, [rows, columns], of every record."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def full(self) -> bool:
        return len(self._steps) == self._capacity

    def add(self, step: int, row: Sequence[float]) -> None:
        """One row: a number for each column."""
        self._steps.append(step)
        self._rows.append(row)

    def last_is_finite(self) -> bool:
        """False if the last row holds infinity or NaN."""
        return not self._rows or math.isfinite(sum(self._rows[-1]))

    def record(self, complete: Complete = _as_they_are) -> bytes:
        """All rows as one record; the buffer is empty then."""
        values, steps = np.array(self._rows, np.float32), self._steps
        self._rows, self._steps = [], []
        return self._encoded(steps, values, complete)

    def records(self, complete: Complete = _as_they_are, *, wait: bool = True) -> list[bytes]:
        """All rows that are there; with `wait` all that were added."""
        return [self.record(complete)] if self._rows else []

    def _encoded(self, steps: list[int], values: NDArray[np.float32], complete: Complete = _as_they_are) -> bytes:
        complete(values)
        if self.watch is not None:
            self.watch(steps, values)
        header = Rows(
            stream=self.stream.name, columns=len(self.stream.columns), count=len(steps), attempt=self._attempt
        )
        return encode(header, np.array(steps, np.uint32).tobytes() + values.tobytes(order="F"))
