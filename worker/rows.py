"""Rows of one stream, sent as one record: columnar float32 with the steps in front."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.protocol import Column, Rows, Stream, encode

MAX_BYTES = 256 * 1024


class RowBuffer:
    """Rows that were not sent yet.

    On the processor they are lists of numbers, for a tensor costs more than the few numbers in it. On a device they
    are tensors that nobody waits for until they are sent.
    """

    def __init__(self, stream: str, columns: list[Column], attempt: int, device: torch.device) -> None:
        self.stream = Stream(name=stream, columns=columns)  # type: ignore[arg-type]
        self._attempt = attempt
        self._capacity = min(1024, max(1, MAX_BYTES // (4 * max(1, len(columns)))))
        self._on_device = device.type != "cpu"
        self._rows: list[Sequence[float] | Tensor] = []
        self._steps: list[int] = []
        self._sent_finite = True
        self.watch: Callable[[list[int], NDArray[np.float32]], None] | None = None
        """Is shown the steps and the values, [rows, columns], of every record."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def full(self) -> bool:
        return len(self._rows) == self._capacity

    def add(self, step: int, row: Sequence[float] | Tensor) -> None:
        """One row: a number for each column, or a tensor of them on the device."""
        self._steps.append(step)
        self._rows.append(row)

    def last_is_finite(self) -> bool:
        """False if the last row holds infinity or NaN.

        On a device that would have to be waited for, what was sent speaks for it: one packet later, and for nothing.
        """
        if self._on_device:
            return self._sent_finite
        return not self._rows or math.isfinite(sum(self._rows[-1]))

    def record(self, complete: Callable[[NDArray[np.float32]], None] = lambda values: None) -> bytes:
        """All rows as one record; the buffer is empty then. `complete` may change values, [rows, columns], first."""
        if self._on_device:
            values = torch.stack(self._rows).cpu().numpy()  # type: ignore[arg-type]
            self._sent_finite = bool(np.isfinite(values).all())
        else:
            values = np.array(self._rows, np.float32)
        complete(values)
        if self.watch is not None:
            self.watch(self._steps, values)
        header = Rows(
            stream=self.stream.name, columns=len(self.stream.columns), count=len(self._rows), attempt=self._attempt
        )
        payload = np.array(self._steps, np.uint32).tobytes() + values.tobytes(order="F")
        self._rows, self._steps = [], []
        return encode(header, payload)
