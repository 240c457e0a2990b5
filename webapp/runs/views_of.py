"""Runs, workers and data sets as the API answers them."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from django.db.models import Count, Q
from django.utils import timezone
from pydantic import ValidationError

from playground.protocol import (
    Alert,
    Attempt,
    Continuation,
    Event,
    Failed,
    Finished,
    Message,
    Progress,
    RunCard,
    RunPoint,
    RunView,
    Started,
    WorkerView,
)
from webapp.datasets.views_of import frozen_view
from webapp.experiments.models import Experiment
from webapp.runs import connections, fetches
from webapp.runs.leases import waiting_for
from webapp.runs.looks import why_silent
from webapp.runs.models import HELD, Run, RunEvent, RunQuerySet, RunState, Worker
from webapp.tags.services import tags_of
from webapp.telemetry.spark import spark_values
from webapp.viewers import Viewer

log = logging.getLogger("webapp.runs")

MOST_EVENTS = 500
MOST_ALERTS = 200
"""Beginnings and ends; the doctor of a run stops far below."""

M = TypeVar("M", bound=Message)


CARD_COLUMNS = (
    "id",
    "number",
    "experiment_id",
    "name",
    "state",
    "created",
    "step",
    "total_steps",
    "best_validation_accuracy",
    "test_accuracy",
    "spark",
    "version__number",
    "batch_id",
)
ENDING = ("finished__reason", "finished__words")


def run_cards(runs: RunQuerySet) -> list[RunCard]:
    """For lists; neither made into rows nor validated again: lists are long and the columns are typed."""
    return [RunCard.model_construct(**_card(row)) for row in runs.values(*CARD_COLUMNS, *ENDING)]


POINT_COLUMNS = (
    "id",
    "number",
    "name",
    "experiment_id",
    "experiment__name",
    "recipe__dataset",
    "state",
    "created",
    "parameters",
    "macs",
    "test_accuracy",
    "best_validation_accuracy",
    "step",
    "total_steps",
    "recipe__seed",
)


def run_points(viewer: Viewer, dataset: str = "") -> list[RunPoint]:
    """The viewer's own runs, the newest first; two queries, which read no document, however many there are."""
    runs = Run.objects.owned_by(viewer)
    if dataset:
        runs = runs.filter(recipe__dataset=dataset)
    return points_of(runs.order_by("-created", "id"))


def points_of(runs: RunQuerySet) -> list[RunPoint]:
    """What each of them cost and how well it did, with its tags, in the queryset's order."""
    rows = list(runs.values_list(*POINT_COLUMNS))
    tags = tags_of(row[0] for row in rows)
    return [_point(*row, tags=tags.get(row[0], [])) for row in rows]


def _point(
    id: str,
    number: int,
    name: str,
    experiment: str,
    experiment_name: str,
    dataset: str,
    state: Any,
    created: datetime,
    parameters: int | None,
    macs: int | None,
    test: float | None,
    validation: float | None,
    step: int,
    total_steps: int | None,
    seed: int,
    tags: list[str],
) -> RunPoint:
    return RunPoint.model_construct(
        id=id,
        number=number,
        name=name,
        experiment=experiment,
        experiment_name=experiment_name,
        dataset=dataset,
        state=state,
        created=created.isoformat(),
        parameters=parameters,
        macs=macs,
        test_accuracy=test,
        best_validation_accuracy=validation,
        error=error_of(test, validation),
        measured_on=measured_on(test, validation),
        step=step,
        total_steps=total_steps,
        seed=seed,
        tags=tags,
    )


def error_of(test: float | None, validation: float | None) -> float | None:
    """Percent of images that are wrong: of the test images, till those were seen of the held-out ones, at best."""
    accuracy = validation if test is None else test
    return None if accuracy is None else 100 * (1 - accuracy)


def measured_on(test: float | None, validation: float | None) -> Literal["test", "validation"] | None:
    return "test" if test is not None else None if validation is None else "validation"


