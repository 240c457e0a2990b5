"""history(): a stream from storage as a late viewer needs it, coarse where it is long, exact at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.db.models import Min, Sum

from playground.protocol import Rows, StreamName, encode
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table, joined, table_of
from webapp.telemetry.models import Chunk
from webapp.telemetry.pyramid import FANOUT, TOP_LEVEL, reduce_rows
from webapp.telemetry.shelf import EMPTY, Shelf

LAST_STEP = 2**32 - 1
PAGE_POINTS: dict[StreamName, int] = {"steps": 2000, "layers": 800, "validation": 2000, "training": 2000}
"""About two rows for each pixel of the widest chart; of the wide rows of all layers, which charts show smaller, one."""
EXACT_ROWS = 64
"""Rows at the end that are never summed up, so that a page knows where the live rows go on."""


@dataclass(frozen=True)
class Part:
    """Consecutive rows of one attempt, all of one level."""

    attempt: int
    level: int
    table: Table

    @property
    def columns(self) -> int:
        return len(self.table.values) // (2 if self.level else 1)


@dataclass(frozen=True)
class Reader:
    """Reads one attempt's stream: from the shelf what lies there, the rest from storage."""

    run_id: str
    attempt: int
    stream: str
    shelf: Shelf = EMPTY
    wanted: Sequence[int] | None = None
    """Which columns; None: all."""
    width: int = 0
    """Columns that a chunk must have to be read, where some are wanted."""

    def rows(self, level: int, start: int, stop: int) -> Table | None:
        """All rows of a level with start <= step <= stop."""
        chunks = self.shelf.chunks((self.run_id, self.attempt, self.stream, level), start, stop)
        if chunks is None:
            place = {"run_id": self.run_id, "attempt": self.attempt, "stream": self.stream, "level": level}
            chunks = list(Chunk.objects.filter(**place, last__gte=start, step0__lte=stop).order_by("part"))
        tables = self._tables(chunks)
        if not tables:
            return None
        table = joined([piece for piece in tables if len(piece.values) == len(tables[-1].values)])
        low, high = np.searchsorted(table.steps, [start, stop + 1])
        return table.rows(int(low), int(high)) if low < high else None

    def _tables(self, chunks: Sequence[Chunk]) -> list[Table]:
        if self.wanted is None:
            return [table_of(chunk) for chunk in chunks]
        found = [table_of(chunk) for chunk in chunks if chunk.columns == self.width]
        both = [*self.wanted, *(at + self.width for at in self.wanted)]  # minimum and maximum
        return [
            Table(table.steps, table.values[both if len(table.values) > self.width else list(self.wanted)])
            for table in found
        ]

    def cover(self, level: int, start: int, stop: int) -> list[Part]:
        """The range in rows of the level as far as they lie within it, and in finer ones at both ends."""
        if start > stop:
            return []
        table = self.rows(level, start, stop)
        if level == 0:
            return [Part(self.attempt, 0, table)] if table else []
        # A row reaches to the next one's step; where the last one ends is not known, so the finer level covers it.
        if table is None or len(table) < 2:
            return self.cover(level - 1, start, stop)
        end = len(table) - 1
        return [
            *self.cover(level - 1, start, int(table.steps[0]) - 1),
            Part(self.attempt, level, table.rows(0, end)),
            *self.cover(level - 1, int(table.steps[end]), stop),
        ]


def history(run: Run, stream: str, first: int = 0, last: int = LAST_STEP, points: int = 2000) -> list[Part]:
    """The stream's rows between two steps, both included, in about `points` rows, superseded ones left out."""
    readers = [(Reader(run.pk, attempt, stream), limit) for attempt, limit in attempt_limits(run, stream).items()]
    return gathered(readers, _level(run, stream, first, last, points), points, first, last)


