"""Columns of a run's streams, wherever its probes put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Min, Sum

from playground.protocol import Column, RunRows, encode
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table, joined, table_of
from webapp.telemetry.history import (
    LAST_STEP,
    Part,
    Reader,
    as_json,
    attempt_limits,
    declared,
    gathered,
    level_of,
    limits_of,
)
from webapp.telemetry.models import Chunk
from webapp.telemetry.shelf import AT_ONCE, EMPTY, Shelf, ends_of

CURVES = ("loss", "accuracy", "sample")
"""Of the whole network; "sample" marks figures of a part of the held-out images."""
LOOK_BACK = 64
"""Rows in which a column's newest value is looked for: not every probe looks at the same time."""


@dataclass(frozen=True)
class Extent:
    """What there is of one stream of a run: the first step of each attempt, and rows at each level."""

    firsts: dict[int, int]
    counts: dict[int, int]


def extents(runs: Iterable[Run], streams: Iterable[str]) -> dict[tuple[str, str], Extent]:
    """By run and stream; one query for all."""
    chunks = Chunk.objects.filter(run__in=[run.pk for run in runs], stream__in=list(streams))
    rows = chunks.values_list("run_id", "stream", "attempt", "level").annotate(Min("step0"), Sum("n"))
    found: dict[tuple[str, str], Extent] = {}
    for run, stream, attempt, level, first, count in rows.order_by("attempt"):
        extent = found.setdefault((run, stream), Extent({}, {}))
        extent.counts[level] = extent.counts.get(level, 0) + count
        if level == 0:
            extent.firsts[attempt] = first
    return found


@dataclass(frozen=True)
class Curves:
    """A run's curves of one stream and their columns, those of the whole network alone."""

    run: Run
    stream: Any
    series: list[Column]
    parts: list[Part]


def curves(runs: Sequence[Run], streams: Sequence[str], points: int) -> Iterator[Curves]:
    """Of every run and stream, in about so many rows each; a query for some runs at a time."""
    known = extents(runs, streams) if streams else {}
    for some in at_once(runs):
        for stream in streams:
            whole: dict[int, list[str]] = {}
            for run in some:
                if extent := known.get((run.pk, stream)):
                    whole.setdefault(level_of(extent.counts, points), []).append(run.pk)
            shelf = ends_of(runs=[run.pk for run in some], streams=[stream], level=max(whole, default=0), whole=whole)
            for run in some:
                yield _curves(run, stream, points, known.get((run.pk, stream)), shelf)


def _curves(run: Run, stream: str, points: int, extent: Extent | None, shelf: Shelf) -> Curves:
    columns = declared(run, stream)
    wanted = [at for at, each in enumerate(columns) if each.get("layer") is None and each["quantity"] in CURVES]
    if not wanted or extent is None:
        return Curves(run, stream, [], [])
    readers = [
        (Reader(run.pk, attempt, stream, shelf, wanted, len(columns)), limit)
        for attempt, limit in limits_of(run, extent.firsts).items()
    ]
    series = [Column(quantity=columns[at]["quantity"]) for at in wanted]
    level, first = level_of(extent.counts, points), min(extent.firsts.values(), default=0)
    return Curves(run, stream, series, gathered(readers, level, points, first))


def at_once(runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    """Some runs at a time."""
    for start in range(0, len(runs), AT_ONCE):
        yield runs[start : start + AT_ONCE]


def curve_records(found: Curves) -> list[bytes]:
    """The curves as RunRows."""
    return [
        encode(
            RunRows(
                run=found.run.pk,
                stream=found.stream,
                series=found.series,
                columns=len(found.series),
                count=len(part.table),
                level=part.level,
                attempt=part.attempt,
            ),
            part.table.to_bytes(),
        )
        for part in found.parts
    ]


def curves_json(found: Curves) -> dict[str, Any]:
    """The curves as in the run's history."""
    columns = {"columns": [column.model_dump() for column in found.series]}
    return as_json(found.run, found.stream, found.parts) | columns


def _limits(run: Run, stream: str) -> dict[int, int]:
    """attempt_limits, not asked for where there can be but one attempt."""
    return {1: LAST_STEP} if run.attempt <= 1 else attempt_limits(run, stream)


def exact(
    run: Run, stream: str, quantities: Sequence[str], shelf: Shelf = EMPTY
) -> tuple[np.ndarray, list[np.ndarray]]:
    """(steps [n], a column [n] for each quantity of the whole network) of all rows, NaN where none."""
    width = len(declared(run, stream))
    limits = _limits(run, stream)
    tables = [Reader(run.pk, attempt, stream, shelf).rows(0, 0, limit) for attempt, limit in limits.items()]
    found = [table for table in tables if table is not None and len(table.values) == width]
    return picked(run, stream, joined(found) if found else None, quantities)


def picked(
    run: Run, stream: str, table: Table | None, quantities: Sequence[str]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Columns of a table of the stream, as of exact()."""
    if table is None:
        return np.zeros(0, np.uint32), [np.zeros(0, np.float32) for _ in quantities]
    columns = declared(run, stream)
    places = [
        next((at for at, each in enumerate(columns) if each["quantity"] == name and each.get("layer") is None), None)
        for name in quantities
    ]
    nothing = np.full(len(table), np.nan, np.float32)
    return table.steps, [nothing if at is None else table.values[at] for at in places]


def tail(run: Run, stream: str, step: int = LAST_STEP, shelf: Shelf = EMPTY) -> Table | None:
    """The newest rows up to a step, LOOK_BACK or more where there are as many; None where none was written by then."""
    width = len(declared(run, stream))
    for attempt, limit in reversed(_limits(run, stream).items()):
        end = min(step, limit)
        place = {"run_id": run.pk, "attempt": attempt, "stream": stream, "level": 0}
        kept = shelf.newest((run.pk, attempt, stream, 0), end)
        chunks = Chunk.objects.filter(**place, step0__lte=end).order_by("-part") if kept is None else kept
        tables: list[Table] = []
        for at in range(2):  # a chunk that has just begun holds too few
            rows = [table for table in map(table_of, chunks[at : at + 1]) if len(table.values) == width]
            tables = [table.rows(0, int(np.searchsorted(table.steps, end, side="right"))) for table in rows] + tables
            if not rows or sum(map(len, tables)) >= LOOK_BACK:
                break
        if sum(map(len, tables)):
            return joined(tables)
    return None


@dataclass(frozen=True)
class Moment:
    """The newest value of every column of a stream at or before a step."""

    step: int
    values: dict[tuple[str, str | None], float]
    """By quantity and layer; without those that were not measured lately."""


def moment(run: Run, stream: str, table: Table | None) -> Moment | None:
    """The newest values in the tail of a stream; None of none."""
    if table is None:
        return None
    columns = declared(run, stream)
    rows = table.rows(max(0, len(table) - LOOK_BACK), len(table))
    measured = ~np.isnan(rows.values)
    newest = len(rows) - 1 - np.argmax(measured[:, ::-1], axis=1)  # the last column that is true
    picked = rows.values[np.arange(len(columns)), newest].tolist()
    values = {
        (column["quantity"], column.get("layer")): value
        for column, value, known in zip(columns, picked, measured.any(axis=1).tolist(), strict=True)
        if known
    }
    return Moment(int(rows.steps[-1]), values)
