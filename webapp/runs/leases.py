"""The queue: who trains what, since when, and what becomes of a run whose worker is gone. The run's row is the truth.

A lease has a number that grows; whoever holds an older one is told Revoked. Every change here is one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from playground.datasets import is_own
from playground.protocol import Event, Failed, HeldRun, Hello, Job, KeptRun, Lease, Message, Resume, Revoked
from playground.words import counted
from webapp.accounts.models import WorkedSpan
from webapp.datasets.models import FrozenDataset
from webapp.runs import connections
from webapp.runs.models import ENDED, HELD, Run, RunEvent, RunOrder, RunState, Worker
from webapp.runs.turns import turns
from webapp.telemetry.hub import hub

MOST_HELD = 1000
GONE = timedelta(hours=1)
"""A worker that comes back after so long did not work meanwhile, as far as anybody's minutes go."""


def queue_changed() -> None:
    """A run may be waiting: after the commit, every connected worker looks."""
    transaction.on_commit(connections.wake)
    queue_moved()


def queue_moved() -> None:
    """The places of runs that wait may be others: after the commit, whoever watches one is told."""
    transaction.on_commit(_tell_those_who_wait)


def _tell_those_who_wait() -> None:
    if watched := hub.watched():
        for run in Run.objects.waiting().filter(pk__in=watched).values_list("pk", flat=True):
            hub.announce(run)


# Giving


@transaction.atomic
def lease_next(*, worker_id: int, hello: Hello) -> Lease | None:
    """The run whose turn it is of those that fit this worker, leased to it; None if it has no room or nothing fits."""
    if Run.objects.filter(worker_id=worker_id, state__in=HELD).count() >= hello.slots:
        return None
    mine = Q(keeper=None) | Q(keeper=worker_id)
    waiting = Run.objects.waiting().filter(mine, stop_requested=False)
    for turn in turns(waiting):
        if missing(turn.device, turn.dataset, hello) is None:
            run = waiting.filter(pk=turn.run).select_for_update(skip_locked=True).first()
            if run is not None:  # else another process has just taken it
                return _grant(run, worker_id)
    return None


def _grant(run: Run, worker_id: int) -> Lease:
    run.state = RunState.LEASED
    run.lease += 1
    run.attempt += 1
    run.cursor = 0
    run.worker_id = worker_id
    run.keeper = None
    run.finished = run.failed = None  # of the end before it was gone on with
    run.lease_expires = _expiry()
    run.save(
        update_fields=["state", "lease", "attempt", "cursor", "worker", "keeper", "finished", "failed", "lease_expires"]
    )
    WorkedSpan.objects.create(owner=run.experiment.owner, run=run.pk, lease=run.lease, worker=worker_id)
    if run.watched:
        RunOrder.objects.create(run=run, command={"kind": "watch", "layers": run.watched})
    _tell_viewers(run)
    queue_moved()
    return _lease_message(run)


def _lease_message(run: Run) -> Lease:
    job = Job(run=run.pk, attempt=run.attempt, network=run.network, recipe=run.recipe, continued=run.continued)
    frozen = FrozenDataset.objects.filter(run=run).first()
    if frozen is not None:
        own = {"dataset": frozen.record, "file": {"digest": frozen.digest, "bytes": frozen.bytes}}
        job = Job.model_validate({**job.model_dump(), **own})
    return Lease(run=run.pk, lease=run.lease, job=job)


def missing(device: str | None, dataset: str | None, hello: Hello) -> str | None:
    """What the worker lacks for a recipe's device and data set, for people."""
    if device == "cuda" and not hello.cuda:
        return "No connected worker has a GPU. Start one on a machine with CUDA, or train on the processor."
    dataset = dataset or "mnist"
    if is_own(dataset):
        return None if hello.fetches else "No connected worker can fetch data sets. Start one of this version."
    if dataset not in hello.datasets and dataset not in hello.downloads:
        return f"No connected worker has the data set '{dataset}'. Start one that has it, or choose another data set."
    return None


# Keeping


