"""Pictures of moments: feature maps, effective fields, dead units, histograms, predictions, evaluations, mistakes.

Enough of them stay to replay a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Count, Max, Q, Sum

from playground.protocol import (
    EffectiveField,
    Evaluation,
    Gradients,
    Histogram,
    Maps,
    Message,
    Mistakes,
    Prediction,
    Units,
    WeightImages,
)
from webapp.telemetry.models import Frame
from webapp.telemetry.thinning import Kept, Series

MOST_BYTES = 8 * 1024 * 1024
"""Of one kind and layer."""
MOST_FIELD_BYTES = 1024 * 1024
"""Of the effective fields of one layer, which change slowly."""
MOST_GRADIENT_BYTES, MOST_WEIGHT_BYTES = 4 * 1024 * 1024, 2 * 1024 * 1024
"""Of the probe's gradients and of the weights of one layer."""
MOST_HISTOGRAM_BYTES = 64 * 1024
"""Of one quantity of one layer: a deep network has hundreds of them, and a hundred moments tell how it moved."""

MOST_MISTAKES_KEPT = 2 * 1024 * 1024
"""Of the mistakes of one part: about twenty moments of a network that errs much, hundreds of one that errs little."""
ONLY_BY_NAME = ("mistakes",)
"""Kinds that are not among the records of a moment unless they are asked for."""


def frame_key(message: Message) -> str:
    """What the newest frame of a kind is kept for: a layer, or the split of an evaluation."""
    match message:
        case Maps() | Gradients() | WeightImages() | EffectiveField() | Units():
            return message.layer[:160]
        case Histogram():
            return f"{message.of} {message.layer}"[:160]
        case Evaluation() | Mistakes():
            return message.split
    return ""


Pictured = Maps | Gradients | WeightImages | EffectiveField | Units | Histogram | Prediction | Evaluation | Mistakes
BOUNDS: dict[type[Message], int] = {
    Gradients: MOST_GRADIENT_BYTES,
    WeightImages: MOST_WEIGHT_BYTES,
    EffectiveField: MOST_FIELD_BYTES,
    Histogram: MOST_HISTOGRAM_BYTES,
    Mistakes: MOST_MISTAKES_KEPT,
}


Place = tuple[str, str]
"""A kind and a key."""


def frames_store(run_id: str, attempt: int, pictures: Sequence[tuple[Pictured, bytes]]) -> None:
    """Keep pictures with their records, in the order in which they came. In a transaction.

    They are read and written together, since a query takes the site longer than what it stores.
    """
    coming = [Coming((message.kind, frame_key(message)), message, record) for message, record in pictures]
    series = _series_of(run_id, coming)
    for number, one in enumerate(coming):
        series[one.place].take(number, one.message.step, len(one.record), one.most_bytes)
    gone = [pk for each in series.values() for pk in each.gone]
    if gone:
        Frame.objects.filter(pk__in=gone).delete()
    written = []
    for kept in sorted((kept for each in series.values() for kept in each.frames), key=lambda kept: kept.born):
        if kept.picture is not None:
            (kind, key), record = coming[kept.picture].place, coming[kept.picture].record
            seen = {"step": kept.step, "spacing": kept.spacing, "size": kept.size, "data": record}
            written.append(Frame(pk=kept.pk, run_id=run_id, attempt=attempt, kind=kind, key=key, **seen))
    Frame.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["attempt", "step", "spacing", "size", "data"],
    )


class Coming(NamedTuple):
    """A picture that is to be kept."""

    place: Place
    message: Pictured
    record: bytes

    @property
    def most_bytes(self) -> int:
        return BOUNDS.get(type(self.message), MOST_BYTES)


def _series_of(run_id: str, coming: Sequence[Coming]) -> dict[Place, Series]:
    """What is kept of each kind and key: its newest two, or all where some may have to go."""
    by_place: dict[Place, list[Coming]] = {}
    for one in coming:
        by_place.setdefault(one.place, []).append(one)
    series = {place: Series() for place in by_place}
    concerned = Frame.objects.filter(_at(run_id, series))
    newest: list[int] = []
    for *place, count, size, last in concerned.values_list("kind", "key").annotate(Count("id"), Sum("size"), Max("id")):
        series[place[0], place[1]] = Series(count, size)
        newest.append(last)
    elders = concerned.exclude(pk__in=newest).values("kind", "key").annotate(last=Max("id")).values("last")
    full = [
        place
        for place, some in by_place.items()
        if series[place].full(some[0].most_bytes, len(some), sum(len(one.record) for one in some))
    ]
    wanted = Q(pk__in=newest) | Q(pk__in=elders) | _at(run_id, full)
    rows = Frame.objects.filter(wanted).order_by("id").values_list("kind", "key", "step", "spacing", "size", "id")
    for kind, key, *kept in rows:
        series[kind, key].frames.append(Kept(*kept))
    return series


def _at(run_id: str, places: Iterable[Place]) -> Q:
    """Frames at these places; the run stands in each part, so that the database finds all of them by its index."""
    keys: dict[str, list[str]] = {}
    for kind, key in places:
        keys.setdefault(kind, []).append(key)
    return reduce(or_, (Q(run_id=run_id, kind=kind, key__in=keys[kind]) for kind in keys), Q(pk__in=[]))


def frames_cut(run_id: str, step: int) -> None:
    """Forget what was seen after the step; a new attempt goes on from there and will show it again."""
    Frame.objects.filter(run_id=run_id, step__gt=step).delete()


def frames_at(run_id: str, step: int | None = None, kind: str | None = None) -> Iterable[bytes]:
    """The newest record of every kind, or of one, and layer; at or before the step where one is given.

    Without a kind those of ONLY_BY_NAME are left out.
    """
    frames = Frame.objects.filter(run_id=run_id)
    frames = frames.filter(kind=kind) if kind else frames.exclude(kind__in=ONLY_BY_NAME)
    if step is not None:
        frames = frames.filter(step__lte=step)
    newest = Q(pk__in=[])
    for kind, key, last in frames.values_list("kind", "key").annotate(Max("step")).order_by("kind", "key"):
        newest |= Q(kind=kind, key=key, step=last)
    chosen = {(frame.kind, frame.key): bytes(frame.data) for frame in frames.filter(newest).order_by("id")}
    return chosen.values()
