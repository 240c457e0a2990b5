"""Twins, sweeps and the batches of runs that they start."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from playground.about import BatchView, Pair, SweepForm, SweepPlan, TwinOffer
from playground.sweep import MOST_AXES, MOST_RUNS, Axis, sweep_fields
from playground.twins import twins
from webapp.answers import answer, answer_list
from webapp.experiments.api import experiment_changed, experiment_seen
from webapp.problems import Refusal
from webapp.runs import batches
from webapp.runs.batches_of import batch_card, batch_view, twin_offer
from webapp.runs.models import Batch, Run
from webapp.runs.views_of import run_cards
from webapp.security import READ, TRAIN
from webapp.viewers import viewer_of

router = Router(tags=["twins and sweeps"])

Word = Annotated[str, StringConstraints(max_length=60)]


class TwinOptions(BaseModel):
    """`to`: the option of the offer; may be left out where the kind has one alone."""

    model_config = ConfigDict(extra="forbid")
    to: Word = ""


class TwinWanted(BaseModel):
    """An offer of GET /api/experiments/{id}/twins, by its kind and option."""

    model_config = ConfigDict(extra="forbid")
    kind: Word
    options: TwinOptions = TwinOptions()


class SweepWanted(BaseModel):
    """Up to two settings with their values, and how many seeds of each. `dry_run`: only say what it would cost."""

    model_config = ConfigDict(extra="forbid")
    axes: list[Axis] = Field([], max_length=MOST_AXES)
    seeds: int = Field(1, ge=1, le=MOST_RUNS)
    dry_run: bool = False


def _seen(request: HttpRequest, batch: str) -> Batch:
    found = Batch.objects.seen_by(viewer_of(request)).filter(pk=batch).first()
    if found is None:
        raise Refusal(404, "not_found", "There is no such batch of runs among yours. It may have been deleted.")
    return found


def _changed(request: HttpRequest, batch: str) -> Batch:
    seen = _seen(request, batch)
    if not Batch.objects.changed_by(viewer_of(request)).filter(pk=seen.pk).exists():
        raise Refusal(403, "not_yours", "These runs belong to somebody else; you can watch them.")
    return seen


@router.get("/experiments/{experiment}/twins", response=list[TwinOffer], auth=READ)
def offers(request: HttpRequest, experiment: str) -> HttpResponse:
    """The twins that this network and recipe can have, with what each changes and costs; none while it cannot train."""
    seen = experiment_seen(request, experiment)
    return answer_list([twin_offer(seen.name, twin) for twin in twins(batches.original_of(seen))])


@router.post("/experiments/{experiment}/twins", response={201: Pair}, auth=TRAIN)
def pair(request: HttpRequest, experiment: str, body: TwinWanted) -> HttpResponse:
    """Save the twin as an experiment of yours and queue a run of each, with one seed."""
    seen = experiment_changed(request, experiment)
    twin = batches.twin_wanted(experiment=seen, kind=body.kind, option=body.options.to)
    made, batch, runs = batches.twin_pair(experiment=seen, twin=twin, owner=seen.owner)
    cards = {card.id: card for card in run_cards(Run.objects.filter(pk__in=[run.pk for run in runs]))}
    ordered = [cards[run.pk] for run in runs]
    return answer(Pair(experiment=made.pk, batch=batch_card(batch), runs=ordered), 201)


@router.get("/experiments/{experiment}/sweep", response=SweepForm, auth=READ)
def sweep_form(request: HttpRequest, experiment: str) -> HttpResponse:
    """What can be swept: the settings of the recipe and of each block, with their values now."""
    original = batches.original_of(experiment_seen(request, experiment))
    fields = sweep_fields(original.network, original.recipe)
    form = SweepForm(most_runs=MOST_RUNS, most_axes=MOST_AXES, seed=original.recipe.seed, fields=fields)
    return answer(form)


@router.post("/experiments/{experiment}/sweep", response={200: SweepPlan, 201: SweepPlan}, auth=TRAIN)
def sweep(request: HttpRequest, experiment: str, body: SweepWanted) -> HttpResponse:
    """Queue the runs of a sweep; with dry_run only say what they are and cost, or why there are none."""
    seen = experiment_changed(request, experiment)
    try:
        found = batches.sweep_planned(experiment=seen, axes=body.axes, seeds=body.seeds)
    except Refusal as refusal:
        if not body.dry_run:
            raise
        return answer(SweepPlan(runs=[], work=0, seconds=None, words=[], batch=None, problem=refusal.message))
    plan = batches.sweep_plan(experiment=seen, found=found)
    if body.dry_run:
        return answer(plan)
    started = batches.sweep_start(experiment=seen, found=found)
    return answer(plan.model_copy(update={"batch": batch_card(started)}), 201)


@router.get("/batches/{batch}", response=BatchView, auth=READ)
def one(request: HttpRequest, batch: str) -> HttpResponse:
    """A batch with its runs, in the order they were queued."""
    return answer(batch_view(_seen(request, batch)))


@router.post("/batches/{batch}/cancel", response={202: BatchView}, auth=TRAIN)
def cancel(request: HttpRequest, batch: str) -> HttpResponse:
    """Stop what waits; runs that train go on."""
    seen = _changed(request, batch)
    batches.batch_cancel(batch=seen)
    return answer(batch_view(seen), 202)
