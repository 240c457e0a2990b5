"""The remedies of a run's alerts: a twin that differs in one thing, and is trained."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from playground.doctor import REMEDIES, Change, Patient
from playground.protocol import Alert
from playground.twins.registry import called
from playground.walk import walk
from webapp.experiments.services import experiment_create, network_read, recipe_read
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.runs.services import run_enqueue
from webapp.runs.views_of import run_alerts


@dataclass(frozen=True)
class Treatment:
    """A run, what is wrong with it, and the change that is wanted."""

    run: Run
    alert: Alert
    change: Change


def treatment(*, run: Run, alert: str, remedy: str) -> Treatment:
    """Raises Refusal (404) where the run has no such alert, or the alert no such remedy for a twin."""
    told = next((each for each in reversed(run_alerts(run)) if each.id == alert), None)
    if told is None:
        raise Refusal(404, "not_found", f"This run has no alert '{alert[:60]}'. Look at its alerts again.", "alert")
    offered = {each.id for each in told.remedies if each.twin}
    change = None
    if remedy in offered and remedy in REMEDIES:
        network, recipe = network_read(run.network), recipe_read(run.recipe)
        patient = Patient(walk(network), recipe, recipe.learning_rate, told.layer, told.value)
        change = REMEDIES[remedy](patient)
    if change is None:
        known = ", ".join(sorted(offered)) or "none"
        message = f"This alert has no remedy '{remedy[:60]}' that trains a twin. It has: {known}."
        raise Refusal(404, "not_found", message, "remedy")
    return Treatment(run, told, change)


def twin_start(*, owner: str, treatment: Treatment) -> Run:
    """A new experiment with the change, and a run of it in the queue; neither where one of them is refused."""
    run, change = treatment.run, treatment.change
    does = change.label[0].lower() + change.label[1:]
    with transaction.atomic():
        experiment = experiment_create(
            owner=owner,
            network=change.network or run.network,
            recipe={**run.recipe, **change.recipe},
            name=called(run.name, change.twin),
            notes=f"Twin of “{run.name}”, run {run.number}: {does}, all else alike.\n\n"
            f"{treatment.alert.title}. {treatment.alert.evidence}",
            parent=run.experiment,
            parent_version=run.version,
        )
        return run_enqueue(experiment=experiment)
