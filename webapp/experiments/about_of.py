"""The page of one experiment as the API answers it."""

from __future__ import annotations

from django.db.models import Q

from playground.about import AboutView, CostView, DifferenceSide, DifferenceView, Fork, Relative
from playground.analysis import analyse
from playground.difference import difference, in_words, recipe_changes, summary
from playground.difference_drawn import drawn
from playground.recipe_words import recipe_words
from webapp.datasets.services import record_found
from webapp.experiments.models import Experiment
from webapp.experiments.services import network_read, recipe_read
from webapp.experiments.versions import version_current, version_of
from webapp.experiments.views_of import experiment_view
from webapp.markdown import html_of
from webapp.runs.batches_of import batch_cards
from webapp.runs.models import Batch, Run
from webapp.runs.views_of import run_cards
from webapp.viewers import Viewer

MOST_FORKS = 50
MOST_BATCHES = 50

Side = tuple[Experiment, int | None]
"""An experiment, and which of its versions; None: as it is now."""


def about_view(experiment: Experiment, viewer: Viewer) -> AboutView:
    """Everything but versions, twins and differences, which are asked for when they are looked at."""
    network, recipe = network_read(experiment.network), recipe_read(experiment.recipe)
    dataset = record_found(recipe.dataset)  # None where it was deleted
    analysis = analyse(network, classes=len(dataset.classes), images=dataset.shape) if dataset else analyse(network)
    wrong = next((notice for notice in analysis.notices if notice.level == "error"), None)
    totals = analysis.totals
    parent = experiment.parent if experiment.parent_id else None
    if parent is not None and not Experiment.objects.seen_by(viewer).filter(pk=parent.pk).exists():
        parent = None
    version = experiment.parent_version
    concerned = Q(experiment=experiment) | Q(runs__experiment=experiment)
    batches = Batch.objects.seen_by(viewer).filter(concerned).distinct().order_by("-created")[:MOST_BATCHES]
    return AboutView(
        experiment=experiment_view(experiment, viewer),
        notes_html=html_of(experiment.notes),
        recipe_words=recipe_words(recipe, dataset),
        cost=None if wrong else CostView(parameters=totals.parameters, macs=totals.macs, depth=totals.depth),
        problem=wrong.message if wrong else "",
        parent=Relative(id=parent.pk, name=parent.name) if parent else None,
        parent_version=version.number if parent and version else None,
        forks=forks_of(experiment, viewer),
        batches=batch_cards(Batch.objects.filter(pk__in=list(batches.values_list("pk", flat=True)))),
        versions=experiment.versions.count(),
    )


def forks_of(experiment: Experiment, viewer: Viewer) -> list[Fork]:
    """Those that this viewer may see, the newest first, each with its latest run."""
    forks = list(
        Experiment.objects.seen_by(viewer)
        .filter(parent=experiment)
        .order_by("-created")
        .values_list("pk", "name", "created", "parent_version__number")[:MOST_FORKS]
    )
    runs = Run.objects.filter(experiment__in=[fork[0] for fork in forks]).order_by("number")
    newest = dict(runs.values_list("experiment", "pk"))
    cards = {card.experiment: card for card in run_cards(Run.objects.filter(pk__in=newest.values()))}
    return [
        Fork(id=pk, name=name, created=created.isoformat(), version=version, latest=cards.get(pk))
        for pk, name, created, version in forks
    ]


def difference_view(*, before: Side, after: Side) -> DifferenceView:
    """Raises Refusal (404) where a version is kept no more."""
    sides = [_side(*before), _side(*after)]
    one, other = (network_read(side.network) for side in sides)
    change = difference(one, other)
    recipe = recipe_changes(*(recipe_read(side.recipe) for side in sides))
    return DifferenceView(
        before=sides[0],
        after=sides[1],
        difference=change,
        recipe=recipe,
        drawing=drawn(one, other, change),
        words=in_words(change, recipe),
        blocks=summary(change),
    )


def _side(experiment: Experiment, number: int | None) -> DifferenceSide:
    kept = version_of(experiment, number) if number is not None else None
    now = kept or experiment
    return DifferenceSide(
        experiment=experiment.pk,
        name=experiment.name,
        version=kept.number if kept else version_current(experiment).number,
        network=now.network,
        recipe=now.recipe,
    )
