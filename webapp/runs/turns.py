"""Whose turn it is: the order in which the queue is served.

The next run is one of the owner for whom the fewest train; where that is several, of the one who was served longest
ago; an owner's own runs go first come, first served. So somebody's sweep of 24 runs lets the next person's single run
in after the run that trains, and costs its owner nothing while nobody else waits.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from webapp.accounts.models import WorkedSpan
from webapp.runs.models import HELD, Run, RunQuerySet

REMEMBERED = timedelta(days=1)
"""Whoever was last served before counts as never served."""


@dataclass(frozen=True)
class Turn:
    """A run that waits, with as much of it as says which worker may take it."""

    run: str
    owner: str
    device: str | None
    dataset: str | None
    keeper: int | None


COLUMNS = ("pk", "experiment__owner", "recipe__device", "recipe__dataset", "keeper_id")


def turns(waiting: RunQuerySet) -> Iterator[Turn]:
    """Those that wait, in the order in which they are served. Three queries; documents stay where they are."""
    rows = [Turn(*row) for row in waiting.order_by("queued", "id").values_list(*COLUMNS)]
    owners = {row.owner for row in rows}
    training = Counter(
        Run.objects.filter(state__in=HELD, experiment__owner__in=owners)
        .order_by()
        .values_list("experiment__owner", flat=True)
    )
    lately = WorkedSpan.objects.filter(owner__in=owners, seen__gt=timezone.now() - REMEMBERED).order_by()
    return in_turn(rows, training, dict(lately.values_list("owner").annotate(last=Max("begun"))))


def in_turn(waiting: Iterable[Turn], training: Mapping[str, int], served: Mapping[str, datetime]) -> Iterator[Turn]:
    """waiting: first come first. training: runs that train of each owner; served: when one of theirs was begun last."""
    lines: dict[str, deque[tuple[int, Turn]]] = defaultdict(deque)
    for place, turn in enumerate(waiting):
        lines[turn.owner].append((place, turn))
    ranks = {owner: rank for rank, owner in enumerate(sorted(served, key=lambda owner: served[owner]), 1)}
    next_ones = [(training.get(owner, 0), ranks.get(owner, 0), line[0][0], owner) for owner, line in lines.items()]
    heapq.heapify(next_ones)
    now = len(ranks)
    while next_ones:
        count, _, _, owner = heapq.heappop(next_ones)
        now += 1
        line = lines[owner]
        yield line.popleft()[1]
        if line:
            heapq.heappush(next_ones, (count + 1, now, line[0][0], owner))
