"""Frames: the newest of every kind and layer always stays, older ones are thinned evenly."""

from __future__ import annotations

from itertools import pairwise

import pytest

from playground.protocol import EffectiveField, Histogram, Maps, Mistakes, decode_header
from tests.webapp.telemetry.conftest import effective_field_record, histogram_record, maps_record, mistakes_record
from webapp.runs.models import Run
from webapp.telemetry.frames import MOST_FIELD_BYTES, MOST_MISTAKES_KEPT, frames_at, frames_store
from webapp.telemetry.models import Frame
from webapp.telemetry.thinning import MOST_FRAMES

pytestmark = pytest.mark.django_db


def show(run: Run, step: int, layer: str = "c1", size: int = 16) -> None:
    record = maps_record(step, layer, size)
    frames_store(run.pk, 1, [(Maps.model_validate(decode_header(record)[0]), record)])


def steps_at(run: Run, step: int | None = None) -> list[int]:
    return [decode_header(record)[0]["step"] for record in frames_at(run.pk, step)]


def test_the_newest_at_or_before_a_step_of_each_layer(run: Run) -> None:
    for step in range(0, 100, 10):
        show(run, step)
    show(run, 35, "c2")
    assert steps_at(run) == [90, 35]
    assert steps_at(run, 47) == [40, 35]
    assert steps_at(run, 34) == [30]
    assert steps_at(run, 0) == [0]


def test_many_frames_are_thinned_evenly_and_the_newest_stays(run: Run) -> None:
    for step in range(0, 1600, 2):
        show(run, step)
        assert step % 400 or steps_at(run) == [step]
    kept = list(Frame.objects.order_by("step").values_list("step", flat=True))
    gaps = [later - earlier for earlier, later in pairwise(kept)]
    assert MOST_FRAMES // 3 <= len(kept) <= MOST_FRAMES
    assert kept[0] == 0 and kept[-1] == 1598
    assert max(gaps) <= 4 * min(gaps[:-1])


def test_effective_fields_are_kept_beside_the_maps_of_the_same_layer(run: Run) -> None:
    for step in (10, 20):
        record = effective_field_record(step)
        frames_store(run.pk, 1, [(EffectiveField.model_validate(decode_header(record)[0]), record)])
    show(run, 30)
    assert list(frames_at(run.pk)) == [effective_field_record(20), maps_record(30, size=16)]
    assert list(frames_at(run.pk, 15)) == [effective_field_record(10)]


def test_histograms_are_kept_for_each_quantity_of_a_layer_and_can_be_asked_for_alone(run: Run) -> None:
    for step in (10, 20):
        for of in ("activations", "weights"):
            record = histogram_record(step, of=of)
            frames_store(run.pk, 1, [(Histogram.model_validate(decode_header(record)[0]), record)])
    show(run, 30)
    assert list(frames_at(run.pk, 15, "histogram")) == [
        histogram_record(10, of="activations"), histogram_record(10, of="weights")
    ]  # fmt: skip
    assert len(list(frames_at(run.pk))) == 3


def test_effective_fields_of_large_images_are_thinned_sooner(run: Run) -> None:
    for step in range(40):
        record = effective_field_record(step, side=224)
        frames_store(run.pk, 1, [(EffectiveField.model_validate(decode_header(record)[0]), record)])
    assert sum(Frame.objects.values_list("size", flat=True)) < 1.2 * MOST_FIELD_BYTES
    assert steps_at(run) == [39]


def test_large_frames_are_bounded_in_bytes(run: Run) -> None:
    for step in range(60):
        show(run, step, size=500_000)
    assert sum(Frame.objects.values_list("size", flat=True)) < 9_000_000
    assert steps_at(run) == [59]


def test_mistakes_are_kept_for_each_split_and_come_only_when_asked_for(run: Run) -> None:
    for step in (10, 20):
        for split in ("train", "validation"):
            record = mistakes_record(step, split)
            frames_store(run.pk, 1, [(Mistakes.model_validate(decode_header(record)[0]), record)])
    show(run, 30)
    assert list(frames_at(run.pk)) == [maps_record(30, size=16)]
    assert list(frames_at(run.pk, 15, "mistakes")) == [mistakes_record(10, "train"), mistakes_record(10, "validation")]
    assert list(frames_at(run.pk, None, "mistakes")) == [
        mistakes_record(20, "train"), mistakes_record(20, "validation")
    ]  # fmt: skip


def test_many_mistakes_are_bounded_in_bytes(run: Run) -> None:
    for step in range(60):
        record = mistakes_record(step, count=120, side=28)
        frames_store(run.pk, 1, [(Mistakes.model_validate(decode_header(record)[0]), record)])
    assert sum(Frame.objects.values_list("size", flat=True)) < 1.2 * MOST_MISTAKES_KEPT
    assert [decode_header(record)[0]["step"] for record in frames_at(run.pk, None, "mistakes")] == [59]