def leases_renew(*, worker_id: int) -> None:
    """The worker was heard of."""
    Worker.objects.filter(pk=worker_id).update(last_seen=timezone.now())
    Run.objects.filter(worker_id=worker_id, state__in=HELD).update(lease_expires=_expiry())
    held = Run.objects.filter(pk=OuterRef("run"), lease=OuterRef("lease"), worker_id=worker_id, state__in=HELD)
    recent = WorkedSpan.objects.filter(worker=worker_id, seen__gt=timezone.now() - GONE)
    recent.filter(Exists(held)).update(seen=timezone.now())


@transaction.atomic
def worker_hello(*, worker_id: int, hello: Hello) -> list[Message]:
    """A worker has dialled in: what it must be told about the runs that it has, and those that it should have."""
    content = hello.model_dump(exclude={"held"})
    Worker.objects.filter(pk=worker_id).update(hello=content, last_seen=timezone.now())
    answers: list[Message] = [_answer_to(held, worker_id) for held in hello.held[:MOST_HELD]]
    going_on = {answer.run for answer in answers if isinstance(answer, Resume)}
    others = Run.objects.filter(worker_id=worker_id, state__in=HELD).exclude(pk__in=going_on)
    for run in others.select_for_update():
        if run.cursor == 0 and not run.stop_requested:
            answers.append(_lease_message(run))  # it was not heard, or nothing of it was stored: begin it again
        else:
            _end_lease(run, "The worker no longer has this run's files.")
    return answers


def _answer_to(held: HeldRun, worker_id: int) -> Message:
    """Go on (Resume), also where the lease had expired but nobody else has the run yet; or Revoked."""
    run = Run.objects.select_for_update().filter(pk=held.run).first()
    reason, over = "", False
    if run is None:
        reason = "The run was deleted."
    elif run.state in ENDED or run.waits_to_go_on:
        reason, over = "The run has ended.", run.lease == held.lease
    elif run.lease != held.lease or (run.worker_id or worker_id) != worker_id:
        reason = "The run went on elsewhere."
    if run is None or reason:
        return Revoked(run=held.run, lease=held.lease, reason=reason, keep=over)
    if run.state not in HELD or run.worker_id is None:
        run.state = _state_of(run)
        run.worker_id = worker_id
        _tell_viewers(run)
    run.lease_expires = _expiry()
    run.save(update_fields=["state", "worker", "lease_expires"])
    return Resume(run=run.pk, lease=run.lease, seq=run.cursor + 1)


def _state_of(run: Run) -> RunState:
    """What a recovered run was doing, by the last that it told in this attempt."""
    told = RunEvent.objects.filter(run=run, attempt=run.attempt)
    moments = told.filter(data__name__in=("paused", "resumed")).order_by("-id").values_list("data__name", flat=True)
    if moments.first() == "paused":
        return RunState.PAUSED
    return RunState.RUNNING if told.filter(kind="started").exists() else RunState.LEASED


@transaction.atomic
def leases_checked(*, worker_id: int, held: Mapping[str, int]) -> tuple[list[Revoked], set[str]]:
    """Compare with what a connected worker holds. Gives the leases that are no longer its own, because the run was
    deleted or given away, and the runs that have ended in peace; leases that it does not know of are ended."""
    for run in Run.objects.filter(worker_id=worker_id, state__in=HELD).exclude(pk__in=held).select_for_update():
        _end_lease(run, "The worker did not take this run.")
    found = Run.objects.filter(pk__in=held).values_list("pk", "lease", "state")
    rows = {pk: (lease, state) for pk, lease, state in found}
    revoked = [
        Revoked(run=run, lease=lease, reason="The run went on elsewhere." if run in rows else "The run was deleted.")
        for run, lease in held.items()
        if run not in rows or rows[run][0] != lease
    ]
    return revoked, {run for run, (_, state) in rows.items() if state in ENDED}


def kept_outdated(*, kept: Mapping[str, KeptRun]) -> list[Revoked]:
    """Checkpoints that nobody will ask for: the run went on with another worker."""
    if not kept:
        return []
    rows = dict(Run.objects.filter(pk__in=kept).values_list("pk", "attempt"))
    return [
        Revoked(run=run, lease=found.lease, reason="It went on elsewhere.")
        for run, found in kept.items()
        if rows.get(run, 0) > found.attempt
    ]


def runs_deleted(*, runs: Collection[str]) -> tuple[str, ...]:
    """Those of which a worker has something and the site nothing."""
    if not runs:
        return ()
    return tuple(sorted({*runs}.difference(Run.objects.filter(pk__in=runs).values_list("pk", flat=True))))


