"""Tables of numbers in chunks of 512 rows, with a pyramid of minima and maxima above them.

A row a point would cost a hundred times the space and three hundred times the time to load; the pyramid shows 100,000
steps of 60 series in milliseconds and, unlike averages or sampled points, keeps every spike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from webapp.telemetry.models import Chunk
from webapp.telemetry.pyramid import FANOUT, TOP_LEVEL, reduce_rows

CHUNK_ROWS = 512


@dataclass(frozen=True)
class Table:
    """Rows of one stream. steps: uint32 [n]. values: float32 [columns][n], at levels 1 and 2 [2 · columns][n]:
    every column's minimum, then every column's maximum. NaN = not measured."""

    steps: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return int(self.steps.size)

    def rows(self, start: int, stop: int) -> Table:
        return Table(self.steps[start:stop], self.values[:, start:stop])

    def to_bytes(self) -> bytes:
        """As in a Rows record: step[n], then the columns one after the other, little endian."""
        return self.steps.astype("<u4").tobytes() + np.ascontiguousarray(self.values, dtype="<f4").tobytes()


def table_from(data: bytes | memoryview, count: int, series: int) -> Table:
    """Read to_bytes() back; trailing padding is ignored. Raises ValueError where the data are too short."""
    needed = 4 * count * (1 + series)
    if count < 1 or series < 1 or len(data) < needed:
        raise ValueError(f"{count} rows of {series} series need {needed} bytes; {len(data)} are there.")
    steps = np.frombuffer(data, "<u4", count)
    values = np.frombuffer(data, "<f4", count * series, offset=4 * count).reshape(series, count)
    return Table(steps, values)


def table_of(chunk: Chunk) -> Table:
    return table_from(chunk.data, chunk.n, chunk.columns * (2 if chunk.level else 1))


def joined(tables: list[Table]) -> Table:
    """Tables of equally many series, one after the other."""
    if len(tables) == 1:
        return tables[0]
    return Table(np.concatenate([t.steps for t in tables]), np.concatenate([t.values for t in tables], axis=1))


def append(run_id: str, attempt: int, stream: str, table: Table, level: int = 0) -> None:
    """Add rows to the stream's open chunk; full chunks are sealed and summed up a level higher. In a transaction."""
    place = {"run_id": run_id, "attempt": attempt, "stream": stream, "level": level}
    columns = len(table.values) // (2 if level else 1)
    last = Chunk.objects.filter(**place).order_by("-part").first()
    part = last.part + 1 if last else 0
    if last and last.n < CHUNK_ROWS and last.columns == columns:
        table, part = joined([table_of(last), table]), last.part
    sealed: list[Table] = []
    for start in range(0, len(table), CHUNK_ROWS):
        piece = table.rows(start, start + CHUNK_ROWS)
        _write(Chunk(**place, part=part, columns=columns), piece, replaces=last)
        part += 1
        if len(piece) == CHUNK_ROWS and level < TOP_LEVEL:
            sealed.append(Table(*reduce_rows(piece.steps, piece.values, paired=level > 0, every=FANOUT)))
    if sealed:
        append(run_id, attempt, stream, joined(sealed), level + 1)


def _write(chunk: Chunk, table: Table, replaces: Chunk | None) -> None:
    chunk.step0, chunk.last, chunk.n = int(table.steps[0]), int(table.steps[-1]), len(table)
    chunk.data = table.to_bytes()
    if replaces and replaces.part == chunk.part:
        chunk.pk = replaces.pk
        chunk.save(force_update=True, update_fields=["last", "n", "data"])
    else:
        chunk.save(force_insert=True)
