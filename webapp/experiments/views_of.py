"""Experiments as the API answers them."""

from __future__ import annotations

from collections import Counter

from django.db.models import TextField
from django.db.models.functions import Cast

from playground.protocol import ExperimentCard, ExperimentView
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_cards
from webapp.viewers import Viewer

NO_NETWORK = b'"network":{}'
"""Of a card, before its network is put in. In a name its quotation marks would be escaped."""


def experiment_cards_json(viewer: Viewer) -> bytes:
    """The viewer's own experiments, the last changed first; four queries, however many there are.

    Networks go from the database to the answer as they are stored: to read 1,000 of them and write them again takes
    several times as long as all the rest.
    """
    experiments = Experiment.objects.owned_by(viewer).order_by("-updated", "id")
    stored = experiments.annotate(document=Cast("network", TextField()))
    columns = stored.values_list("pk", "name", "updated", "document", "recipe__dataset")
    counts: Counter[str] = Counter()
    newest: dict[str, str] = {}
    runs = Run.objects.owned_by(viewer).order_by("number").values_list("experiment", "pk")
    for experiment, run in runs:
        counts[experiment] += 1
        newest[experiment] = run
    forks = Counter(
        Experiment.objects.filter(parent__owner=viewer.owner or "").order_by().values_list("parent", flat=True)
    )
    latest = {card.experiment: card for card in run_cards(Run.objects.filter(pk__in=newest.values()))}
    cards = (
        ExperimentCard.model_construct(
            id=pk,
            name=name,
            updated=updated.isoformat(),
            network={},
            dataset=dataset,
            runs=counts[pk],
            latest=latest.get(pk),
            forks=forks[pk],
        )
        .model_dump_json()
        .encode()
        .replace(NO_NETWORK, b'"network":' + document.encode(), 1)
        for pk, name, updated, document, dataset in columns
    )
    return b"[" + b",".join(cards) + b"]"


def experiment_view(experiment: Experiment, viewer: Viewer | None = None) -> ExperimentView:
    """As its owner sees it, else as this viewer does."""
    return ExperimentView(
        mine=viewer is None or viewer.owns(experiment.owner),
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
