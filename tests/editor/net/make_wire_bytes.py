"""Writes wire_bytes.json: records as the site encodes them, for the page's decoder.

Run from the repository's root after a change of the wire format: python tests/editor/net/make_wire_bytes.py
"""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path

from playground.protocol import Column, Event, Frame, LayerInfo, Maps, Rows, Started, Stream, encode, pack


def rows(stream: str, steps: list[int], columns: list[list[float]], *, attempt: int = 1, level: int = 0) -> bytes:
    """Columns of a level above 0 are all minima, then all maxima."""
    width = len(columns) // (2 if level else 1)
    payload = struct.pack(f"<{len(steps)}I", *steps)
    payload += b"".join(struct.pack(f"<{len(steps)}f", *column) for column in columns)
    header = Rows(stream=stream, columns=width, count=len(steps), level=level, attempt=attempt)
    return encode(header, payload)


def started(attempt: int, first_step: int) -> bytes:
    losses = [Column(quantity="loss"), Column(quantity="accuracy")]
    gradients = [Column(quantity="gradient_rms", layer="c1"), Column(quantity="dead", layer="r1")]
    layers = [
        LayerInfo(id="c1", node="c1", block="conv2d", label="Conv 5×5", shape=[6, 28, 28], units=0, parameters=156),
        LayerInfo(id="r1", node="r1", block="relu", label="ReLU", shape=[6, 28, 28], units=6, parameters=0),
    ]
    return encode(
        Started(
            attempt=attempt,
            first_step=first_step,
            steps_per_epoch=100,
            total_steps=200,
            epochs=2,
            batch_size=64,
            device="cpu",
            threads=1,
            torch="2.13.0",
            dead_window=100,
            streams=[Stream(name="steps", columns=losses), Stream(name="layers", columns=gradients)],
            layers=layers,
            probes=[3, 7],
        )
    )


RECORDS = {
    "rows": rows("steps", [0, 1, 2], [[2.5, 1.5, float("nan")], [0.125, 0.25, 0.5]]),
    "again": rows("steps", [2, 3], [[9.0, 1.25], [0.0, 0.75]]),
    "buckets": rows("steps", [0, 64], [[1.0, 0.5], [0.0, 0.25], [3.0, 2.0], [0.5, 1.0]], level=1),
    "superseded": rows("steps", [3, 4, 5], [[7.0, 7.0, 7.0], [0.0, 0.0, 0.0]]),
    "second": rows("steps", [4, 5], [[0.5, 0.25], [1.0, 1.0]], attempt=2),
    "started": started(1, 0),
    "restarted": started(2, 4),
    "event": encode(Event(step=2, name="learning_rate", message="Größer als 10⁻³ — 学習率", value=0.5)),
    "maps": encode(
        Maps(layer="r1", step=3, probe=0, channels=2, total_channels=6, height=1, width=3, low=-1.0, high=1.0),
        bytes([0, 128, 255, 1, 2, 3]),
    ),
}
FRAME = encode(Frame(seq=9, attempt=1), pack([RECORDS["started"], RECORDS["rows"], RECORDS["event"]]))


def main() -> None:
    """The file beside this one."""
    data = {name: base64.b64encode(record).decode() for name, record in {**RECORDS, "frame": FRAME}.items()}
    target = Path(__file__).with_name("wire_bytes.json")
    target.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
