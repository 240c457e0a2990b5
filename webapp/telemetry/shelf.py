"""Chunks of several runs, taken from storage in one query, where one for each piece of each curve took longer than all
the reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, Subquery

from webapp.telemetry.models import Chunk

AT_ONCE = 4
"""Runs whose chunks are held at a time: a deep run's are megabytes."""
Place = tuple[str, int, str, int]
"""Run, attempt, stream, level."""


@dataclass(frozen=True)
class Shelf:
    """By place the last chunks there, in order; all of them from a step on. What was asked for and is not here is
    nowhere."""

    runs: frozenset[str] = frozenset()
    streams: frozenset[str] = frozenset()
    level: int = -1
    _chunks: Mapping[Place, list[Chunk]] = field(default_factory=dict)

    def _looked(self, place: Place) -> bool:
        run, _, stream, level = place
        return run in self.runs and stream in self.streams and level <= self.level

    def chunks(self, place: Place, start: int, stop: int) -> list[Chunk] | None:
        """Those with rows of these steps; None where the shelf does not hold all of them."""
        kept = self._chunks.get(place, [])
        if not self._looked(place) or (kept and kept[0].part > 0 and start < kept[0].step0):
            return None
        return [chunk for chunk in kept if chunk.last >= start and chunk.step0 <= stop]

    def newest(self, place: Place, stop: int) -> list[Chunk] | None:
        """The last two that begin by then, the newest first; None where the shelf may not hold them."""
        kept = self._chunks.get(place, [])
        found = [chunk for chunk in kept if chunk.step0 <= stop]
        whole = self._looked(place) and (not kept or kept[0].part == 0)
        return found[:-3:-1] if whole or len(found) > 1 else None


EMPTY = Shelf()


def ends_of(
    *, runs: Collection[str], streams: Iterable[str], level: int, whole: Mapping[int, Collection[str]] | None = None
) -> Shelf:
    """The last two chunks of each stream at each level up to this one: as much as a reader needs at the end, where rows
    are not summed up yet. `whole`: by level the runs of which all chunks at that level are wanted."""
    newest = Chunk.objects.filter(
        run=OuterRef("run"), attempt=OuterRef("attempt"), stream=OuterRef("stream"), level=OuterRef("level")
    )
    wanted = Q(part__gte=Subquery(newest.order_by("-part").values("part")[:1]) - 1)
    for each, of in (whole or {}).items():
        wanted |= Q(level=each, run__in=list(of))
    names = frozenset(streams)
    rows = Chunk.objects.filter(run__in=list(runs), stream__in=list(names), level__lte=level).filter(wanted)
    found: dict[Place, list[Chunk]] = defaultdict(list)
    for chunk in rows:
        found[chunk.run_id, chunk.attempt, chunk.stream, chunk.level].append(chunk)
    for chunks in found.values():
        chunks.sort(key=lambda chunk: chunk.part)  # the database would carry every byte through its sorting
    return Shelf(frozenset(runs), names, level, found)
