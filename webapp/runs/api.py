"""Runs: look, read telemetry, command, delete. Whoever has a run's address may look; only its owner may do more."""

from __future__ import annotations

import json
from itertools import chain
from typing import Annotated, Self

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from playground.datasets import is_own
from playground.protocol import Begun, Command, Outlook, RunPoint, RunView, StreamName, TagCount, WorkerView, pack
from webapp.answers import JSON, answer, answer_list, conditional, etag_of, no_content
from webapp.experiments.api import ExperimentChange, Name, NewExperiment, experiment_changed
from webapp.experiments.services import dataset_read, network_read
from webapp.experiments.views_of import experiment_view
from webapp.identifiers import ID_LENGTH
from webapp.problems import Refusal
from webapp.runs import continuing, services
from webapp.runs.commands import command_send
from webapp.runs.listing import MOST_ROWS, Wanted, page_of
from webapp.runs.models import Run
from webapp.runs.remedies import treatment, twin_start
from webapp.runs.views_of import run_points, run_view, worker_views
from webapp.security import READ, TRAIN, WRITE, check_scope_of
from webapp.sharing.over import why_no_run
from webapp.tags.services import run_tag, tag_counts
from webapp.telemetry.frames import frames_at
from webapp.telemetry.history import LAST_STEP, PAGE_POINTS, as_json, as_records, history
from webapp.viewers import owner_made, viewer_of

router = Router(tags=["runs"])

BINARY = "application/octet-stream"

RunId = Annotated[str, Path(pattern=f"^[0-9a-f]{{{ID_LENGTH}}}$")]
Step = Annotated[int, Query(ge=0, le=LAST_STEP)]
Kind = Annotated[str, Query(max_length=20)]
Word = Annotated[str, StringConstraints(max_length=200)]


class RunChange(BaseModel):
    """What is left out stays. `tags` replaces all that the run carries."""

    model_config = ConfigDict(extra="forbid")
    name: Name | None = None
    tags: list[Annotated[str, StringConstraints(max_length=200)]] | None = None


class Press(BaseModel):
    """What is saved before it is trained: a new experiment, or a save of the one that is named if that has changed."""

    model_config = ConfigDict(extra="forbid")
    experiment: Annotated[str, StringConstraints(max_length=ID_LENGTH)] | None = None
    save: ExperimentChange | None = None
    """With nothing but a version: that save is meant, and refused (409) is a press where there is a newer one."""
    new: NewExperiment | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.experiment is None) == (self.new is None):
            raise ValueError("give either `new`, an experiment to be made, or `experiment`, the id of one")
        if self.new is not None and self.save is not None:
            raise ValueError("`save` changes the experiment that `experiment` names")
        return self


class RemedyWanted(BaseModel):
    """One of the remedies of one of the run's alerts, by their ids."""

    model_config = ConfigDict(extra="forbid")
    alert: Annotated[str, StringConstraints(max_length=200)]
    remedy: Annotated[str, StringConstraints(max_length=60)]


