"""Experiments as the API answers them."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery

from playground.protocol import ExperimentCard, ExperimentView
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_card, run_cards


def experiment_cards(guest: str | None) -> list[ExperimentCard]:
    """The guest's experiments, the last changed first; two queries, however many there are."""
    newest = Run.objects.filter(experiment=OuterRef("pk")).order_by("-number").values("pk")[:1]
    experiments = list(
        Experiment.objects.seen_by(guest).defer("notes").annotate(run_count=Count("runs"), latest_run=Subquery(newest))
    )
    latest = {
        run.pk: run
        for run in Run.objects.for_cards().filter(pk__in=[e.latest_run for e in experiments if e.latest_run])
    }
    return [
        ExperimentCard.model_construct(
            id=experiment.pk,
            name=experiment.name,
            updated=experiment.updated.isoformat(),
            network=experiment.network,
            dataset=experiment.recipe.get("dataset", ""),
            runs=experiment.run_count,
            latest=run_card(latest[experiment.latest_run]) if experiment.latest_run in latest else None,
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
