"""A run's records as text for a terminal, and as rows for a file."""

from __future__ import annotations

from typing import Any, TextIO

import numpy as np

from playground.protocol import TELEMETRY, Alert, Evaluation, Event, Finished, Message, Progress, Rows, Started, decode

BAR = 24


class Report:
    """Takes the packets of a run; writes a progress line, a line for each epoch, and the result."""

    def __init__(self, screen: TextIO, table: Any = None) -> None:
        """table: a csv.writer, or None."""
        self._screen = screen
        self._table = table
        self.started: Started | None = None
        self.finished: Finished | None = None
        """What the run told of its beginning and its end."""
        self._loss = float("nan")
        self._open_line = False
        if table:
            table.writerow(("stream", "step", "quantity", "layer", "value"))

    def take(self, records: list[bytes]) -> None:
        """One packet."""
        for record in records:
            message, payload = decode(record, TELEMETRY)
            if message is not None:
                self._one(message, payload)

    def _one(self, message: Message, payload: memoryview) -> None:
        match message:
            case Started():
                self.started = message
                weights = sum(layer.parameters for layer in message.layers)
                self._line(
                    f"{weights:,} parameters, {message.total_steps:,} steps of {message.batch_size} images in "
                    f"{message.epochs} epochs, on {message.device}, threads: {message.threads}"
                )
            case Rows():
                self._rows(message, payload)
            case Progress():
                self._progress(message)
            case Event() if message.name in {"epoch", "restarted", "continued", "warning"}:
                self._line(message.message)
            case Alert() if message.ended is None:
                self._line(f"! {message.title}. {message.evidence}")
            case Alert():
                self._line(f"Over since step {message.ended:,}: {message.title}.")
            case Evaluation() if message.split == "test":
                self._line(
                    f"Test: {message.accuracy:.2%} right, loss {message.loss:.4f}, top-5 error {message.top5_error:.2%}"
                )
            case Finished():
                self.finished = message
                if message.words:  # the event "rule" has said the same
                    self._line(message.words)
                self._line(f"Done after {message.seconds:.1f} s of training")
            case _:
                pass

    def _rows(self, rows: Rows, payload: memoryview) -> None:
        assert self.started is not None
        columns = next(stream.columns for stream in self.started.streams if stream.name == rows.stream)
        steps = np.frombuffer(payload, np.uint32, rows.count)
        values = np.frombuffer(payload, np.float32, rows.columns * rows.count, 4 * rows.count)
        values = values.reshape(rows.columns, rows.count)
        if rows.stream == "steps":
            self._loss = float(values[0, -1])
        if self._table:
            for column, series in zip(columns, values, strict=True):
                for step, value in zip(steps.tolist(), series.tolist(), strict=True):
                    if value == value:  # NaN: not measured
                        self._table.writerow((rows.stream, step, column.quantity, column.layer or "", f"{value:.9g}"))

    def _progress(self, progress: Progress) -> None:
        assert self.started is not None
        done = progress.step / self.started.total_steps
        bar = ("█" * round(BAR * done)).ljust(BAR, "·")
        left = "" if progress.seconds_left is None else f", {progress.seconds_left:.0f} s left"
        text = f"{bar} step {progress.step:,}, loss {self._loss:.4f}, {progress.steps_per_second:.0f} steps/s{left}"
        if self._screen.isatty():
            self._screen.write(f"\r\x1b[K{text}")
            self._screen.flush()
            self._open_line = True

    def _line(self, text: str) -> None:
        self._screen.write(f"\r\x1b[K{text}\n" if self._open_line else f"{text}\n")
        self._screen.flush()
        self._open_line = False
