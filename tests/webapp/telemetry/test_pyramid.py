"""Groups of rows become their minimum and maximum."""

from __future__ import annotations

import numpy as np

from webapp.telemetry.pyramid import reduce_rows


def test_each_group_keeps_its_smallest_and_largest_value() -> None:
    steps = np.arange(1, 6, dtype=np.uint32)
    values = np.array([[3, 1, 2, 9, 7]], dtype=np.float32)
    kept, both = reduce_rows(steps, values, paired=False, every=3)
    assert kept.tolist() == [1, 4]
    assert both.tolist() == [[1, 7], [3, 9]]


def test_pairs_are_reduced_apart() -> None:
    steps = np.array([1, 65], dtype=np.uint32)
    values = np.array([[1, 0], [2, 5]], dtype=np.float32)
    _, both = reduce_rows(steps, values, paired=True, every=64)
    assert both.tolist() == [[0], [5]]


def test_what_was_not_measured_is_passed_over_and_infinity_is_kept() -> None:
    values = np.array([[np.nan, 1, np.inf, np.nan], [np.nan] * 4], dtype=np.float32)
    _, both = reduce_rows(np.arange(4, dtype=np.uint32), values, paired=False, every=4)
    assert both[0].tolist() == [1] and both[2].tolist() == [np.inf]
    assert np.isnan(both[[1, 3]]).all()
