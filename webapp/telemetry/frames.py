"""Pictures of moments: feature maps, effective fields, dead units, histograms, predictions, evaluations, mistakes.

Enough of them stay to replay a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Max, Q

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


def frames_store(run_id: str, attempt: int, pictures: Sequence[tuple[Pictured, bytes]]) -> None:
    """Keep pictures with their records, in the order in which they came. In a transaction.

    They are read and written together, since a query takes the site longer than what it stores.
    """
    places = [(message.kind, frame_key(message)) for message, _ in pictures]
    series = _series_of(run_id, set(places))
    for number, (place, (message, record)) in enumerate(zip(places, pictures, strict=True)):
        series[place].take(number, message.step, len(record), BOUNDS.get(type(message), MOST_BYTES))
    gone = [pk for each in series.values() for pk in each.gone]
    if gone:
        Frame.objects.filter(pk__in=gone).delete()
    shown = [(kept, kept.picture) for each in series.values() for kept in each.frames if kept.picture is not None]
    Frame.objects.bulk_create(
        [
            Frame(
                pk=kept.pk, run_id=run_id, attempt=attempt, kind=places[number][0], key=places[number][1],
                step=kept.step, spacing=kept.spacing, size=kept.size, data=pictures[number][1],
            )
            for kept, number in sorted(shown, key=lambda pair: pair[0].born)
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["attempt", "step", "spacing", "size", "data"],
    )  # fmt: skip


def _series_of(run_id: str, places: set[tuple[str, str]]) -> dict[tuple[str, str], Series]:
    """What is kept of each kind and key."""
    keys: dict[str, list[str]] = {}
    for kind, key in places:
        keys.setdefault(kind, []).append(key)
    concerned = Q(pk__in=[])
    for kind in keys:  # the run in each of them: the database then finds them all by its index
        concerned |= Q(run_id=run_id, kind=kind, key__in=keys[kind])
    series = {place: Series() for place in places}
    rows = Frame.objects.filter(concerned).order_by("id").values_list("kind", "key", "step", "spacing", "size", "id")
    for kind, key, *kept in rows:
        series[kind, key].add(Kept(*kept))
    return series


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
