"""Everything that changes experiments."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from playground.datasets import Dataset
from playground.network import DocumentError, Network, read_network
from playground.recipe import Recipe, RecipeError, read_recipe
from webapp.datasets.services import dataset_missing, record_found
from webapp.experiments.models import Experiment, Version
from webapp.experiments.versions import version_current, version_first, version_keep, version_of
from webapp.problems import Refusal
from webapp.quotas import check_experiments
from webapp.runs import connections
from webapp.runs.models import ENDED, Batch, RunState
from webapp.telemetry.hub import hub

LONGEST_NOTES = 20_000


def network_read(data: Any, path: str = "network") -> Network:
    """The document, or a Refusal with the path of what is wrong."""
    try:
        return read_network(data)
    except DocumentError as error:
        where = ".".join(part for part in (path, error.path) if part)
        raise Refusal(422, "document", error.message, where) from error


def recipe_read(data: Any, path: str = "recipe") -> Recipe:
    """The recipe, or a Refusal with the path of what is wrong."""
    try:
        return read_recipe(data)
    except RecipeError as error:
        where = ".".join(part for part in (path, error.path) if part)
        raise Refusal(422, "recipe", error.message, where[:200]) from error


def dataset_read(name: str) -> Dataset:
    """The data set, or a Refusal with those there are."""
    found = record_found(name)
    if found is None:
        raise dataset_missing(name)
    return found


def experiment_create(
    *,
    owner: str,
    network: Any,
    recipe: Any = None,
    name: str | None = None,
    notes: str = "",
    parent: Experiment | None = None,
    parent_version: Version | None = None,
    storage: bool = True,
) -> Experiment:
    """Save a network under a name; the recipe's defaults fill what is not given. `parent`: what it was made from.
    `storage`: False where the bytes are asked for next, in the same transaction."""
    document = network_read(network)
    settings_read = recipe_read(recipe or {})
    with transaction.atomic():
        check_experiments(owner, storage=storage)
        made = Experiment.objects.create(
            owner=owner,
            name=name or document.name or "Untitled",
            notes=notes,
            network=stored(document),
            recipe=settings_read.model_dump(mode="json"),
            parent=parent,
            parent_version=parent_version,
        )
        version_first(made)
    return made


def experiment_update(
    *, experiment: Experiment, version: int, editor: str = "", note: str = "", **changes: Any
) -> Experiment:
    """Save name, network, recipe or notes; refuses (409) where another save came between.

    `editor`: who saves, else the owner; `note`: of the version that it makes, which then is one of its own.
    """
    if "network" in changes:
        changes["network"] = stored(network_read(changes["network"]))
    if "recipe" in changes:
        changes["recipe"] = recipe_read(changes["recipe"]).model_dump(mode="json")
    with transaction.atomic():
        current = Experiment.objects.select_for_update().get(pk=experiment.pk)
        check_version(current, version)
        before = version_current(current)
        for field, value in changes.items():
            setattr(current, field, value)
        current.version += 1
        current.save()
        if note or (current.network, current.recipe) != (before.network, before.recipe):
            version_keep(experiment=current, before=before, editor=editor or current.owner, note=note)
    return current


def check_version(current: Experiment, version: int) -> None:
    """Raises Refusal (409) where another save came between the version that somebody saw and now."""
    if current.version != version:
        raise Refusal(
            409,
            "version",
            f"“{current.name}” was saved elsewhere: it is at version {current.version}, this change builds on "
            f"{version}. Open it again, or save yours as a copy.",
            "version",
        )


def experiment_revert(*, experiment: Experiment, number: int, version: int, editor: str = "") -> Experiment:
    """Network and recipe as they were in a version; a save like any other, which can be reverted too.

    Raises Refusal (409) where another save came between, (404) where the version is kept no more.
    """
    wanted = version_of(experiment, number)
    return experiment_update(
        experiment=experiment,
        version=version,
        editor=editor,
        note=f"Back to version {number}",
        network=wanted.network,
        recipe=wanted.recipe,
    )


def experiment_duplicate(*, experiment: Experiment, owner: str) -> Experiment:
    """A fork: a copy without the runs, which knows what it was made from. Of somebody else's its notes say so."""
    version = version_current(experiment)
    name, notes = f"{experiment.name[:110]} (copy)", experiment.notes
    if owner != experiment.owner:
        name = experiment.name
        notes = f"Forked from “{experiment.name}”, version {version.number}.\n\n{notes}".strip()[:LONGEST_NOTES]
    return experiment_create(
        owner=owner,
        network=experiment.network,
        recipe=experiment.recipe,
        name=name,
        notes=notes,
        parent=experiment,
        parent_version=version,
    )


def experiment_delete(*, experiment: Experiment) -> None:
    """Remove the experiment with its runs; refuses while one of them trains."""
    with transaction.atomic():
        live = experiment.runs.select_for_update().exclude(state__in=(*ENDED, RunState.QUEUED)).first()
        if live is not None:
            raise Refusal(409, "live_run", f"Run {live.number} of “{experiment.name}” is training. Stop it first.")
        for run in experiment.runs.values_list("pk", flat=True):
            transaction.on_commit(partial(hub.announce, run))
        transaction.on_commit(connections.wake)  # whoever keeps something of its runs lets go
        batches = set(experiment.runs.exclude(batch=None).values_list("batch", flat=True))
        experiment.delete()
        Batch.objects.filter(pk__in=batches, runs=None).delete()


def stored(document: Network) -> dict[str, Any]:
    """The document as it is kept: only what was given."""
    return document.model_dump(mode="json", exclude_unset=True) | {"format": document.format}
