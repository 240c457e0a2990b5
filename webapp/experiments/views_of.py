"""Experiments as the API answers them."""

from __future__ import annotations

from collections import Counter

from playground.protocol import ExperimentCard, ExperimentView
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_cards
from webapp.viewers import Viewer


def experiment_cards(viewer: Viewer) -> list[ExperimentCard]:
    """The viewer's own experiments, the last changed first; three queries, however many there are."""
    experiments = Experiment.objects.owned_by(viewer).order_by("-updated", "id")
    columns = experiments.values_list("pk", "name", "updated", "network", "recipe__dataset")
    counts: Counter[str] = Counter()
    newest: dict[str, str] = {}
    runs = Run.objects.owned_by(viewer).order_by("number").values_list("experiment", "pk")
    for experiment, run in runs:
        counts[experiment] += 1
        newest[experiment] = run
    latest = {card.experiment: card for card in run_cards(Run.objects.filter(pk__in=newest.values()))}
    return [
        ExperimentCard.model_construct(
            id=pk,
            name=name,
            updated=updated.isoformat(),
            network=network,
            dataset=dataset,
            runs=counts[pk],
            latest=latest.get(pk),
        )
        for pk, name, updated, network, dataset in columns
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
