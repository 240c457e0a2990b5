"""Networks whose runs have ended still answer, as long as the worker that trained them is there and keeps them."""

from __future__ import annotations

import logging

from playground.protocol import (
    EffectiveField,
    Gradients,
    Looked,
    Maps,
    Message,
    Prediction,
    WeightImages,
    WireError,
    decode,
)
from webapp.runs import connections
from webapp.runs.models import ENDED, Run, RunState
from webapp.telemetry.hub import hub

log = logging.getLogger("webapp.runs")

QUESTIONS = ("probe", "watch")
"""Commands that a network answers after its run's end."""

ANSWERS: dict[str, type[Message]] = {
    model.model_fields["kind"].default: model for model in (Maps, Gradients, WeightImages, EffectiveField, Prediction)
}


def why_silent(run: Run) -> str | None:
    """Why a network whose run has ended cannot be asked, and the way out; None where it can, or still trains."""
    if run.state not in ENDED:
        return None
    if run.state == RunState.FAILED:
        return "The network of a run that failed is not kept. Correct it and train again to ask it."
    kept = connections.remembers(run.worker_id, run.pk)
    if kept:
        return None
    if run.worker is None:
        return "No worker has this run's network. Train again to ask it."
    if kept is None:
        return f"The worker '{run.worker.name}' that has this network is not connected. Start it again, or train again."
    return f"The worker '{run.worker.name}' no longer keeps this run's network. Train again to ask it."


def looked(*, worker_id: int, message: Looked, records: list[memoryview]) -> None:
    """Show whoever watches what a network answered; nothing of it is stored."""
    run = Run.objects.filter(pk=message.run, lease=message.lease, worker_id=worker_id, state__in=ENDED).first()
    if run is None:
        return
    known = [bytes(record) for record in records if _is_answer(record, run.pk)]
    hub.publish(run.pk, run.cursor, run.attempt, known)


def _is_answer(record: memoryview, run_id: str) -> bool:
    try:
        return decode(record, ANSWERS)[0] is not None
    except WireError as error:
        log.warning("run %s: an answer was passed over: %s", run_id, str(error)[:300])
        return False
