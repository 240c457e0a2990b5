"""Experiments as the API answers them."""

from __future__ import annotations

from collections import Counter

from django.db.models import TextField
from django.db.models.functions import Cast

from playground.protocol import ExperimentCard, ExperimentView
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_cards

NO_NETWORK = b'"network":{}'
"""Of a card, before its network is put in. In a name its quotation marks would be escaped."""


def experiment_cards_json(guest: str | None) -> bytes:
    """The guest's experiments, the last changed first; three queries, however many there are.

    Networks go from the database to the answer as they are stored: to read 1,000 of them and write them again takes
    several times as long as all the rest.
    """
    experiments = Experiment.objects.seen_by(guest).order_by("-updated", "id")
    stored = experiments.annotate(document=Cast("network", TextField()))
    columns = stored.values_list("pk", "name", "updated", "document", "recipe__dataset")
    counts: Counter[str] = Counter()
    newest: dict[str, str] = {}
    runs = Run.objects.filter(experiment__owner=guest or "").order_by("number").values_list("experiment", "pk")
    for experiment, run in runs:
        counts[experiment] += 1
        newest[experiment] = run
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
        )
        .model_dump_json()
        .encode()
        .replace(NO_NETWORK, b'"network":' + document.encode(), 1)
        for pk, name, updated, document, dataset in columns
    )
    return b"[" + b",".join(cards) + b"]"


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
