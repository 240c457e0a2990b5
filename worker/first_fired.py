"""On a device: when each unit of some layers first gave more than zero in the window of steps that is open."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from worker.leaving import Leaving

SILENT = 2**62
"""In the place of a step: has not fired yet."""

Steps = NDArray[np.int64]
"""Of each unit, the step or SILENT."""


class FirstFired:
    """Looks at every image of every step, as the host does with few candidates, and asks the host for nothing.

    One sum for each layer and four small steps for all together; what a window has found leaves at its end.
    """

    def __init__(self, units: Sequence[int], clock: Tensor) -> None:
        """units: of each layer. clock: int64 [1], the step that is being made."""
        self._units = list(units)
        self._clock = clock
        self._steps = torch.full((sum(units),), SILENT, dtype=torch.int64, device=clock.device)
        self._on_their_way: deque[tuple[int, Leaving]] = deque()

    def see(self, outputs: Sequence[Tensor]) -> None:
        """What each layer gives for a batch: [batch, units] or [batch, channels, height, width], never negative."""
        if not outputs:
            return
        sums = [output.sum((0, 2, 3) if output.dim() == 4 else (0,), dtype=torch.float32) for output in outputs]
        fired = torch.cat(sums) != 0  # NaN is not silence
        self._steps.copy_(torch.where(fired, torch.minimum(self._steps, self._clock), self._steps))

    def close(self, start: int) -> None:
        """The window that began at step `start` is whole; a new one begins."""
        self._on_their_way.append((start, Leaving(self._steps)))
        self._steps.fill_(SILENT)

    def closed(self, *, wait: bool = False) -> list[tuple[int, list[Steps]]]:
        """Windows that have arrived, each with its first step and, layer by layer, the units' steps."""
        found = []
        while self._on_their_way and (wait or self._on_their_way[0][1].there):
            start, copy = self._on_their_way.popleft()
            found.append((start, self._by_layer(copy.numbers())))
        return found

    def now(self) -> list[Steps]:
        """Of the open window, layer by layer; waits for the device."""
        return self._by_layer(self._steps.cpu().numpy())

    def put_back(self, steps: Sequence[Steps]) -> None:
        """Go on with a window that `now` told of."""
        if steps:
            self._steps.copy_(torch.from_numpy(np.concatenate(steps)))

    def _by_layer(self, steps: Steps) -> list[Steps]:
        return np.split(steps, np.cumsum(self._units)[:-1]) if self._units else []
