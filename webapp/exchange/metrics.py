"""Every stored row of a run's streams, read one chunk at a time: as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from webapp.runs.models import Run
from webapp.telemetry.chunks import Table, table_of
from webapp.telemetry.history import attempt_limits, declared
from webapp.telemetry.models import Chunk

STREAMS = ("steps", "layers", "validation", "training")


@dataclass(frozen=True)
class Rows:
    """Consecutive rows of one attempt."""

    attempt: int
    table: Table


def column_names(run: Run, stream: str) -> list[str]:
    """A quantity, and behind a stroke the layer it belongs to: "loss", "gradient_rms/c1"."""
    return [
        f"{each['quantity']}/{each['layer']}" if each.get("layer") else str(each["quantity"])
        for each in declared(run, stream)
    ]


def rows(run: Run, stream: str) -> Iterator[Rows]:
    """All rows that count, without what a later attempt superseded. No query stays open between two."""
    width = len(declared(run, stream))
    for attempt, limit in attempt_limits(run, stream).items():
        chunks = Chunk.objects.filter(run=run, attempt=attempt, stream=stream, level=0, columns=width)
        for key in list(chunks.filter(step0__lte=limit).order_by("part").values_list("pk", flat=True)):
            chunk = Chunk.objects.filter(pk=key).first()
            if chunk is None:
                return  # the run was deleted
            table = table_of(chunk)
            end = int(np.searchsorted(table.steps, limit, "right"))
            if end:
                yield Rows(attempt, table.rows(0, end))


def csv_parts(run: Run, stream: str) -> Iterator[bytes]:
    """A table: step, attempt, then a column for each figure; empty where nothing was measured."""
    yield (",".join(map(_quoted, ["step", "attempt", *column_names(run, stream)])) + "\n").encode()
    for part in rows(run, stream):
        values = part.table.values.T.tolist()
        yield "".join(
            f"{step},{part.attempt},{','.join(map(_number, row))}\n"
            for step, row in zip(part.table.steps.tolist(), values, strict=True)
        ).encode()


def json_parts(run: Run) -> Iterator[bytes]:
    """All streams: for each its columns and its rows [step, attempt, figure, …]; null where nothing was measured."""
    about = {"run": run.pk, "name": run.name, "number": run.number, "recipe": run.recipe}
    yield (json.dumps(about)[:-1] + ', "streams": {').encode()
    for place, stream in enumerate(STREAMS):
        columns = [
            {"name": name, "quantity": each["quantity"], "layer": each.get("layer")}
            for name, each in zip(column_names(run, stream), declared(run, stream), strict=True)
        ]
        yield f'{", " if place else ""}"{stream}": {{"columns": {json.dumps(columns)}, "rows": ['.encode()
        between = "\n"
        for part in rows(run, stream):
            values = part.table.values.T.tolist()
            lines = (
                f"[{step}, {part.attempt}, {', '.join(_number(value) if _finite(value) else 'null' for value in row)}]"
                for step, row in zip(part.table.steps.tolist(), values, strict=True)
            )
            yield (between + ",\n".join(lines)).encode()
            between = ",\n"
        yield b"]}"
    yield b"}}\n"


def _finite(value: float) -> bool:
    return value - value == 0


def _number(value: float) -> str:
    """Nine digits are every float32 exactly."""
    return f"{value:.9g}" if value == value else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"\n\r') else name
