"""Experiments as the API answers them."""

from __future__ import annotations

from collections import Counter

from playground.protocol import ExperimentCard, ExperimentView
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_card, run_cards


def experiment_cards(guest: str | None) -> list[ExperimentCard]:
    """The guest's experiments, the last changed first; three queries, however many there are."""
    experiments = Experiment.objects.seen_by(guest).defer("notes").order_by("-updated", "id")
    counts: Counter[str] = Counter()
    newest: dict[str, str] = {}
    runs = Run.objects.filter(experiment__owner=guest or "").order_by("number").values_list("experiment", "pk")
    for experiment, run in runs:
        counts[experiment] += 1
        newest[experiment] = run
    latest = {run.experiment_id: run_card(run) for run in Run.objects.for_cards().filter(pk__in=newest.values())}
    return [
        ExperimentCard.model_construct(
            id=experiment.pk,
            name=experiment.name,
            updated=experiment.updated.isoformat(),
            network=experiment.network,
            dataset=experiment.recipe.get("dataset", ""),
            runs=counts[experiment.pk],
            latest=latest.get(experiment.pk),
        )
        for experiment in experiments
    ]


def experiment_view(experiment: Experiment) -> ExperimentView:
    return ExperimentView(
        id=experiment.pk,
        name=experiment.name,
        notes=experiment.notes,
        version=experiment.version,
        created=experiment.created.isoformat(),
        updated=experiment.updated.isoformat(),
        network=experiment.network,
        recipe=experiment.recipe,
        runs=run_cards(experiment.runs.order_by("-number")),
    )
