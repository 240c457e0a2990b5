"""How much there is for each: experiments, runs that wait or train, stored megabytes, minutes of workers in a day.

Guests have less than members; the numbers are settings. What is checked before something is made is counted in the same
transaction. A number of 0 means that there is no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Length
from django.utils import timezone

from playground.words import MEGABYTE, counted, megabytes
from webapp.accounts.models import WorkedSpan, user_id_of
from webapp.artifacts.models import RunArtifact
from webapp.datasets.models import OwnDataset, OwnState
from webapp.experiments.models import Experiment, Version
from webapp.problems import Refusal
from webapp.runs.models import ENDED, Run
from webapp.telemetry.models import Chunk, Frame

UNDER_WAY = (OwnState.UPLOADING, OwnState.CHECKING)
DAY = timedelta(days=1)

Good = Literal["experiments", "runs", "megabytes", "worker_minutes"]


@dataclass(frozen=True)
class Quota:
    """What an owner has of something, and the most they may have; `most` 0: without a limit."""

    good: Good
    used: float
    most: int
    words: str
    """What it is, for people."""

    @property
    def reached(self) -> bool:
        return 0 < self.most <= self.used

    @property
    def share(self) -> float:
        return min(1.0, self.used / self.most) if self.most else 0.0


WORDS: dict[Good, str] = {
    "experiments": "Experiments",
    "runs": "Runs waiting or training",
    "megabytes": "Stored, MB",
    "worker_minutes": "Workers' minutes in 24 hours",
}
SETTING: dict[Good, str] = {
    "experiments": "EXPERIMENTS",
    "runs": "RUNS_WAITING",
    "megabytes": "MEGABYTES",
    "worker_minutes": "WORKER_MINUTES",
}


def quotas_of(owner: str) -> list[Quota]:
    """All four."""
    return [quota_of(owner, good) for good in WORDS]


def quota_of(owner: str, good: Good) -> Quota:
    return Quota(good, COUNT[good](owner), most_of(owner, good), WORDS[good])


def most_of(owner: str, good: Good) -> int:
    """The limit, 0 where there is none."""
    kind = "GUEST" if user_id_of(owner) is None else "MEMBER"
    return int(getattr(settings, f"{SETTING[good]}_PER_{kind}"))


def check_experiments(owner: str, *, storage: bool = True) -> None:
    """Raises Refusal where there is no room for another experiment; call it within the transaction that makes it.
    `storage`: False where the bytes are asked for next, in the same transaction."""
    quota = quota_of(owner, "experiments")
    if quota.reached:
        number = counted(quota.most, "experiment", "experiments")
        _refuse(owner, "too_many", f"You have {number}, the most there is room for. Delete some.")
    if storage:
        check_storage(owner)


def check_runs(owner: str, wanted: int = 1) -> None:
    """Raises Refusal where so many more may not be trained now; call it within the transaction that queues them."""
    runs = quota_of(owner, "runs")
    if wanted > 1 and 0 < runs.most < runs.used + wanted:
        _refuse(
            owner,
            "too_many_runs",
            f"These are {wanted} runs, and {int(runs.used)} of yours wait or train already; there is room for "
            f"{runs.most} in all. Start fewer, or stop some.",
        )
    if runs.reached:
        _refuse(
            owner,
            "too_many_runs",
            f"You have {counted(int(runs.used), 'run', 'runs')} waiting or training. Stop one, or wait for it.",
        )
    minutes = quota_of(owner, "worker_minutes")
    if minutes.reached:
        _refuse(
            owner,
            "worker_minutes",
            f"Workers trained for you for {minutes.used:,.0f} minutes within 24 hours; you have {minutes.most:,}. "
            "Try again later.",
        )
    check_storage(owner)


def check_storage(owner: str, more: int = 0, what: str = "") -> None:
    """Raises Refusal where what is stored, with `more` bytes of `what` is to come, is over the limit."""
    most = most_of(owner, "megabytes")
    used = stored_bytes(owner) if most else 0
    if not most or used + more < most * MEGABYTE:
        return
    coming = f"{what} has {megabytes(more)}, and your" if what else "Your"
    taken = f"{coming} experiments, runs and data sets take {used / MEGABYTE:,.0f} MB of {most:,}."
    _refuse(owner, "storage", f"{taken} Delete what you no longer need.")


def storage_left(owner: str, freed: int = 0) -> int | None:
    """Bytes that may still be stored once `freed` of them are gone, below 0 where it is too much already; None where
    there is no limit."""
    most = most_of(owner, "megabytes")
    return most * MEGABYTE - stored_bytes(owner) + freed if most else None


def _refuse(owner: str, code: str, message: str) -> None:
    raise Refusal(429, code, message + more_room(owner))


def more_room(owner: str) -> str:
    """What a guest can do beside deleting; empty for a member."""
    guest = user_id_of(owner) is None and settings.SIGN_UP_OPEN
    return " Members have more room: sign up, and all you made comes along." if guest else ""


_sizes: dict[str, tuple[int, int, int]] = {}
"""Run to lease, cursor and bytes. What a run stores changes with these numbers alone, so each is summed up once."""
MOST_SIZES = 200_000


def stored_bytes(owner: str) -> int:
    """Telemetry, frozen documents, weights, experiments with their versions, data sets and what is sent of them."""
    runs = Run.objects.filter(experiment__owner=owner).values_list("pk", "lease", "cursor")
    known = {run: (lease, cursor) for run, lease, cursor in runs}
    stale = [run for run, place in known.items() if run not in _sizes or _sizes[run][:2] != place]
    if len(_sizes) + len(stale) > MOST_SIZES:
        _sizes.clear()
        stale = list(known)
    for batch in _batches(stale, 500):
        for run, size in _run_bytes(batch).items():
            _sizes[run] = (*known[run], size)
    documents = Experiment.objects.filter(owner=owner).aggregate(size=Sum(_length("network") + Length("notes")))
    weights = RunArtifact.objects.filter(run__experiment__owner=owner).aggregate(size=Sum("artifact__size"))
    images = OwnDataset.objects.filter(owner=owner).aggregate(size=Sum("stored_bytes"))
    coming = OwnDataset.objects.filter(owner=owner, state__in=UNDER_WAY).aggregate(size=Sum("bytes"))
    versions = Version.objects.filter(experiment__owner=owner).aggregate(size=Sum(_length("network")))
    files = sum(found["size"] or 0 for found in (documents, versions, weights, images, coming))
    return sum(_sizes[run][2] for run in known) + files


def _run_bytes(runs: Sequence[str]) -> dict[str, int]:
    sizes = dict(Run.objects.filter(pk__in=runs).values_list("pk", _length("network") + _length("recipe")))
    for rows, size in ((Frame.objects, Sum("size")), (Chunk.objects, Sum(Length("data")))):
        for run, found in rows.filter(run__in=runs).order_by().values_list("run").annotate(whole=size):
            sizes[run] += found
    return sizes


def _batches(rows: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _length(document: str) -> Length:
    return Length(Cast(document, TextField()))


def worker_minutes(owner: str) -> float:
    """Within the last 24 hours."""
    since = timezone.now() - DAY
    spans = WorkedSpan.objects.filter(owner=owner, seen__gt=since).values_list("begun", "seen")
    return sum((seen - max(begun, since)).total_seconds() for begun, seen in spans) / 60


COUNT: dict[Good, Callable[[str], float]] = {
    "experiments": lambda owner: Experiment.objects.filter(owner=owner).count(),
    "runs": lambda owner: Run.objects.filter(experiment__owner=owner).exclude(state__in=ENDED).count(),
    "megabytes": lambda owner: stored_bytes(owner) / MEGABYTE,
    "worker_minutes": worker_minutes,
}
