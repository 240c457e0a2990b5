"""Columns of a run's streams, wherever its probes put them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from playground.protocol import Column, RunRows, encode
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table, joined, table_of
from webapp.telemetry.history import LAST_STEP, Part, Reader, as_json, attempt_limits, history
from webapp.telemetry.models import Chunk

CURVES = ("loss", "accuracy", "sample")
"""Of the whole network; "sample" marks figures of a part of the held-out images."""
LOOK_BACK = 64
"""Rows in which a column's newest value is looked for: not every probe looks at the same time."""


def declared(run: Run, stream: str) -> list[dict[str, Any]]:
    """The stream's columns as the run declared them."""
    streams = (run.started or {}).get("streams", [])
    return next((list(each["columns"]) for each in streams if each["name"] == stream), [])


def curves(run: Run, stream: str, points: int) -> tuple[list[Column], list[Part]]:
    """The run's curves and their columns, those of the whole network alone, in about so many rows."""
    columns = declared(run, stream)
    wanted = [at for at, each in enumerate(columns) if each.get("layer") is None and each["quantity"] in CURVES]
    if not wanted:
        return [], []
    parts = []
    for part in history(run, stream, points=points):
        if part.columns == len(columns):
            picked = [*wanted, *(at + part.columns for at in wanted)] if part.level else wanted
            parts.append(Part(part.attempt, part.level, Table(part.table.steps, part.table.values[picked])))
    return [Column(quantity=columns[at]["quantity"]) for at in wanted], parts


def curve_records(run: Run, stream: Any, points: int) -> list[bytes]:
    """The curves as RunRows."""
    series, parts = curves(run, stream, points)
    return [
        encode(
            RunRows(
                run=run.pk,
                stream=stream,
                series=series,
                columns=len(series),
                count=len(part.table),
                level=part.level,
                attempt=part.attempt,
            ),
            part.table.to_bytes(),
        )
        for part in parts
    ]


def curves_json(run: Run, stream: str, points: int) -> dict[str, Any]:
    """The curves as in the run's history."""
    series, parts = curves(run, stream, points)
    return as_json(run, stream, parts) | {"columns": [column.model_dump() for column in series]}


def _limits(run: Run, stream: str) -> dict[int, int]:
    """attempt_limits, not asked for where there can be but one attempt."""
    return {1: LAST_STEP} if run.attempt <= 1 else attempt_limits(run, stream)


def exact(run: Run, stream: str, quantities: Sequence[str], first: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
    """(steps [n], a column [n] for each quantity of the whole network) of all rows from a step on, NaN where none."""
    columns = declared(run, stream)
    limits = _limits(run, stream)
    tables = [Reader(run.pk, attempt, stream).rows(0, first, limit) for attempt, limit in limits.items()]
    found = [table for table in tables if table is not None and len(table.values) == len(columns)]
    if not found:
        return np.zeros(0, np.uint32), [np.zeros(0, np.float32) for _ in quantities]
    table = joined(found)
    places = [
        next((at for at, each in enumerate(columns) if each["quantity"] == name and each.get("layer") is None), None)
        for name in quantities
    ]
    nothing = np.full(len(table), np.nan, np.float32)
    return table.steps, [nothing if at is None else table.values[at] for at in places]


@dataclass(frozen=True)
class Moment:
    """The newest value of every column of a stream at or before a step."""

    step: int
    values: dict[tuple[str, str | None], float]
    """By quantity and layer; without those that were not measured lately."""


def moment(run: Run, stream: str, step: int = LAST_STEP) -> Moment | None:
    """None where nothing was written down by then."""
    columns = declared(run, stream)
    for attempt, limit in reversed(_limits(run, stream).items()):
        end = min(step, limit)
        chunks = Chunk.objects.filter(run=run, attempt=attempt, stream=stream, level=0, step0__lte=end)
        tables = [table_of(chunk) for chunk in reversed(chunks.order_by("-part")[:2])]
        tables = [table for table in tables if len(table.values) == len(columns)]
        if not tables:
            continue
        table = joined(tables)
        stop = int(np.searchsorted(table.steps, end, side="right"))
        if stop == 0:
            continue
        rows = table.rows(max(0, stop - LOOK_BACK), stop)
        measured = ~np.isnan(rows.values)
        newest = len(rows) - 1 - np.argmax(measured[:, ::-1], axis=1)  # the last column that is true
        picked = rows.values[np.arange(len(columns)), newest].tolist()
        values = {
            (column["quantity"], column.get("layer")): value
            for column, value, any_ in zip(columns, picked, measured.any(axis=1).tolist(), strict=True)
            if any_
        }
        return Moment(int(rows.steps[-1]), values)
    return None
