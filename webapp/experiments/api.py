"""Experiments: list, save, open, rename, copy, delete, train."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from playground.protocol import ExperimentCard, ExperimentView, RunView
from webapp.answers import JSON, answer, no_content
from webapp.experiments import services
from webapp.experiments.models import Experiment
from webapp.experiments.views_of import experiment_cards_json, experiment_view
from webapp.problems import Refusal
from webapp.runs.services import run_enqueue
from webapp.runs.views_of import run_view
from webapp.security import READ, TRAIN, WRITE
from webapp.sharing.over import experiment_over
from webapp.viewers import owner_made, viewer_of

router = Router(tags=["experiments"])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Notes = Annotated[str, StringConstraints(max_length=services.LONGEST_NOTES)]


class NewExperiment(BaseModel):
    """A network document, the recipe's values that differ from its defaults, and a name (else the document's)."""

    model_config = ConfigDict(extra="forbid")
    network: dict[str, Any]
    recipe: dict[str, Any] = {}
    name: Name | None = None
    notes: Notes = ""


class ExperimentChange(BaseModel):
    """What changes, and the version that it builds on. What is left out stays."""

    model_config = ConfigDict(extra="forbid")
    version: int = Field(ge=0, le=2**31)
    network: dict[str, Any] = Field(default={})
    recipe: dict[str, Any] = Field(default={})
    name: Name = ""
    notes: Notes = ""


def experiment_seen(request: HttpRequest, experiment: str) -> Experiment:
    """The experiment, if this viewer may see it."""
    viewer = viewer_of(request)
    found = Experiment.objects.seen_by(viewer).filter(pk=experiment).first()
    if found is None:
        missing = "There is no such experiment among yours. It may have been deleted."
        raise experiment_over(viewer, experiment) or Refusal(404, "not_found", missing)
    return found


def experiment_changed(request: HttpRequest, experiment: str) -> Experiment:
    """The experiment, if this viewer may change it."""
    seen = experiment_seen(request, experiment)
    if not Experiment.objects.changed_by(viewer_of(request)).filter(pk=seen.pk).exists():
        raise Refusal(403, "not_yours", "This experiment belongs to somebody else. Copy it to change your own.")
    return seen


@router.get("", response=list[ExperimentCard], auth=READ)
def experiments(request: HttpRequest) -> HttpResponse:
    """Your experiments, the last changed first."""
    return HttpResponse(experiment_cards_json(viewer_of(request)), content_type=JSON)


@router.post("", response={201: ExperimentView}, auth=WRITE)
def create(request: HttpRequest, body: NewExperiment) -> HttpResponse:
    """Save a network under a name."""
    services.network_read(body.network)  # before a guest is made for what cannot be saved
    experiment = services.experiment_create(
        owner=owner_made(request), network=body.network, recipe=body.recipe, name=body.name, notes=body.notes
    )
    return answer(experiment_view(experiment), 201)


@router.get("/{experiment}", response=ExperimentView, auth=READ)
def one(request: HttpRequest, experiment: str) -> HttpResponse:
    """An experiment with its runs."""
    return answer(experiment_view(experiment_seen(request, experiment), viewer_of(request)))


@router.patch("/{experiment}", response=ExperimentView, auth=WRITE)
def change(request: HttpRequest, experiment: str, body: ExperimentChange) -> HttpResponse:
    """Save changes; 409 where another save came between."""
    changes = body.model_dump(exclude_unset=True)
    seen = experiment_changed(request, experiment)
    changed = services.experiment_update(experiment=seen, editor=viewer_of(request).owner or "", **changes)
    return answer(experiment_view(changed))


@router.delete("/{experiment}", response={204: None}, auth=WRITE)
def delete(request: HttpRequest, experiment: str) -> HttpResponse:
    """Delete an experiment and its runs."""
    services.experiment_delete(experiment=experiment_changed(request, experiment))
    return no_content()


@router.post("/{experiment}/duplicate", response={201: ExperimentView}, auth=WRITE)
def duplicate(request: HttpRequest, experiment: str) -> HttpResponse:
    """A copy without the runs."""
    original = experiment_seen(request, experiment)
    copy = services.experiment_duplicate(experiment=original, owner=owner_made(request))
    return answer(experiment_view(copy), 201)


@router.post("/{experiment}/runs", response={201: RunView}, auth=TRAIN)
def start(request: HttpRequest, experiment: str) -> HttpResponse:
    """Train: freeze network and recipe as they are saved, and queue a run."""
    run = run_enqueue(experiment=experiment_changed(request, experiment))
    return answer(run_view(run, viewer_of(request)), 201)
