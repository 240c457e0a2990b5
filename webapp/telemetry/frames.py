"""Pictures of moments: feature maps, effective fields, dead units, histograms, predictions, evaluations, mistakes.

Enough of them stay to replay a run.
"""

from __future__ import annotations

from collections.abc import Iterable

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

MOST_FRAMES = 300
MOST_BYTES = 8 * 1024 * 1024
"""Bounds for one kind and layer; beyond them every second frame goes, and new ones are kept half as often."""
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


def frame_store(run_id: str, attempt: int, message: Pictured, record: bytes) -> None:
    """Keep a frame. The newest always stays; the one before stays if it is `spacing` steps from its elder."""
    place = {"run_id": run_id, "kind": message.kind, "key": frame_key(message)}
    recent = list(Frame.objects.filter(**place).order_by("-id").only("step", "spacing")[:2])
    spacing = recent[0].spacing if recent else 0
    values = {"attempt": attempt, "step": message.step, "size": len(record), "data": record, "spacing": spacing}
    if len(recent) == 2 and recent[0].step - recent[1].step < spacing:
        Frame.objects.filter(pk=recent[0].pk).update(**values)
        return
    Frame.objects.create(**place, **values)
    kept = Frame.objects.filter(**place).aggregate(frames=Count("id"), bytes=Sum("size"))
    most_bytes = BOUNDS.get(type(message), MOST_BYTES)
    if kept["frames"] > MOST_FRAMES or (kept["bytes"] > most_bytes and kept["frames"] > 2):
        _thin(place, spacing)


def _thin(place: dict[str, str], spacing: int) -> None:
    frames = list(Frame.objects.filter(**place).order_by("id").only("step"))
    Frame.objects.filter(pk__in=[frame.pk for frame in frames[1:-1:2]]).delete()
    usual = 2 * (frames[-1].step - frames[0].step) // len(frames)
    Frame.objects.filter(pk=frames[-1].pk).update(spacing=max(1, 2 * spacing, usual))


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
