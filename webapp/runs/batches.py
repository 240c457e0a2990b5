"""Several runs from one press: a pair of twins, a sweep over settings, several seeds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from playground.about import SweepPlan, SweepRun
from playground.sweep import BACKWARD, Axis, Member, SweepError, members
from playground.twins import KINDS, Original, Twin, twins
from playground.twins.registry import called
from playground.words import listed
from webapp.experiments.models import Experiment
from webapp.experiments.services import dataset_read, experiment_create, network_read, recipe_read, stored
from webapp.experiments.versions import version_current
from webapp.problems import Refusal
from webapp.quotas import check_runs
from webapp.runs.continuing import withdraw
from webapp.runs.leases import queue_moved
from webapp.runs.models import Batch, BatchKind, Run, RunState
from webapp.runs.pace import Pace, seconds_of, time_words
from webapp.runs.services import check_trainable_recipe, run_enqueue, run_queue
from webapp.telemetry.hub import hub


def original_of(experiment: Experiment) -> Original:
    """What twins are made of. Raises Refusal (422) for what cannot be read."""
    recipe = recipe_read(experiment.recipe)
    return Original(network_read(experiment.network), recipe, dataset_read(recipe.dataset))


def twin_wanted(*, experiment: Experiment, kind: str, option: str) -> Twin:
    """Raises Refusal: 422 where the network cannot train, 404 where there is no such twin of it."""
    original = original_of(experiment)
    check_trainable_recipe(original.network, original.recipe)
    if kind not in KINDS:
        raise Refusal(
            404, "not_found", f"There are no twins of kind '{kind[:40]}'. Choose: {', '.join(KINDS)}.", "kind"
        )
    offered = {twin.variant.option: twin for twin in twins(original, kind)}
    if not option and len(offered) == 1:
        return next(iter(offered.values()))
    if option not in offered:
        known = ", ".join(offered) or "none"
        message = f"This network has no twin '{option[:40]}' of kind '{kind}'. It has: {known}."
        raise Refusal(404, "not_found", message, "options.to")
    return offered[option]


@transaction.atomic
def twin_pair(*, experiment: Experiment, twin: Twin, owner: str) -> tuple[Experiment, Batch, list[Run]]:
    """The twin as an experiment of its own, and a run of each in the queue; nothing of it where a part is refused."""
    original = Experiment.objects.select_for_update().get(pk=experiment.pk)
    check_runs(owner, 2)
    name = called(original.name, twin.variant.ending)
    made = experiment_create(
        owner=owner,
        network=stored(twin.network),
        recipe=twin.recipe.model_dump(mode="json"),
        name=name,
        notes="\n\n".join(part for part in (_says(original, twin), twin.fair, twin.variant.caution) if part),
        parent=original,
        parent_version=version_current(original),
    )
    batch = Batch.objects.create(
        owner=owner, kind=BatchKind.TWIN, title=f"{original.name[:90]} and {twin.variant.ending}", experiment=original
    )
    runs = [run_enqueue(experiment=each, batch=batch) for each in (original, made)]
    return made, batch, runs


def _says(original: Experiment, twin: Twin) -> str:
    return f"Twin of “{original.name}”. {twin.kind.asks} {twin.variant.says}"


def sweep_planned(*, experiment: Experiment, axes: Sequence[Axis], seeds: int) -> list[Member]:
    """The runs of a sweep. Raises Refusal (422) with the path of what is wrong."""
    original = original_of(experiment)
    check_trainable_recipe(original.network, original.recipe)
    try:
        return members(original.network, original.recipe, axes, seeds, original.data)
    except SweepError as error:
        raise Refusal(422, "sweep", error.message, error.path) from error


def sweep_plan(*, experiment: Experiment, found: Sequence[Member]) -> SweepPlan:
    """What it makes and costs."""
    work = sum(member.work for member in found)
    seconds, pace = seconds_of(experiment.owner, found)
    return SweepPlan(
        runs=[
            SweepRun(
                name=member.name, settings=member.settings, parameters=member.parameters, macs=member.macs,
                work=member.work,
            )
            for member in found
        ],
        work=work,
        seconds=seconds,
        words=_plan_words(seconds, pace),
        batch=None,
    )  # fmt: skip


def _plan_words(seconds: float | None, pace: Pace | None) -> list[str]:
    counted = (
        f"Multiply-adds of one image, times images and epochs, times {BACKWARD}: the way back costs about twice the "
        "way forward. Evaluations and rules that end a run early are not counted."
    )
    if seconds is None or pace is None:
        return [counted, "How long it takes is known once one run of yours has finished."]
    each = pace.seconds * 1e6
    measured = f"{each / 1000:.2g} ms" if each >= 1000 else f"{each:.0f} µs"
    return [
        counted,
        f"About {time_words(seconds)} one after the other on {pace.worker}, where run {pace.number} of “{pace.name}” "
        f"took {measured} an image.",
    ]


@transaction.atomic
def sweep_start(*, experiment: Experiment, found: Sequence[Member]) -> Batch:
    """A run for each member, of this experiment; none where there is no room for all."""
    current = Experiment.objects.select_for_update().get(pk=experiment.pk)
    check_runs(current.owner, len(found))
    swept = list(dict.fromkeys(setting.within for member in found for setting in member.settings))
    seeds_only = swept == ["seed"]
    batch = Batch.objects.create(
        owner=current.owner,
        kind=BatchKind.SEEDS if seeds_only else BatchKind.SWEEP,
        title=f"{len(found)} seeds" if seeds_only else f"Sweep of {listed(swept)}"[:200],
        experiment=current,
    )
    for member in found:
        run_queue(
            experiment=current,
            batch=batch,
            name=called(current.name, member.name[:90]),
            network=stored(member.network),
            recipe=member.recipe.model_dump(mode="json"),
            parameters=member.parameters,
            macs=member.macs,
            varied=[setting.model_dump(mode="json") for setting in member.settings],
        )
    return batch


@transaction.atomic
def batch_cancel(*, batch: Batch) -> int:
    """Stop the runs that no worker has begun; those that train go on. How many were stopped."""
    waiting: QuerySet[Run] = batch.runs.select_for_update().filter(state__in=(RunState.QUEUED, RunState.LOST))
    count = 0
    for run in waiting:
        if run.waits_to_go_on:
            withdraw(run)
        else:
            run.stop_requested, run.state, run.ended = True, RunState.STOPPED, timezone.now()
            run.save(update_fields=["stop_requested", "state", "ended"])
        transaction.on_commit(partial(hub.announce, run.pk))
        count += 1
    queue_moved()
    return count
