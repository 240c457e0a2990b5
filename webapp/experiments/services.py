"""Everything that changes experiments."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from playground.datasets import DATASETS, Dataset
from playground.network import DocumentError, Network, read_network
from playground.recipe import Recipe
from webapp.experiments.models import Experiment
from webapp.problems import Refusal
from webapp.quotas import check_experiments
from webapp.runs.models import ENDED, RunState
from webapp.telemetry.hub import hub
from webapp.text import path_of


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
        return Recipe.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = path_of((path, *first["loc"]) if path else first["loc"])
        raise Refusal(422, "recipe", f"{where}: {first['msg'].removeprefix('Value error, ')}.", where) from error


def dataset_read(name: str) -> Dataset:
    """The data set, or a Refusal with those there are."""
    if name not in DATASETS:
        known = ", ".join(DATASETS)
        raise Refusal(422, "dataset", f"There is no data set named '{name[:60]}'. Choose one of: {known}.", "dataset")
    return DATASETS[name]


def experiment_create(
    *, owner: str, network: Any, recipe: Any = None, name: str | None = None, notes: str = ""
) -> Experiment:
    """Save a network under a name; the recipe's defaults fill what is not given."""
    document = network_read(network)
    settings_read = recipe_read(recipe or {})
    with transaction.atomic():
        check_experiments(owner)
        return Experiment.objects.create(
            owner=owner,
            name=name or document.name or "Untitled",
            notes=notes,
            network=stored(document),
            recipe=settings_read.model_dump(mode="json"),
        )


def experiment_update(*, experiment: Experiment, version: int, **changes: Any) -> Experiment:
    """Save name, network, recipe or notes; refuses (409) where another save came between."""
    if "network" in changes:
        changes["network"] = stored(network_read(changes["network"]))
    if "recipe" in changes:
        changes["recipe"] = recipe_read(changes["recipe"]).model_dump(mode="json")
    with transaction.atomic():
        current = Experiment.objects.select_for_update().get(pk=experiment.pk)
        if current.version != version:
            raise Refusal(
                409,
                "version",
                f"“{current.name}” was saved elsewhere: it is at version {current.version}, this change builds on "
                f"{version}. Open it again, or save yours as a copy.",
                "version",
            )
        for field, value in changes.items():
            setattr(current, field, value)
        current.version += 1
        current.save()
    return current


def experiment_duplicate(*, experiment: Experiment, owner: str) -> Experiment:
    """A copy without the runs."""
    name = f"{experiment.name[:110]} (copy)"
    return experiment_create(
        owner=owner, network=experiment.network, recipe=experiment.recipe, name=name, notes=experiment.notes
    )


def experiment_delete(*, experiment: Experiment) -> None:
    """Remove the experiment with its runs; refuses while one of them trains."""
    with transaction.atomic():
        live = experiment.runs.select_for_update().exclude(state__in=(*ENDED, RunState.QUEUED)).first()
        if live is not None:
            raise Refusal(409, "live_run", f"Run {live.number} of “{experiment.name}” is training. Stop it first.")
        for run in experiment.runs.values_list("pk", flat=True):
            transaction.on_commit(partial(hub.announce, run))
        experiment.delete()


def stored(document: Network) -> dict[str, Any]:
    """The document as it is kept: only what was given."""
    return document.model_dump(mode="json", exclude_unset=True) | {"format": document.format}
