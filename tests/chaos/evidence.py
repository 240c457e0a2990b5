"""What is stored of a run, read straight from the database and from a spool: none of the site's code takes part."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

from playground.protocol import decode_header
from worker.spool import SpoolReader

Row = tuple[int, bytes]
"""Step, and the float32 values of its columns, one after the other."""


def stored_rows(database: Path, run: str, stream: str) -> list[Row]:
    """Rows of every attempt that no later attempt superseded, in the order of attempts and storage."""
    with sqlite3.connect(database) as connection:
        (attempts,) = connection.execute("SELECT attempts FROM runs_run WHERE id = ?", [run]).fetchone()
        chunks = connection.execute(
            "SELECT attempt, n, columns, data FROM telemetry_chunk WHERE run_id = ? AND stream = ? AND level = 0"
            " ORDER BY attempt, part",
            [run, stream],
        ).fetchall()
    connection.close()
    firsts = {entry["attempt"]: entry["first_step"] for entry in json.loads(attempts)}
    rows = []
    for attempt, count, columns, data in chunks:
        superseded_from = min((first for later, first in firsts.items() if later > attempt), default=None)
        for step, values in _table(data, count, columns):
            if superseded_from is None or step < superseded_from:
                rows.append((step, values))
    return rows


def spooled_rows(spool: Path, stream: str) -> list[Row]:
    """Rows of a run that nothing interrupted."""
    rows = []
    for _, record in SpoolReader(spool).read_from(1, 1 << 30):
        header, payload = decode_header(record)
        if header["kind"] == "rows" and header["stream"] == stream:
            rows += _table(bytes(payload), header["count"], header["columns"])
    return rows


def spooled_last(spool: Path) -> dict[str, object]:
    """The last record's header."""
    return decode_header(SpoolReader(spool).read_from(1, 1 << 30)[-1][1])[0]


def _table(data: bytes, count: int, columns: int) -> Iterator[Row]:
    """uint32 step[count], then float32 [columns][count]."""
    steps = struct.unpack_from(f"<{count}I", data)
    for index, step in enumerate(steps):
        places = (4 * (count * (1 + column) + index) for column in range(columns))
        yield step, b"".join(data[place : place + 4] for place in places)
