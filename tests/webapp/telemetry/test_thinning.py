"""Pictures that are stored an upload at a time: the same rows as one after the other, by the plain rule."""

from __future__ import annotations

import random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.protocol import TELEMETRY, Maps, Started, decode
from tests.webapp.telemetry.conftest import histogram_record, leased_run, maps_record, started_record
from webapp.runs.models import Run
from webapp.telemetry import frames, thinning
from webapp.telemetry.frames import Pictured, frame_key, frames_cut
from webapp.telemetry.ingest import store
from webapp.telemetry.models import Frame

pytestmark = pytest.mark.django_db

FEW_FRAMES, FEW_BYTES = 7, 3000


def plain_rule(run: Run, attempt: int, message: Pictured, record: bytes) -> None:
    """One picture: the newest always stays; the one before stays if it is `spacing` steps from its elder."""
    place = Frame.objects.filter(run=run, kind=message.kind, key=frame_key(message))
    recent = list(place.order_by("-id")[:2])
    spacing = recent[0].spacing if recent else 0
    values = {"attempt": attempt, "step": message.step, "size": len(record), "data": record, "spacing": spacing}
    if len(recent) == 2 and recent[0].step - recent[1].step < spacing:
        Frame.objects.filter(pk=recent[0].pk).update(**values)
        return
    Frame.objects.create(run=run, kind=message.kind, key=frame_key(message), **values)
    kept = list(place.order_by("id"))
    most_bytes = FEW_BYTES if isinstance(message, Maps) else frames.BOUNDS[type(message)]
    if len(kept) > FEW_FRAMES or (sum(frame.size for frame in kept) > most_bytes and len(kept) > 2):
        place.filter(pk__in=[frame.pk for frame in kept[1:-1:2]]).delete()
        usual = 2 * (kept[-1].step - kept[0].step) // len(kept)
        place.filter(pk=kept[-1].pk).update(spacing=max(1, 2 * spacing, usual))


def plainly_stored(run: Run, attempt: int, records: list[bytes]) -> None:
    for record in records:
        message, _ = decode(record, TELEMETRY)
        if isinstance(message, Started):
            frames_cut(run.pk, message.first_step)
        else:
            plain_rule(run, attempt, message, record)


def rows_of(run: Run) -> list[tuple]:
    rows = Frame.objects.filter(run=run).order_by("id")
    return [
        (row.attempt, row.kind, row.key, row.step, row.spacing, row.size, row.data)
        for row in rows
    ]  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_an_upload_of_pictures_leaves_the_rows_that_one_picture_after_the_other_leaves(seed: int) -> None:
    """Uploads of few and of many pictures, of layers in any order, with attempts that begin anew at an earlier step."""
    chance = random.Random(seed)
    together, singly = leased_run(), leased_run(number=2)
    step = cursor = 0
    with patch.object(thinning, "MOST_FRAMES", FEW_FRAMES), patch.object(frames, "MOST_BYTES", FEW_BYTES):
        for attempt in range(1, 8):
            Run.objects.update(attempt=attempt)
            records = []
            for _ in range(chance.randint(1, 30)):
                step += chance.choice([0, 1, 1, 2, chance.randint(3, 40)])
                layer = chance.choice(["c1", "c1", "c2"])
                if chance.random() < 0.02:
                    step = max(0, step - chance.randint(0, 60))
                    records.append(started_record(attempt, step))
                elif chance.random() < 0.5:
                    records.append(maps_record(step, layer, chance.choice([10, 10, 10, 200, 1500])))
                else:
                    records.append(histogram_record(step, layer))
            cursor = store(together.pk, 1, cursor + 1, records)
            plainly_stored(singly, attempt, records)
            assert rows_of(together) == rows_of(singly)
