"""The page of one experiment: its past, its relatives, and how it differs from others."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from playground.about import AboutView, DifferenceView, VersionCard, VersionView
from playground.protocol import ExperimentView
from webapp.answers import answer, answer_list
from webapp.experiments import services, versions
from webapp.experiments.about_of import about_view, difference_view
from webapp.experiments.api import experiment_changed, experiment_seen
from webapp.experiments.views_of import experiment_view
from webapp.security import READ, WRITE
from webapp.viewers import viewer_of

router = Router(tags=["experiments"])

Number = Annotated[int, Field(ge=1, le=2**31)]


class Revert(BaseModel):
    """The save that the change builds on, as in PATCH: 409 where another came between."""

    model_config = ConfigDict(extra="forbid")
    version: int = Field(ge=0, le=2**31)


@router.get("/{experiment}/about", response=AboutView, auth=READ)
def about(request: HttpRequest, experiment: str) -> HttpResponse:
    """An experiment in words, with its runs, batches, parent and forks."""
    return answer(about_view(experiment_seen(request, experiment), viewer_of(request)))


@router.get("/{experiment}/versions", response=list[VersionCard], auth=READ)
def listed(request: HttpRequest, experiment: str) -> HttpResponse:
    """Its versions, the newest first."""
    return answer_list(versions.version_cards(experiment_seen(request, experiment)))


@router.get("/{experiment}/versions/{number}", response=VersionView, auth=READ)
def one(request: HttpRequest, experiment: str, number: Number) -> HttpResponse:
    """Network and recipe as they were."""
    seen = experiment_seen(request, experiment)
    return answer(versions.version_view(seen, versions.version_of(seen, number)))


@router.post("/{experiment}/versions/{number}/revert", response=ExperimentView, auth=WRITE)
def revert(request: HttpRequest, experiment: str, number: Number, body: Revert) -> HttpResponse:
    """Go back to a version. That is a save, and a version of its own: nothing is lost."""
    changed = services.experiment_revert(
        experiment=experiment_changed(request, experiment),
        number=number,
        version=body.version,
        editor=viewer_of(request).owner or "",
    )
    return answer(experiment_view(changed))


@router.get("/{experiment}/difference", response=DifferenceView, auth=READ)
def compared(
    request: HttpRequest,
    experiment: str,
    version: Annotated[int | None, Query(ge=1, le=2**31)] = None,
    other: Annotated[str, Query(max_length=64)] = "",
    other_version: Annotated[int | None, Query(ge=1, le=2**31)] = None,
) -> HttpResponse:
    """From `other` (else this one) at `other_version` to this one at `version`; without a number as it is now."""
    after = experiment_seen(request, experiment)
    before = experiment_seen(request, other) if other else after
    return answer(difference_view(before=(before, other_version), after=(after, version)))
