"""A small curve of the training loss for lists: means over groups of steps, kept up to date in the run's own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from math import isfinite
from typing import Any

import numpy as np

MOST = 60
"""Groups; at one more, neighbours are joined, so that there are about 30 to 60."""


def spark_extended(spark: Mapping[str, Any], points: Iterable[tuple[int, float]]) -> dict[str, Any]:
    """The curve with (step, loss) points added. Losses that are no finite number are left out.

    Group g holds the steps from (first + g) · width on; a list is quicker to read than a dictionary, a thousand times.
    """
    width: int = spark.get("width", 1)
    first: int = spark.get("first", 0)
    sums, counts = list(spark.get("sums", ())), list(spark.get("counts", ()))
    for step, loss in points:
        if not isfinite(loss):
            continue
        if not sums:
            first = step // width
        while step // width - first >= MOST:
            width, first, sums, counts = width * 2, first // 2, _joined(sums, first), _joined(counts, first)
        group = step // width - first
        if group < 0:
            continue  # a step before the curve's first: steps only grow
        sums += [0.0] * (group + 1 - len(sums))
        counts += [0] * (group + 1 - len(counts))
        sums[group] += loss
        counts[group] += 1
    return {"width": width, "first": first, "sums": sums, "counts": counts}


def spark_cut(spark: Mapping[str, Any], step: int) -> dict[str, Any]:
    """The curve without the groups that begin after the step; a run goes on from its checkpoint."""
    width, first = spark.get("width", 1), spark.get("first", 0)
    kept = max(0, step // width - first + 1)
    return {
        "width": width,
        "first": first,
        "sums": spark.get("sums", [])[:kept],
        "counts": spark.get("counts", [])[:kept],
    }


def spark_values(spark: Mapping[str, Any]) -> list[float]:
    """Mean loss of each group, in the order of steps."""
    sums, counts = np.array(spark.get("sums", ()), float), np.array(spark.get("counts", ()), float)
    known = counts > 0
    means: list[float] = (sums[known] / counts[known]).round(5).tolist()
    return means


def _joined(values: list[Any], first: int) -> list[Any]:
    """Neighbours added up, so that each pair begins at an even group."""
    even = [0] * (first % 2) + values
    return [left + right for left, right in zip_longest(even[::2], even[1::2], fillvalue=0)]
