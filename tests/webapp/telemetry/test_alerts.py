"""Alerts are stored as events are: in order, once each, and without what a later attempt does again."""

from __future__ import annotations

import pytest

from playground.protocol import Alert, encode
from tests.webapp.telemetry.conftest import rows_record, started_record
from webapp.runs.models import Run
from webapp.runs.views_of import run_view
from webapp.telemetry.ingest import store
from webapp.telemetry.tick import Tick
from webapp.viewers import ANONYMOUS

pytestmark = pytest.mark.django_db


def alert_record(step: int, since: int, ended: int | None = None) -> bytes:
    return encode(alert(step, since, ended))


def alert(step: int, since: int, ended: int | None = None) -> Alert:
    return Alert(
        id=f"doctor.vanishing {since}", rule="doctor.vanishing", level="warning", step=step, since=since, ended=ended,
        layer="head", layers=["head"], title="It vanishes", evidence="So much.", fine="", why="", value=1e-5,
        remedies=[],
    )  # fmt: skip


def told(run: Run) -> list[tuple[int, int | None]]:
    run.refresh_from_db()
    return [(each.since, each.ended) for each in run_view(run, ANONYMOUS).alerts]


def test_beginning_and_end_are_kept_in_order(run: Run) -> None:
    store(
        run.pk, 1, 1, [started_record(), alert_record(49, 0), alert_record(149, 0, ended=100), alert_record(260, 200)]
    )
    assert told(run) == [(0, None), (0, 100), (200, None)]
    assert run_view(run, ANONYMOUS).alerts[1] == alert(149, 0, ended=100)


def test_an_upload_that_comes_twice_counts_once(run: Run) -> None:
    records = [started_record(), alert_record(49, 0)]
    store(run.pk, 1, 1, records)
    store(run.pk, 1, 1, records)
    assert told(run) == [(0, None)]


def test_what_a_later_attempt_does_again_is_left_out(run: Run) -> None:
    """The alert that began before the checkpoint stays; its end after it is found anew, or not."""
    records = [started_record(), rows_record(range(300)), alert_record(49, 0), alert_record(249, 0, ended=200)]
    store(run.pk, 1, 1, [*records, alert_record(290, 240)])
    Run.objects.filter(pk=run.pk).update(lease=2, attempt=2, cursor=0)
    run.refresh_from_db()
    store(run.pk, 2, 1, [started_record(attempt=2, first_step=100)])
    assert told(run) == [(0, None)]
    store(run.pk, 2, 2, [alert_record(259, 0, ended=210)])
    assert told(run) == [(0, None), (0, 210)]


def test_one_that_is_told_again_after_a_restart_at_its_very_step_counts_once(run: Run) -> None:
    store(run.pk, 1, 1, [started_record(), alert_record(100, 50)])
    Run.objects.filter(pk=run.pk).update(lease=2, attempt=2, cursor=0)
    store(run.pk, 2, 1, [started_record(attempt=2, first_step=100), alert_record(100, 50)])
    assert told(run) == [(50, None)]


def test_no_alert_is_dropped_for_a_slow_viewer() -> None:
    tick = Tick()
    tick.add(1, 1, [alert_record(49, 0), alert_record(149, 0, ended=100)])
    assert len(tick.rows) == 2
