"""A run's curves as small as a preview needs them: read in two rows of the database, however long the run is."""

from __future__ import annotations

from math import isfinite

from webapp.exchange.metrics import column_names
from webapp.runs.models import Run
from webapp.telemetry.history import history

POINTS = 20_000

Curve = tuple[list[float], list[float]]
"""Steps and values."""


def loss_of(run: Run) -> Curve:
    """Of the training batches: means over 30 to 60 groups of steps, each at its middle."""
    spark = run.spark
    width, first = spark.get("width", 1), spark.get("first", 0)
    groups = enumerate(zip(spark.get("sums", ()), spark.get("counts", ()), strict=True), first)
    points = [((group + 0.5) * width, total / count) for group, (total, count) in groups if count]
    return [step for step, _ in points], [round(value, 5) for _, value in points]


def held_out_of(run: Run) -> Curve:
    """Accuracy on the held-out images at the end of each epoch, 0 to 1."""
    names = column_names(run, "validation")
    if "accuracy" not in names:
        return [], []
    accuracy, sample = names.index("accuracy"), names.index("sample") if "sample" in names else None
    points = [
        (float(step), round(float(row[accuracy]), 5))
        for part in history(run, "validation", points=POINTS)
        if part.level == 0
        for step, row in zip(part.table.steps.tolist(), part.table.values.T.tolist(), strict=True)
        if (sample is None or row[sample] == 0) and isfinite(row[accuracy])
    ]
    return [step for step, _ in points], [value for _, value in points]
