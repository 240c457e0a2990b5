"""Sharing: links, the gallery, forks of what others share, frames."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from playground.protocol import ExperimentView
from playground.sharing import EmbedView, GalleryPage, LinkView, NewLink, SharingView, Visibility
from webapp.answers import answer, answer_list, conditional, etag_of, no_content
from webapp.experiments.api import experiment_changed
from webapp.experiments.views_of import experiment_view
from webapp.problems import Refusal
from webapp.runs.api import run_changed, run_seen
from webapp.security import READ, WRITE
from webapp.sharing import services
from webapp.sharing.models import ShareLink
from webapp.sharing.shown import shown_by
from webapp.sharing.views_of import embed_view, gallery_page, link_view, links_of, new_link_view, sharing_view
from webapp.viewers import owner_made, viewer_of

router = Router(tags=["sharing"])

LONGEST_DAYS = 3650


class LinkWanted(BaseModel):
    """`run`: opens that run alone, else the experiment with all its runs. `days`: till it is over, else it stays.
    `note`: whom it is for; you alone read it."""

    model_config = ConfigDict(extra="forbid")
    run: Annotated[str, StringConstraints(max_length=64)] | None = None
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class VisibilityWanted(BaseModel):
    """`confirmed`: agreed that everybody sees what `public` of the sharing names; needed for "public" alone."""

    model_config = ConfigDict(extra="forbid")
    visibility: Visibility
    confirmed: bool = False


@router.get("/experiments/{experiment}/sharing", response=SharingView, auth=READ)
def sharing(request: HttpRequest, experiment: str) -> HttpResponse:
    """Who may see an experiment of yours."""
    return answer(sharing_view(request, experiment_changed(request, experiment)))


@router.put("/experiments/{experiment}/visibility", response=SharingView, auth=WRITE)
def visibility(request: HttpRequest, experiment: str, body: VisibilityWanted) -> HttpResponse:
    """Publish an experiment, or take it back: "private" revokes every link, "link" only leaves the gallery."""
    mine = experiment_changed(request, experiment)
    match body.visibility:
        case "public":
            if not body.confirmed:
                message = "Everybody will see it. Read what becomes visible, and send “confirmed” with it."
                raise Refusal(409, "unconfirmed", message, "confirmed")
            services.experiment_publish(experiment=mine)
        case "link":
            services.experiment_withdraw(experiment=mine)
        case "private":
            services.experiment_make_private(experiment=mine)
    return answer(sharing_view(request, mine))


@router.get("/experiments/{experiment}/links", response=list[LinkView], auth=READ)
def links(request: HttpRequest, experiment: str) -> HttpResponse:
    """Links to an experiment of yours and to its runs, the newest first."""
    return answer_list(link_view(link) for link in links_of(experiment_changed(request, experiment)))


@router.post("/experiments/{experiment}/links", response={201: NewLink}, auth=WRITE)
def link(request: HttpRequest, experiment: str, body: LinkWanted) -> HttpResponse:
    """A link for those who have no account. Its address is told once: only a hash of it is kept."""
    mine = experiment_changed(request, experiment)
    run = run_changed(request, body.run) if body.run else None
    if run is not None and run.experiment_id != mine.pk:
        raise Refusal(422, "run", "run: this run is another experiment's. Make the link there.", "run")
    made, token = services.link_create(experiment=mine, run=run, days=body.days, note=body.note)
    return answer(new_link_view(request, made, token), 201)


@router.delete("/links/{link}", response={204: None}, auth=WRITE)
def revoke(request: HttpRequest, link: Annotated[int, Field(ge=1, le=2**62)]) -> HttpResponse:
    """Revoke a link: it opens nothing any more, and whoever watches by it is sent away."""
    found = ShareLink.objects.changed_by(viewer_of(request)).filter(pk=link)
    if not found.exists():
        raise Refusal(404, "not_found", "There is no such link among yours.")
    services.links_revoke(links=found)
    return no_content()


@router.post("/runs/{run}/fork", response={201: ExperimentView}, auth=WRITE)
def fork(request: HttpRequest, run: str) -> HttpResponse:
    """A new experiment of yours with the network and recipe that a run was trained with."""
    seen = run_seen(request, run)
    return answer(experiment_view(services.run_fork(run=seen, owner=owner_made(request))), 201)


@router.get("/gallery", response=GalleryPage, auth=READ)
def gallery(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: Literal["new", "forks"] = "new",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HttpResponse:
    """Public experiments: the newest first, or those that others made most of."""
    return answer(gallery_page(viewer_of(request), q=q, sort=sort, page=page))


@router.get("/embed/{key}", response=EmbedView, auth=READ)
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """What a frame on another page shows. `key`: a link's token, a public experiment's id or a run's."""
    shown = shown_by(key, viewer_of(request))
    return conditional(
        request,
        etag_of(*shown.state()),
        lambda: answer(embed_view(shown.experiment, shown.run, shown.href(key))),
    )