# Ending


@transaction.atomic
def lease_exited(*, run_id: str, lease: int, worker_id: int, reason: str) -> None:
    """The job's process ended without a last record: back to the queue while attempts remain."""
    held = Run.objects.filter(pk=run_id, lease=lease, worker_id=worker_id, state__in=HELD)
    run = held.select_for_update().first()
    if run is not None:
        _end_lease(run, reason)


@transaction.atomic
def leases_expire(*, now: datetime) -> int:
    """Take the runs of silent workers back; gives their number. A connected worker keeps its own."""
    silent = Run.objects.filter(state__in=HELD, lease_expires__lt=now).exclude(worker_id__in=connections.connected())
    runs = list(silent.select_related("worker").select_for_update(of=("self",)))
    for run in runs:
        name = run.worker.name if run.worker else "that trained it"
        _end_lease(run, f"The worker {name} was not heard of for {settings.LEASE_SECONDS:.0f} seconds.", RunState.LOST)
    return len(runs)


def _end_lease(run: Run, reason: str, back: RunState = RunState.QUEUED) -> None:
    """Stopped if that was wished, queued again (as `back`) while attempts remain, else failed."""
    was_paused = run.state == RunState.PAUSED
    run.attempts_without_progress += 1
    run.lease_expires = None
    if run.stop_requested:
        run.state, run.ended = RunState.STOPPED, timezone.now()
    elif run.attempts_without_progress >= settings.RUN_ATTEMPTS:
        _fail(run, reason)
    else:
        run.state = back
        if was_paused:
            RunOrder.objects.create(run=run, command={"kind": "pause"})
        _note(run, Event(step=run.step, name="warning", message=reason, time=timezone.now().timestamp()))
    if back == RunState.QUEUED:
        run.worker = None
    run.save()
    _tell_viewers(run)
    queue_changed()


def _fail(run: Run, reason: str) -> None:
    times = run.attempts_without_progress
    failed = Failed(
        step=run.step,
        code="crashed",
        message=f"The run broke off {times} times without getting further. The last time: {reason}",
        hint="If memory ran out, use a smaller batch or network; the worker's log says more. Then train again.",
    )
    run.failed = failed.model_dump(mode="json")
    run.state, run.ended = RunState.FAILED, timezone.now()
    _note(run, failed)


def _note(run: Run, message: Event | Failed) -> None:
    RunEvent.objects.create(
        run=run, attempt=run.attempt, step=message.step, kind=message.kind, data=message.model_dump(mode="json")
    )


# For people


def waiting_for(run: Run) -> str | None:
    """Why a run is not training yet; None for one that is not in the queue."""
    if run.state not in (RunState.QUEUED, RunState.LOST):
        return None
    workers = connections.connected()
    if not workers:
        return (
            "No worker is connected. Start one with: python -m worker --site … --token … "
            "(`manage.py worker_token NAME` prints a token.)"
        )
    lacks = [missing(run.recipe.get("device"), run.recipe.get("dataset"), hello) for hello in workers.values()]
    if run.keeper and run.keeper_id not in workers:
        return (
            f"The worker {run.keeper.name}, which has this run's checkpoint, is not connected. Start it again; or take "
            "the run out of the queue and train it anew."
        )
    if all(lacks):
        return lacks[0]
    before = _before(run, workers)
    if before:
        return f"{counted(before, 'run is', 'runs are')} before this one."
    busy = Run.objects.filter(worker_id__in=workers, state__in=HELD).count()
    if busy >= sum(hello.slots for hello in workers.values()):
        return "The worker is training another run." if len(workers) == 1 else "All workers are training other runs."
    return "A worker is about to take it."


def _before(run: Run, workers: Mapping[int, Hello]) -> int:
    """How many of those that the connected workers can take are served before this one, as lease_next serves them."""
    coming = takewhile(lambda turn: turn.run != run.pk, turns(Run.objects.waiting().filter(stop_requested=False)))
    return sum(
        any(
            turn.keeper in (None, worker) and missing(turn.device, turn.dataset, hello) is None
            for worker, hello in workers.items()
        )
        for turn in coming
    )


def _expiry() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)


def _tell_viewers(run: Run) -> None:
    transaction.on_commit(partial(hub.announce, run.pk))