class More(BaseModel):
    """`rate`: a learning rate set by hand from there on. `anew`: agreed that all is trained again, where no worker has
    the checkpoint."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    epochs: int
    rate: float | None = None
    anew: bool = False


class HistoryAnswer(BaseModel):
    """`values` [column][row] where every row is exact, else `minimum` and `maximum` of the rows that one stands for."""

    run: str
    stream: str
    columns: list[dict[str, str | None]]
    steps: list[int]
    attempts: list[int]
    values: list[list[float | None]] | None = None
    minimum: list[list[float | None]] | None = None
    maximum: list[list[float | None]] | None = None


def run_seen(request: HttpRequest, run: str) -> Run:
    """The run, if this viewer may see it."""
    viewer = viewer_of(request)
    found = Run.objects.seen_by(viewer).filter(pk=run).first()
    if found is None:
        raise why_no_run(run)
    return found


def run_changed(request: HttpRequest, run: str) -> Run:
    """The run, if this viewer owns it."""
    seen = run_seen(request, run)
    if not Run.objects.changed_by(viewer_of(request)).filter(pk=seen.pk).exists():
        raise Refusal(
            403, "not_yours", "This run belongs to somebody else; you can watch it. Copy it to train your own."
        )
    return seen


@router.get("/runs", response=list[RunPoint], auth=READ)
def points(
    request: HttpRequest,
    dataset: Word = "",
    q: Word = "",
    state: Word = "",
    experiment: Word = "",
    tag: Word = "",
    sort: Word = "-created",
    limit: Annotated[int | None, Query(ge=1, le=MOST_ROWS)] = None,
    after: Annotated[str, Query(max_length=600)] = "",
) -> HttpResponse:
    """Your runs with what they cost and how well they did, the newest first.

    `q`: each word stands in the run's name, its experiment's or a tag. `state`: one or several, with commas between.
    `sort`: created, name, number, experiment, dataset, state, error, parameters, macs, step or seed; the largest first
    with a minus before it. With `limit` they come in pages: the header X-Total-Count says how many there are in all, a
    Link header with rel="next" names the next page.
    """
    if dataset and not is_own(dataset):
        dataset_read(dataset)
    viewer = viewer_of(request)
    states = tuple(filter(None, state.split(",")))
    every = MOST_ROWS if limit is None else limit
    wanted = Wanted(q, dataset, experiment, tag, states, sort, after, every)
    if limit is None and wanted == Wanted(dataset=dataset, limit=every):
        return answer_list(run_points(viewer, dataset))  # all of them, for the plane
    page = page_of(Run.objects.owned_by(viewer), wanted)
    response = answer_list(page.runs)
    response["X-Total-Count"] = str(page.total)
    if page.after:
        query = request.GET.copy()
        query["after"], query["limit"] = page.after, str(every)
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return response


@router.get("/tags", response=list[TagCount], auth=READ)
def tags(request: HttpRequest) -> HttpResponse:
    """The tags on your runs, and how many carry each."""
    return answer_list(tag_counts(viewer_of(request)))


@router.get("/runs/{run}", response=RunView, auth=READ)
def one(request: HttpRequest, run: str) -> HttpResponse:
    """All of a run but its rows and pictures."""
    return answer(run_view(run_seen(request, run), viewer_of(request)))


@router.put("/runs/{run}", response={201: Begun}, auth=TRAIN)
def begin(request: HttpRequest, run: RunId, body: Press) -> HttpResponse:
    """Save and train in one: all of it or nothing. The run gets the id of the address, 32 hexadecimal digits that you
    choose at random, so that its page can be drawn meanwhile; asked again, as after a lost answer, it says what was
    begun. A token that saves needs the scope `write` too."""
    if body.experiment is not None:
        experiment = experiment_changed(request, body.experiment)
        owner = viewer_of(request).owner or ""
    else:
        assert body.new is not None
        network_read(body.new.network)  # before a guest is made for what cannot be saved
        owner, experiment = owner_made(request), None
    given = body.new or body.save
    changes = given.model_dump(exclude_unset=True) if given is not None else {}
    if set(changes) - {"version"}:
        check_scope_of(request, "write")
    made = services.run_begin(id=run, owner=owner, experiment=experiment, **changes)
    view = run_view(made, viewer_of(request))
    return answer(Begun(experiment=experiment_view(made.experiment), run=view), 201)


@router.patch("/runs/{run}", response=RunView, auth=WRITE)
def change(request: HttpRequest, run: str, body: RunChange) -> HttpResponse:
    """Give the run another name or other tags."""
    changed = run_changed(request, run)
    if body.tags is not None:
        run_tag(run=changed, tags=body.tags)
    if body.name is not None:
        services.run_rename(run=changed, name=body.name)
    return answer(run_view(changed, viewer_of(request)))


@router.delete("/runs/{run}", response={204: None}, auth=TRAIN)
def delete(request: HttpRequest, run: str) -> HttpResponse:
    """Delete a run that is not training, with all it told."""
    services.run_delete(run=run_changed(request, run))
    return no_content()


@router.post("/runs/{run}/commands", response={202: RunView}, auth=TRAIN)
def command(request: HttpRequest, run: str, body: Command) -> HttpResponse:
    """Stop, pause, resume, step, change the learning rate, choose the layers or the image to look at."""
    found = run_changed(request, run)
    if command_send(run=found, command=body):
        found = run_seen(request, run)
    return answer(run_view(found, viewer_of(request)), 202)


@router.post("/runs/{run}/remedy", response={201: RunView}, auth=TRAIN)
def remedy(request: HttpRequest, run: str, body: RemedyWanted) -> HttpResponse:
    """Train a twin: a new experiment of yours, this run's network, recipe and seed with the remedy's one change."""
    treated = treatment(run=run_seen(request, run), alert=body.alert, remedy=body.remedy)
    twin = twin_start(owner=owner_made(request), treatment=treated)  # a guest is made for what can be made alone
    return answer(run_view(twin, viewer_of(request)), 201)


@router.get("/runs/{run}/continuation", response=Outlook, auth=READ)
def continuation(request: HttpRequest, run: str, epochs: int | None = None, rate: float | None = None) -> HttpResponse:
    """What training so many more epochs would do, where the run has ended."""
    return answer(continuing.outlook(run_changed(request, run), epochs, rate))


@router.post("/runs/{run}/continuation", response={202: RunView}, auth=TRAIN)
def go_on(request: HttpRequest, run: str, body: More) -> HttpResponse:
    """Put a run that has ended back into the queue for more epochs."""
    continuing.run_continue(run=run_changed(request, run), epochs=body.epochs, rate=body.rate, anew=body.anew)
    return answer(run_view(run_seen(request, run), viewer_of(request)), 202)


@router.get("/runs/{run}/history", response=HistoryAnswer, auth=READ)
def rows(
    request: HttpRequest,
    run: str,
    stream: StreamName = "steps",
    first: Annotated[int, Query(alias="from", ge=0, le=LAST_STEP)] = 0,
    last: Annotated[int, Query(alias="to", ge=0, le=LAST_STEP)] = LAST_STEP,
    points: Annotated[int, Query(ge=16, le=20_000)] = 2000,
) -> HttpResponse:
    """A stream in about `points` rows; with Accept: application/octet-stream a container of Rows records."""
    seen = run_seen(request, run)
    binary = BINARY in request.headers.get("Accept", "")

    def make() -> HttpResponse:
        parts = history(seen, stream, first, last, points)
        if binary:
            return HttpResponse(pack(as_records(stream, parts)), content_type=BINARY)
        return HttpResponse(json.dumps(as_json(seen, stream, parts)), content_type=JSON)

    etag = etag_of(seen.pk, seen.lease, seen.cursor, stream, first, last, points, binary)
    return _varying(conditional(request, etag, make))


@router.get("/runs/{run}/frames", auth=READ, openapi_extra={"responses": {200: {"content": {BINARY: {}}}}})
def frames(request: HttpRequest, run: str, step: Step | None = None, kind: Kind | None = None) -> HttpResponse:
    """A container: at or before the step the newest record of a moment of every kind and layer, or of one kind:
    maps, gradients, weights, effective_field, units, histogram, prediction, evaluation, mistakes. Mistakes come only
    where they are asked for by their kind: they are large, and few look at them."""
    seen = run_seen(request, run)
    etag = etag_of(seen.pk, seen.lease, seen.cursor, step, kind)
    return conditional(request, etag, lambda: HttpResponse(pack(frames_at(seen.pk, step, kind)), content_type=BINARY))


@router.get("/runs/{run}/recording", auth=READ, openapi_extra={"responses": {200: {"content": {BINARY: {}}}}})
def recording(
    request: HttpRequest, run: str, steps: Step = 0, layers: Step = 0, validation: Step = 0, training: Step = 0
) -> HttpResponse:
    """A container of all that a page needs to show the run: the rows of each stream from the step that is asked for on,
    in as many as its charts can draw, and the newest record of a moment of every kind and layer. In one answer, for it
    is what whoever opens a run waits for."""
    seen = run_seen(request, run)
    firsts: dict[StreamName, int] = {"steps": steps, "layers": layers, "validation": validation, "training": training}

    def make() -> HttpResponse:
        rows = (
            record
            for stream, points in PAGE_POINTS.items()
            for record in as_records(stream, history(seen, stream, firsts[stream], points=points))
        )
        return HttpResponse(pack(chain(rows, frames_at(seen.pk))), content_type=BINARY)

    return conditional(request, etag_of(seen.pk, seen.lease, seen.cursor, *firsts.values()), make)


@router.get("/workers", response=list[WorkerView])
def workers(request: HttpRequest) -> HttpResponse:
    """The machines that train."""
    return answer_list(worker_views())


def _varying(response: HttpResponse) -> HttpResponse:
    response["Vary"] = "Accept"
    return response
