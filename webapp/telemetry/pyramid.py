"""Minima and maxima over groups of rows: what a curve looks like from far away, spikes kept."""

from __future__ import annotations

import numpy as np

FANOUT = 64
"""Rows that one row of the next level stands for."""
TOP_LEVEL = 2


def reduce_rows(steps: np.ndarray, values: np.ndarray, *, paired: bool, every: int) -> tuple[np.ndarray, np.ndarray]:
    """One row for each `every` rows: (step of the group's first row [m], minimum then maximum [2 · columns][m]).

    steps: uint32 [n]; values: float32 [columns][n], or minimum and maximum [2 · columns][n] where paired.
    NaN means "not measured" and is passed over; a group of nothing else stays NaN.
    """
    low, high = np.split(values, 2) if paired else (values, values)
    starts = np.arange(0, steps.size, every)
    minimum = np.fmin.reduceat(low, starts, axis=1)
    maximum = np.fmax.reduceat(high, starts, axis=1)
    return steps[starts], np.concatenate([minimum, maximum])
