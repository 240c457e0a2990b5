"""A run as event files for TensorBoard: a folder for each stream, every stored step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from webapp.exchange.archive import Entry
from webapp.exchange.event_format import event, record, scalar_records, text_summary
from webapp.exchange.metrics import column_names, rows
from webapp.exchange.run_files import experiment_text, stem
from webapp.runs.models import Run
from webapp.runs.views_of import run_events
from webapp.telemetry.history import declared

FOLDERS: Mapping[str, str] = {
    "steps": "train",
    "layers": "layers",
    "validation": "validation",
    "training": "train_epochs",
}
"""TensorBoard draws equal tags of different folders into one chart: loss of training and of validation."""
LEFT_OUT = ("sample", "epoch")
"""Columns that say what a row is."""


def event_entries(run: Run) -> Iterator[Entry]:
    """A folder for each stream with an event file in it."""
    clock = Clock(run)
    name = f"events.out.tfevents.{int(clock.began)}.playground"
    for stream, folder in FOLDERS.items():
        if declared(run, stream):
            yield f"{stem(run)}/{folder}/{name}", _stream(run, stream, clock)


class Clock:
    """Seconds since 1970 at a step: the run's events tell theirs, and between two of them steps take equally long."""

    def __init__(self, run: Run) -> None:
        began = (run.created).timestamp()
        known = {event.step: event.time for event in run_events(run) if event.time > 0}
        ended = (run.ended or run.created).timestamp()
        known.setdefault(0, min([began, *known.values()]))
        known.setdefault(max(run.step, 1), max([ended, *known.values()]))
        self._steps = np.array(sorted(known), float)
        self._times = np.maximum.accumulate([known[int(step)] for step in self._steps])
        self.began = float(self._times[0])

    def at(self, steps: NDArray[np.uint32]) -> NDArray[np.float64]:
        return np.interp(steps, self._steps, self._times)


def _stream(run: Run, stream: str, clock: Clock) -> Iterator[bytes]:
    yield record(event(clock.began, version="brain.Event:2"))
    if stream == "steps":
        yield record(event(clock.began, summary=text_summary("experiment", f"```json\n{experiment_text(run)}```")))
    names = column_names(run, stream)
    shown = [place for place, each in enumerate(declared(run, stream)) if each["quantity"] not in LEFT_OUT]
    for part in rows(run, stream):
        times = clock.at(part.table.steps)
        for place in shown:
            yield scalar_records(names[place], part.table.steps, times, part.table.values[place])
