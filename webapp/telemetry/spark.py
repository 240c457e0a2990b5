"""A small curve of the training loss for lists: means over groups of steps, kept up to date in the run's own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

MOST = 60
"""Groups; at one more, neighbours are joined, so that there are 30 to 60."""


def spark_extended(spark: Mapping[str, Any], points: Iterable[tuple[int, float]]) -> dict[str, Any]:
    """The curve with (step, loss) points added. Losses that are no finite number are left out."""
    width: int = spark.get("width", 1)
    groups: dict[int, list[float]] = {int(k): list(v) for k, v in spark.get("groups", {}).items()}
    for step, loss in points:
        if not isfinite(loss):
            continue
        total = groups.setdefault(step // width, [0.0, 0.0])
        total[0] += loss
        total[1] += 1
        while len(groups) > MOST:
            width, groups = width * 2, _halved(groups)
    return {"width": width, "groups": {str(key): groups[key] for key in sorted(groups)}}


def spark_cut(spark: Mapping[str, Any], step: int) -> dict[str, Any]:
    """The curve without what lies after the step; a run goes on from its checkpoint."""
    width = spark.get("width", 1)
    return {"width": width, "groups": {k: v for k, v in spark.get("groups", {}).items() if int(k) * width <= step}}


def spark_values(spark: Mapping[str, Any]) -> list[float]:
    """Mean loss of each group, in the order of steps."""
    return [round(total / count, 5) for total, count in spark.get("groups", {}).values()]


def _halved(groups: Mapping[int, list[float]]) -> dict[int, list[float]]:
    half: dict[int, list[float]] = {}
    for key in sorted(groups):
        total = half.setdefault(key // 2, [0.0, 0.0])
        total[0] += groups[key][0]
        total[1] += groups[key][1]
    return half
