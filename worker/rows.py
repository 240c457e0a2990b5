"""A buffer of rows of one stream, sent as one record: columnar float32 with the steps in front."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from playground.protocol import Column, Rows, Stream, encode

MAX_BYTES = 256 * 1024


class RowBuffer:
    """Rows that were not sent yet; `row()` gives the place for the next one."""

    def __init__(self, stream: str, columns: list[Column], attempt: int, device: torch.device) -> None:
        self.stream = Stream(name=stream, columns=columns)  # type: ignore[arg-type]
        self._attempt = attempt
        self._capacity = min(1024, max(1, MAX_BYTES // (4 * max(1, len(columns)))))
        self._values = torch.empty(self._capacity, len(columns), device=device)
        self._steps = np.empty(self._capacity, np.uint32)
        self._here = self._values.numpy() if device.type == "cpu" else None
        self._count = 0
        self._sent_finite = True
        self._pieces: list[list[Tensor]] = []

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        return self._count == self._capacity

    def cut(self, widths: list[int]) -> None:
        """How `pieces` divides a row."""
        self._pieces = [list(row.split(widths)) for row in self._values]  # made once: a view costs as much as its use

    def pieces(self, step: int) -> list[Tensor]:
        """A new row, to be filled: float32 [width] for each width given to `cut`."""
        self._steps[self._count] = step
        self._count += 1
        return self._pieces[self._count - 1]

    def row(self, step: int) -> Tensor:
        """A new row, to be filled: float32 [columns]."""
        self._steps[self._count] = step
        self._count += 1
        return self._values[self._count - 1]

    def add(self, step: int, values: list[float]) -> None:
        """One row of numbers."""
        self.row(step).copy_(torch.tensor(values))

    def last_is_finite(self) -> bool:
        """False if the last row holds infinity or NaN.

        On a device that would have to be waited for, what was sent speaks for it: one packet later, and for nothing.
        """
        if self._here is None:
            return self._sent_finite
        return not self._count or math.isfinite(float(self._here[self._count - 1].sum(dtype=np.float64)))

    def record(self) -> bytes:
        """All rows as one record; the buffer is empty then."""
        columns = self._values[: self._count].t().contiguous().cpu().numpy()
        if self._here is None:
            self._sent_finite = bool(np.isfinite(columns).all())
        header = Rows(
            stream=self.stream.name, columns=len(self.stream.columns), count=self._count, attempt=self._attempt
        )
        payload = self._steps[: self._count].tobytes() + columns.tobytes()
        self._count = 0
        return encode(header, payload)