def run_view(run: Run, viewer: Viewer) -> RunView:
    """All of a run but its rows and pictures."""
    return RunView(
        **_card({name: _column(run, name) for name in CARD_COLUMNS} | _ending(run.finished or {})),
        network=run.network,
        recipe=run.recipe,
        attempt=max(run.attempt, 1),
        attempts=[Attempt.model_validate(entry) for entry in run.attempts],
        waiting_for=waiting_for(run) if run.state in (RunState.QUEUED, RunState.LOST) else None,
        worker=run.worker.name if run.worker else None,
        started=restored(Started, run.started),
        progress=restored(Progress, run.progress),
        events=run_events(run),
        alerts=run_alerts(run),
        finished=restored(Finished, run.finished),
        failed=restored(Failed, run.failed),
        watched=run.watched,
        continued=[Continuation.model_validate(entry) for entry in run.continued],
        mine=viewer.owns(run.experiment.owner),
        about=viewer.owns(run.experiment.owner)
        or Experiment.objects.seen_by(viewer).filter(pk=run.experiment_id).exists(),
        silent=why_silent(run),
        data=frozen_view(run),
        fetching=fetches.of(run),
    )


def run_events(run: Run) -> list[Event]:
    """The last moments worth a flag, without those that a later attempt superseded."""
    return _told(run, Event, MOST_EVENTS)


def run_alerts(run: Run) -> list[Alert]:
    """What the doctor told, beginnings and ends, without what a later attempt superseded."""
    return list({(alert.id, alert.ended): alert for alert in _told(run, Alert, MOST_ALERTS)}.values())


def _told(run: Run, model: type[M], most: int) -> list[M]:
    rows = RunEvent.objects.filter(run=run, kind=model.model_fields["kind"].default).order_by("-id")[:most]
    firsts = {entry["attempt"]: entry["first_step"] for entry in run.attempts}
    found = [
        restored(model, data)
        for attempt, step, data in rows.values_list("attempt", "step", "data")
        if not any(later > attempt and step > first for later, first in firsts.items())
    ]
    return [message for message in reversed(found) if message is not None]


def restored(model: type[M], data: dict[str, Any] | None) -> M | None:
    """A stored message; None where there is none, or where a number was NaN when it was stored."""
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError:
        log.info("A stored %s could not be read.", model.__name__)
        return None


def _column(run: Run, name: str) -> Any:
    if name == "version__number":
        return run.version.number if run.version else None
    return getattr(run, name)


def _card(row: dict[str, Any]) -> dict[str, Any]:
    reason, words = (row.pop(name) for name in ENDING)
    version, batch = row.pop("version__number"), row.pop("batch_id")
    return {
        **row,
        "version": version,
        "batch": batch,
        "reason": reason,
        "words": words or "",
        "experiment": row["experiment_id"],
        "created": row["created"].isoformat(),
        "spark": spark_values(row["spark"]),
    }


def _ending(finished: dict[str, Any]) -> dict[str, Any]:
    return {name: finished.get(name.removeprefix("finished__")) for name in ENDING}


def worker_views() -> list[WorkerView]:
    """Workers that are connected, or were within a day."""
    connected = connections.connected()
    since = timezone.now() - timedelta(days=1)
    workers = Worker.objects.filter(disabled=False).filter(Q(pk__in=connected) | Q(last_seen__gte=since))
    busy = Count("runs", filter=Q(runs__state__in=HELD))
    return [_worker_view(worker, worker.pk in connected) for worker in workers.annotate(busy=busy)]


def _worker_view(worker: Worker, connected: bool) -> WorkerView:
    hello = worker.hello or {}
    return WorkerView(
        name=worker.name,
        device=hello.get("device", ""),
        connected=connected,
        busy=worker.busy,
        slots=hello.get("slots", 0),
        datasets=hello.get("datasets", []),
    )
