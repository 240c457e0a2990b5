"""How long a training will take, from how long others took. Nothing is guessed where nothing was timed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from playground.sweep import Member
from webapp.runs.models import Run, RunState

LOOKED_AT = 40
"""Of the runs that finished last."""


@dataclass(frozen=True)
class Pace:
    """A run that was timed."""

    name: str
    number: int
    worker: str
    macs: int
    """For one image."""
    seconds: float
    """For one image forward and back, all that stands between included."""

    def of(self, member: Member) -> float:
        """Seconds of a training: as the multiply-adds of the two, and no less for an image of a smaller network, where
        the multiply-adds are not what takes the time."""
        images = member.work / max(1, member.macs) / 3
        return images * self.seconds * max(1.0, member.macs / self.macs)


def pace_for(owner: str, macs: int) -> Pace | None:
    """Of the owner's timed run whose network is nearest in multiply-adds, on the worker that trained for them last."""
    runs = Run.objects.filter(
        experiment__owner=owner, state=RunState.FINISHED, worker__isnull=False, macs__gt=0, finished__seconds__gt=0
    )
    columns = ("name", "number", "worker", "worker__name", "macs", "step", "recipe__batch_size", "finished__seconds")
    rows = list(runs.order_by("-ended").values_list(*columns)[:LOOKED_AT])
    found = [
        Pace(name, number, worker_name, of, seconds / (step * batch))
        for name, number, worker, worker_name, of, step, batch, seconds in rows
        if worker == rows[0][2] and step > 0 and batch
    ]
    return min(found, key=lambda pace: abs(math.log(pace.macs / max(1, macs))), default=None)


def seconds_of(owner: str, members: Sequence[Member]) -> tuple[float | None, Pace | None]:
    """Of all, one after the other, and what it is measured by; None where none was timed."""
    middle = sorted(member.macs for member in members)[len(members) // 2]
    pace = pace_for(owner, middle)
    return (sum(pace.of(member) for member in members), pace) if pace else (None, None)


def time_words(seconds: float) -> str:
    """ "40 s", "3 min", "2 h 10 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