def gathered(
    readers: Iterable[tuple[Reader, int]], level: int, points: int, first: int = 0, last: int = LAST_STEP
) -> list[Part]:
    """history(), where the level is known, and the attempts with the last step of each that counts."""
    parts = [part for reader, limit in readers for part in reader.cover(level, first, min(last, limit))]
    total = sum(len(part.table) for part in parts)
    if total <= points:
        return parts
    every = -(-total // points)
    return [piece for index, part in enumerate(parts) for piece in _coarser(part, every, index == len(parts) - 1)]


def attempt_limits(run: Run, stream: str) -> dict[int, int]:
    """The last step of each attempt that counts: a later attempt goes on from its own first step."""
    firsts = dict(
        Chunk.objects.filter(run=run, stream=stream, level=0)
        .values_list("attempt")
        .annotate(Min("step0"))
        .order_by("attempt")
    )
    return limits_of(run, firsts)


def limits_of(run: Run, firsts: dict[int, int]) -> dict[int, int]:
    """attempt_limits, where the first step that each attempt wrote down is known."""
    starts: dict[int, int] = {entry["attempt"]: entry["first_step"] for entry in run.attempts}
    limits: dict[int, int] = {}
    limit = LAST_STEP
    for attempt in sorted({*firsts, *starts}, reverse=True):
        limits[attempt] = limit
        limit = min(limit, starts.get(attempt, limit), firsts.get(attempt, limit + 1) - 1)
    return dict(sorted(limits.items()))


def _level(run: Run, stream: str, first: int, last: int, points: int) -> int:
    """The coarsest level that still has half the points that are wanted."""
    counts = dict(
        Chunk.objects.filter(run=run, stream=stream, last__gte=first, step0__lte=last)
        .values_list("level")
        .annotate(Sum("n"))
        .order_by("level")
    )
    return level_of(counts, points)


def level_of(counts: dict[int, int], points: int) -> int:
    """The coarsest level that still has half the points that are wanted; counts: rows at each level."""
    if counts.get(0, 0) <= points:
        return 0
    return max((level for level in range(TOP_LEVEL + 1) if counts.get(level, 0) >= points // 2), default=0)


def _coarser(part: Part, every: int, is_end: bool) -> list[Part]:
    """The part in groups of `every` rows; the end of the last raw part stays as it is."""
    table, level = part.table, part.level
    if every < 2:
        return [part]
    if level:
        return [Part(part.attempt, level, _grouped(table, every, paired=True))]
    # The last group spans 64 rows, as a reader of level 1 takes for granted of a row that has no successor.
    exact = EXACT_ROWS if is_end else 0
    ends = [0, max(0, len(table) - exact - FANOUT), max(0, len(table) - exact), len(table)]
    body, group, rest = (table.rows(start, stop) for start, stop in pairwise(ends))
    coarse = [
        _grouped(piece, size, paired=False)
        for piece, size in ((body, min(every, FANOUT)), (group, FANOUT))
        if len(piece)
    ]
    parts = [Part(part.attempt, 1, joined(coarse))] if coarse else []
    return [*parts, Part(part.attempt, 0, rest)] if len(rest) else parts


def _grouped(table: Table, every: int, *, paired: bool) -> Table:
    return Table(*reduce_rows(table.steps, table.values, paired=paired, every=every))


def as_records(stream: StreamName, parts: Sequence[Part]) -> Iterator[bytes]:
    """Rows records, for the page."""
    for part in parts:
        rows = Rows(stream=stream, columns=part.columns, count=len(part.table), level=part.level, attempt=part.attempt)
        yield encode(rows, part.table.to_bytes())


def declared(run: Run, stream: str) -> list[dict[str, Any]]:
    """The stream's columns as the run declared them."""
    streams = (run.started or {}).get("streams", [])
    return next((list(each["columns"]) for each in streams if each["name"] == stream), [])


def as_json(run: Run, stream: str, parts: Sequence[Part]) -> dict[str, Any]:
    """For scripts: "values" where every row is exact, else "minimum" and "maximum" of the rows that one stands for."""
    width = parts[-1].columns if parts else 0
    parts = [part for part in parts if part.columns == width]
    exact = all(part.level == 0 for part in parts)
    answer: dict[str, Any] = {
        "run": run.pk,
        "stream": stream,
        "columns": declared(run, stream),
        "steps": [step for part in parts for step in part.table.steps.tolist()],
        "attempts": [attempt for part in parts for attempt in [part.attempt] * len(part.table)],
    }
    if exact:
        answer["values"] = _series(parts, 0, width)
    else:
        answer["minimum"] = _series(parts, 0, width)
        answer["maximum"] = _series(parts, width, width)
    return answer


def _series(parts: Sequence[Part], offset: int, width: int) -> list[list[float | None]]:
    if not parts:
        return []
    halves = [part.table.values[offset if part.level else 0 :][:width] for part in parts]
    values = np.concatenate(halves, axis=1).astype(float).round(7)
    finite = np.where(np.isfinite(values), values, np.nan)
    return [[None if value != value else value for value in row] for row in finite.tolist()]
