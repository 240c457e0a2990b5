"""Versions of an experiment: what each save keeps, which saves become one, and going back.

The page saves by itself while somebody works. Saves that follow within minutes are one version, so that a list of
versions is a list of what a person did; one that something refers to stays as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from playground.about import VersionCard, VersionView
from playground.analysis import cost
from playground.difference import difference, in_words, recipe_changes
from playground.network import DocumentError, Network, read_network
from playground.recipe import Recipe
from webapp.experiments.models import Experiment, Version
from webapp.problems import Refusal

MERGED_FOR = timedelta(minutes=10)
"""Saves of one person become one version for so long from its beginning."""
KEPT = 200
"""Of one experiment; older ones go, unless a run or a fork refers to them."""


def version_first(experiment: Experiment) -> Version:
    """The version of a new experiment; within the transaction that makes it, so that there is never one without."""
    return _made(experiment, number=1, editor=experiment.owner, when=experiment.created, what="First save")


def version_current(experiment: Experiment) -> Version:
    """The version that holds what the experiment is."""
    return experiment.versions.latest("number")


def version_keep(*, experiment: Experiment, before: Version, editor: str, note: str = "") -> Version:
    """Keep what the experiment is now, in the version before it where the two are one; within the caller's save."""
    what = changed_words(before, experiment)
    now = timezone.now()
    if not note:
        if what is None and _referred_to(before):
            return before  # blocks were moved on the drawing alone
        if what is None or _mergeable(before, editor, now):
            earlier = experiment.versions.filter(number__lt=before.number).order_by("-number").first()
            before.what = (changed_words(earlier, experiment) or "No change") if earlier else "First save"
            before.saved = now
            _copied(before, experiment)
            before.save()
            return before
    made = _made(experiment, number=before.number + 1, editor=editor, when=now, what=what or "No change", note=note)
    _thin_out(experiment)
    return made


def version_of(experiment: Experiment, number: int) -> Version:
    """Raises Refusal (404) where it is kept no more."""
    found = experiment.versions.filter(number=number).first()
    if found is None:
        raise Refusal(404, "not_found", f"“{experiment.name}” has no version {number}.", "version")
    return found


def version_cards(experiment: Experiment) -> list[VersionCard]:
    """The newest first."""
    current = _current_number(experiment)
    rows = experiment.versions.defer("network", "recipe").annotate(made=Count("forks", distinct=True))
    runs: dict[int, list[int]] = {}
    for number, version in experiment.runs.filter(version__isnull=False).values_list("number", "version__number"):
        runs.setdefault(version, []).append(number)
    return [
        VersionCard(**_card(row, row.made, sorted(runs.get(row.number, [])), current))
        for row in rows.order_by("-number")
    ]


def version_view(experiment: Experiment, version: Version) -> VersionView:
    runs = sorted(version.runs.values_list("number", flat=True))
    card = _card(version, version.forks.count(), runs, _current_number(experiment))
    return VersionView(**card, network=version.network, recipe=version.recipe)


def _current_number(experiment: Experiment) -> int:
    return experiment.versions.aggregate(newest=Max("number"))["newest"] or 0


def _card(row: Version, forks: int, runs: list[int], current: int) -> dict[str, Any]:
    return {
        "number": row.number,
        "created": row.created.isoformat(),
        "saved": row.saved.isoformat(),
        "note": row.note,
        "what": row.what,
        "parameters": row.parameters,
        "macs": row.macs,
        "runs": runs,
        "forks": forks,
        "current": row.number == current,
    }


def changed_words(before: Version, experiment: Experiment) -> str | None:
    """What changed, in a few words; None where nothing did but places on the drawing."""
    if before.network == experiment.network and before.recipe == experiment.recipe:
        return None
    try:
        change = difference(read_network(before.network), read_network(experiment.network))
    except DocumentError:
        return "Another network"
    recipe = recipe_changes(Recipe.model_validate(before.recipe), Recipe.model_validate(experiment.recipe))
    return None if change.empty and not recipe else in_words(change, recipe)[:300]


def _mergeable(version: Version, editor: str, now: datetime) -> bool:
    fresh = now - version.created < MERGED_FOR
    return fresh and version.editor == editor and not version.note and not _referred_to(version)


def _referred_to(version: Version) -> bool:
    return version.runs.exists() or version.forks.exists()


def _made(experiment: Experiment, *, number: int, editor: str, when: datetime, what: str, note: str = "") -> Version:
    version = Version(
        experiment=experiment, number=number, editor=editor, created=when, saved=when, what=what, note=note[:200]
    )
    _copied(version, experiment)
    version.save()
    return version


def _copied(version: Version, experiment: Experiment) -> None:
    version.network, version.recipe = experiment.network, experiment.recipe
    version.parameters, version.macs = cost_of(experiment.network)


def cost_of(document: Any) -> tuple[int | None, int | None]:
    """Parameters and multiply-adds for one image; None where the network is not whole."""
    try:
        network: Network = read_network(document)
    except DocumentError:
        return None, None
    counted = cost(network)
    return (counted.parameters, counted.macs) if counted is not None else (None, None)


def _thin_out(experiment: Experiment) -> None:
    numbers = list(experiment.versions.order_by("-number").values_list("number", flat=True)[KEPT : KEPT + 1])
    if numbers:
        old = experiment.versions.filter(number__lte=numbers[0], runs=None, forks=None)
        Version.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
