"""What each kind of record does to a run: rows to chunks, pictures to frames, moments to events and states."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from playground.protocol import (
    MOST_MISTAKES_BYTES,
    TELEMETRY,
    Alert,
    EffectiveField,
    Evaluation,
    Event,
    Failed,
    Finished,
    Gradients,
    Histogram,
    Maps,
    Message,
    Mistakes,
    Prediction,
    Progress,
    Rows,
    Started,
    Units,
    WeightImages,
    WireError,
    decode,
)
from webapp.runs.models import Run, RunEvent, RunState
from webapp.telemetry.chunks import Table, append, joined, table_from
from webapp.telemetry.frames import Pictured, frames_cut, frames_store
from webapp.telemetry.spark import spark_cut, spark_extended

log = logging.getLogger("webapp.telemetry")

MOST_COLUMNS = 8192
MOST_STEPS = 2**32
"""Steps are uint32 in every table."""
WRITTEN = (
    "state", "cursor", "attempts_without_progress", "lease_expires", "ended", "step", "best_validation_accuracy",
    "test_accuracy", "progress", "spark",
)  # fmt: skip
UNREAD = ("network", "recipe")
"""What no record changes and none is judged by: a document is read and written in longer than a record is stored."""


def as_json(message: Message) -> dict[str, Any]:
    """For a JSON column, which knows no NaN: such numbers become null."""
    return json.loads(message.model_dump_json())


def _check_step(message: Message) -> None:
    step = getattr(message, "first_step", getattr(message, "step", 0))
    if not 0 <= step < MOST_STEPS:
        raise ValueError(f"Step {step} is not between 0 and {MOST_STEPS}.")


class Intake:
    """The records of one upload on their way into storage. Used once, within a transaction that holds the run's row."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.changed = False
        """Whether viewers must hear of a new state."""
        self._written = {*WRITTEN}
        self._events: list[RunEvent] = []
        self._rows: dict[tuple[str, int], list[Table]] = {}
        self._pictures: list[tuple[Pictured, bytes]] = []
        self._handlers: dict[type[Message], Callable[[Any, bytes, memoryview], None]] = {
            Started: self._started,
            Rows: self._table,
            Maps: self._frame,
            Gradients: self._frame,
            WeightImages: self._frame,
            EffectiveField: self._frame,
            Units: self._frame,
            Histogram: self._frame,
            Prediction: self._frame,
            Evaluation: self._evaluation,
            Mistakes: self._mistakes,
            Progress: self._progress,
            Event: self._event,
            Alert: self._alert,
            Finished: self._finished,
            Failed: self._failed,
        }

    def take(self, record: bytes) -> None:
        """Sort one record in. One that cannot be read is logged and passed over: sent again, it would be no better."""
        try:
            message, payload = decode(record, TELEMETRY)
            if message is not None:
                _check_step(message)
                self._handlers[type(message)](message, record, payload)
        except (WireError, ValueError) as error:
            log.warning("run %s: a record was passed over: %s", self.run.pk, str(error)[:300])

    def save(self) -> None:
        """Write what was collected, and the run itself."""
        for (stream, _), tables in self._rows.items():
            append(self.run.pk, self.run.attempt, stream, joined(tables))
        self._save_pictures()
        if self._events:
            RunEvent.objects.bulk_create(self._events)
        self.run.save(update_fields=self._written)

    def _save_pictures(self) -> None:
        if self._pictures:
            frames_store(self.run.pk, self.run.attempt, self._pictures)
        self._pictures = []

    def _started(self, message: Started, record: bytes, payload: memoryview) -> None:
        run = self.run
        earlier = [entry for entry in run.attempts if entry["attempt"] != run.attempt]
        run.attempts = [*earlier, {"attempt": run.attempt, "first_step": message.first_step}]
        run.started = as_json(message)
        run.total_steps, run.step = message.total_steps, message.first_step
        self._written |= {"attempts", "started", "total_steps"}
        run.spark = spark_cut(run.spark, message.first_step)
        self._save_pictures()
        frames_cut(run.pk, message.first_step)
        self._state(RunState.RUNNING)
        self._note(message, message.first_step)
        self.changed = True

    def _table(self, message: Rows, record: bytes, payload: memoryview) -> None:
        if message.level or not 0 < message.columns <= MOST_COLUMNS:
            raise ValueError(f"Rows of level {message.level} with {message.columns} columns are not taken.")
        table = table_from(payload, message.count, message.columns)
        self._rows.setdefault((message.stream, message.columns), []).append(table)
        if message.stream == "steps":
            self.run.step = max(self.run.step, int(table.steps[-1]))
            self._extend_spark(table)

    def _extend_spark(self, table: Table) -> None:
        for stream in (self.run.started or {}).get("streams", []):
            for index, column in enumerate(stream["columns"]):
                if stream["name"] == "steps" and column["quantity"] == "loss" and index < len(table.values):
                    points = zip(table.steps.tolist(), table.values[index].tolist(), strict=True)
                    self.run.spark = spark_extended(self.run.spark, points)

    def _frame(self, message: Pictured, record: bytes, payload: memoryview) -> None:
        self._pictures.append((message, record))

    def _evaluation(self, message: Evaluation, record: bytes, payload: memoryview) -> None:
        self._pictures.append((message, record))
        if message.split == "test":
            self.run.test_accuracy = message.accuracy
        elif message.split == "validation":
            self.run.best_validation_accuracy = max(self.run.best_validation_accuracy or 0.0, message.accuracy)

    def _mistakes(self, message: Mistakes, record: bytes, payload: memoryview) -> None:
        if len(record) > MOST_MISTAKES_BYTES:
            raise ValueError(f"Mistakes of {len(record)} bytes are not taken; at most {MOST_MISTAKES_BYTES} are.")
        size = message.channels * message.height * message.width
        if min(message.channels, message.height, message.width) < 1 or len(payload) < len(message.mistakes) * size:
            raise ValueError(f"{len(payload)} bytes are too few for {len(message.mistakes)} images of {size}.")
        self._pictures.append((message, record))

    def _progress(self, message: Progress, record: bytes, payload: memoryview) -> None:
        self.run.progress = as_json(message)
        self.run.step = max(self.run.step, message.step)

    def _event(self, message: Event, record: bytes, payload: memoryview) -> None:
        self._note(message, message.step)
        match message.name:
            case "paused":
                self._state(RunState.PAUSED)
            case "resumed":
                self._state(RunState.RUNNING)
            case "checkpoint":
                self.run.attempts_without_progress = 0

    def _alert(self, message: Alert, record: bytes, payload: memoryview) -> None:
        self._note(message, message.step)

    def _finished(self, message: Finished, record: bytes, payload: memoryview) -> None:
        run = self.run
        run.finished, run.step = as_json(message), max(run.step, message.step)
        self._written.add("finished")
        if message.test_accuracy is not None:
            run.test_accuracy = message.test_accuracy
        if message.validation_accuracy is not None:
            run.best_validation_accuracy = max(run.best_validation_accuracy or 0.0, message.validation_accuracy)
        self._note(message, message.step)
        self._end(RunState.STOPPED if message.reason == "stopped" else RunState.FINISHED)

    def _failed(self, message: Failed, record: bytes, payload: memoryview) -> None:
        self.run.failed = as_json(message)
        self._written.add("failed")
        self._note(message, message.step)
        self._end(RunState.FAILED)

    def _note(self, message: Started | Event | Alert | Finished | Failed, step: int) -> None:
        run = self.run
        event = RunEvent(run=run, attempt=run.attempt, step=step, kind=message.kind, data=as_json(message))
        self._events.append(event)

    def _state(self, state: RunState) -> None:
        self.changed = self.changed or self.run.state != state
        self.run.state = state

    def _end(self, state: RunState) -> None:
        self.run.ended, self.run.lease_expires = timezone.now(), None
        self._state(state)
