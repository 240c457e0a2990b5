"""store(): whatever is sent twice, broken off or out of order, each record counts exactly once."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.protocol import MOST_MISTAKES_BYTES, Evaluation, Failed, Progress, encode, unpack
from tests.webapp.telemetry.conftest import (
    effective_field_record,
    event_record,
    finished_record,
    histogram_record,
    leased_run,
    maps_record,
    mistakes_record,
    rows_record,
    started_record,
)
from webapp.runs.models import Run, RunEvent
from webapp.runs.views_of import run_view
from webapp.telemetry.frames import frames_at
from webapp.telemetry.history import history
from webapp.telemetry.ingest import Gap, LeaseLost, store
from webapp.telemetry.models import Frame
from webapp.viewers import ANONYMOUS, Viewer

pytestmark = pytest.mark.django_db


def steps_of(run: Run) -> list[int]:
    return [step for part in history(run, "steps", points=20_000) for step in part.table.steps.tolist()]


def test_a_run_from_its_first_record_to_its_last(run: Run) -> None:
    assert store(run.pk, 1, 1, [started_record()]) == 1
    run.refresh_from_db()
    assert (run.state, run.total_steps, run.attempts) == ("running", 1000, [{"attempt": 1, "first_step": 0}])
    progress = Progress(
        step=90,
        epoch=0.9,
        learning_rate=0.1,
        steps_per_second=100,
        images_per_second=6400,
        seconds_left=9,
        telemetry_share=0.01,
    )
    records = [rows_record(range(1, 101)), encode(progress), event_record(100), maps_record(100)]
    assert store(run.pk, 1, 2, records) == 5
    evaluation = Evaluation(step=100, split="validation", images=10, classes=2, loss=0.3, accuracy=0.7, top5_error=0)
    last = [encode(evaluation, bytes(16)), finished_record(100)]
    assert store(run.pk, 1, 6, last) == 7
    run.refresh_from_db()
    assert (run.state, run.step, run.best_validation_accuracy, run.test_accuracy) == ("finished", 100, 0.8, 0.9)
    assert run.ended and run.lease_expires is None
    view = run_view(run, Viewer("guest", "ada"))
    assert view.progress == progress and view.finished.reason == "completed"
    assert [event.message for event in view.events] == ["epoch at 100"]
    assert len(view.spark) == 51 and view.spark[0] == pytest.approx(0.5)


def test_what_the_training_sample_says_is_not_what_the_held_out_images_say(run: Run) -> None:
    known = {"step": 100, "images": 10, "classes": 2, "loss": 0.3, "top5_error": 0}
    training = Evaluation(split="train", accuracy=0.99, **known)
    held_out = Evaluation(split="validation", accuracy=0.7, **known)
    store(run.pk, 1, 1, [started_record(), encode(training, bytes(16)), encode(held_out, bytes(16))])
    run.refresh_from_db()
    assert (run.best_validation_accuracy, run.test_accuracy) == (0.7, None)


def test_mistakes_that_are_too_large_or_too_short_are_passed_over(run: Run) -> None:
    large = mistakes_record(1, count=128, side=48)
    assert len(large) > MOST_MISTAKES_BYTES
    short = mistakes_record(2)
    good = mistakes_record(3)
    assert store(run.pk, 1, 1, [started_record(), large, short[:-300], good]) == 4
    assert list(frames_at(run.pk, None, "mistakes")) == [good]
    assert Frame.objects.count() == 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_each_record_counts_once_however_it_is_sent(seed: int) -> None:
    """Uploads that overlap, repeat and break off, as after any number of killed connections."""
    chance = random.Random(seed)
    run = leased_run()
    records = [started_record()] + [rows_record([step]) for step in range(1, 60)] + [event_record(59)]
    cursor = 0
    while cursor < len(records):
        first = chance.randint(max(1, cursor - 10), cursor + 3)
        count = chance.randint(0, 20)
        some = records[first - 1 : first - 1 + count]
        if first > cursor + 1:
            with pytest.raises(Gap) as gap:
                store(run.pk, 1, first, some)
            assert gap.value.expected == cursor + 1
            continue
        cursor = max(cursor, first - 1 + len(some))
        assert store(run.pk, 1, first, some) == cursor
    run.refresh_from_db()
    assert steps_of(run) == list(range(1, 60))
    assert RunEvent.objects.filter(run=run).count() == 2
    assert sum(run.spark["counts"]) == 59


def test_a_failure_in_the_middle_stores_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    store(run.pk, 1, 1, [started_record()])
    with monkeypatch.context() as broken:
        broken.setattr("webapp.telemetry.intake.append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store(run.pk, 1, 2, [maps_record(1), rows_record([1])])
    run.refresh_from_db()
    assert (run.cursor, Frame.objects.count()) == (1, 0)
    assert store(run.pk, 1, 2, [maps_record(1), rows_record([1])]) == 3


@pytest.mark.parametrize("values", [{"lease": 2}, {"lease": 0}, {"state": "queued"}])
def test_an_old_lease_writes_nothing(db: None, values: dict) -> None:
    run = leased_run(**values)
    with pytest.raises(LeaseLost):
        store(run.pk, 1, 1, [started_record()])
    assert not RunEvent.objects.exists()


def test_a_run_that_is_gone(db: None) -> None:
    with pytest.raises(LeaseLost):
        store("0" * 32, 1, 1, [started_record()])


def test_after_the_end_only_repetition_is_heard(run: Run) -> None:
    records = [started_record(), finished_record(0, "stopped")]
    store(run.pk, 1, 1, records)
    assert store(run.pk, 1, 1, records) == 2
    with pytest.raises(LeaseLost):
        store(run.pk, 1, 3, [rows_record([1])])
    run.refresh_from_db()
    assert run.state == "stopped"


def test_a_failed_run_says_why(run: Run) -> None:
    failed = Failed(step=3, code="not_a_number", message="The loss is no number.", hint="Use a smaller rate.")
    store(run.pk, 1, 1, [started_record(), encode(failed)])
    run.refresh_from_db()
    assert run.state == "failed"
    assert run_view(run, ANONYMOUS).failed == failed


def test_thirty_pictures_are_stored_in_few_queries(run: Run, django_assert_max_num_queries: Any) -> None:
    def pictures(step: int) -> list[bytes]:
        return [maps_record(step, f"c{n}") for n in range(15)] + [histogram_record(step, f"c{n}") for n in range(15)]

    store(run.pk, 1, 1, [started_record(), *pictures(1)])
    with django_assert_max_num_queries(7):  # savepoint, run, two reads, one insert, run, release
        store(run.pk, 1, 32, pictures(2))
    assert Frame.objects.count() == 60
    Frame.objects.update(spacing=10)
    with django_assert_max_num_queries(7):
        store(run.pk, 1, 62, pictures(3))
    assert Frame.objects.count() == 60
    assert list(frames_at(run.pk)) == pictures(3)


def test_pause_and_resume_are_states(run: Run) -> None:
    store(run.pk, 1, 1, [started_record(), event_record(1, "paused")])
    run.refresh_from_db()
    assert run.state == "paused"
    store(run.pk, 1, 3, [event_record(1, "resumed")])
    run.refresh_from_db()
    assert run.state == "running"


def test_a_checkpoint_is_progress(run: Run) -> None:
    Run.objects.update(attempts_without_progress=3)
    store(run.pk, 1, 1, [started_record(), event_record(1, "checkpoint")])
    run.refresh_from_db()
    assert run.attempts_without_progress == 0


def test_a_second_attempt_goes_on_from_its_checkpoint(run: Run) -> None:
    first = [started_record(), rows_record(range(1, 81)), event_record(50), event_record(75), maps_record(40)]
    store(run.pk, 1, 1, [*first, maps_record(70)])
    Run.objects.update(lease=2, attempt=2, cursor=0, state="leased")
    store(run.pk, 2, 1, [started_record(2, 60), rows_record(range(61, 101), attempt=2), event_record(75)])
    run.refresh_from_db()
    assert run.attempts == [{"attempt": 1, "first_step": 0}, {"attempt": 2, "first_step": 60}]
    assert steps_of(run) == list(range(1, 101))
    assert [event.step for event in run_view(run, ANONYMOUS).events] == [50, 75]
    assert list(frames_at(run.pk)) == [maps_record(40)]
    assert run.step == 100


def test_a_finished_run_answers_with_the_effective_field_of_every_layer(run: Run, client: Client) -> None:
    fields = [effective_field_record(step, layer) for layer in ("c1", "c2") for step in (40, 80)]
    store(run.pk, 1, 1, [started_record(), *fields, finished_record(80)])
    address = f"/api/runs/{run.pk}/frames"
    assert list(unpack(client.get(address).content)) == [
        effective_field_record(80, "c1"),
        effective_field_record(80, "c2"),
    ]
    assert list(unpack(client.get(f"{address}?step=79").content)) == [
        effective_field_record(40, "c1"),
        effective_field_record(40, "c2"),
    ]


def test_rubbish_among_the_records_is_passed_over(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    lying = rows_record(range(1, 4))[:-8]
    negative = encode(Progress.model_construct(step=-1, kind="progress"))
    unknown = b"\x14\x00\x00\x00" + b'{"kind": "tomorrow"}'
    records = [started_record(), b"", b"rubbish", lying, unknown, negative, rows_record([1])]
    assert store(run.pk, 1, 1, records) == 7
    run.refresh_from_db()
    assert steps_of(run) == [1]
    assert len(caplog.records) == 4


def test_loss_that_is_no_number_is_kept_as_such(run: Run) -> None:
    values = np.array([[1, np.nan], [0, 0]])
    store(run.pk, 1, 1, [started_record(), rows_record([1, 2], values)])
    (part,) = history(run, "steps")
    assert np.isnan(part.table.values[0, 1])
