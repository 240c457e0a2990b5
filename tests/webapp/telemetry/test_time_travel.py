"""A moment that is asked for later is the moment that was sent live: the same records, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from playground.protocol import decode_header, unpack
from tests.webapp.telemetry.conftest import (
    effective_field_record,
    event_record,
    histogram_record,
    leased_run,
    maps_record,
    rows_record,
    started_record,
)
from webapp.runs.models import Run
from webapp.telemetry.hub import hub
from webapp.telemetry.ingest import store

pytestmark = pytest.mark.django_db

Moment = dict[tuple[str, str, str], bytes]
"""The newest record of each kind, layer and quantity, as a page holds it."""

MAKERS: list[Callable[[int, str], bytes]] = [maps_record, effective_field_record, histogram_record]


def key_of(record: bytes) -> tuple[str, str, str] | None:
    header = decode_header(record)[0]
    if header["kind"] not in {"maps", "effective_field", "histogram"}:
        return None
    return header["kind"], header["layer"], header.get("of", "")


class LivePage:
    """Holds the newest pictures as they come, as the page does, and remembers what it held at each step."""

    def __init__(self) -> None:
        self.held: Moment = {}
        self.at: dict[int, Moment] = {}

    def publish(self, _run: str, _seq: int, _attempt: int, records: list[bytes]) -> None:
        for record in records:
            header = decode_header(record)[0]
            if header["kind"] == "started":
                self.at = {step: moment for step, moment in self.at.items() if step <= header["first_step"]}
                self.held = dict(self.at[max(self.at)]) if self.at else {}
            elif (key := key_of(record)) is not None:
                self.held[key] = record
                self.at[header["step"]] = dict(self.held)


def step_of(record: bytes) -> int:
    return int(decode_header(record)[0]["step"])


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[LivePage]:
    page = LivePage()
    with monkeypatch.context() as patched:
        patched.setattr(hub, "publish", page.publish)
        yield page


def answer_at(run: Run, step: int) -> Moment:
    records = unpack(Client(headers={"host": "localhost"}).get(f"/api/runs/{run.pk}/frames?step={step}").content)
    return {key: bytes(record) for record in records if (key := key_of(bytes(record))) is not None}


@pytest.mark.parametrize("seed", range(5))
def test_frames_at_a_step_equal_what_was_live_at_it(
    seed: int, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    run = leased_run()
    chance = random.Random(seed)
    records = [started_record()]
    for step in range(160):
        for make in MAKERS:
            for layer in ("c1", "c2", "d"):
                if chance.random() < 0.05:
                    records.append(make(step, layer))
        records.append(rows_record([step]))
    with watched(monkeypatch) as page:
        first = 1
        while records:
            count = chance.randint(1, 60)
            with django_capture_on_commit_callbacks(execute=True):
                store(run.pk, 1, first, records[:count])
            first, records = first + count, records[count:]
    assert len(page.at) > 40
    for step, moment in page.at.items():
        assert answer_at(run, step) == moment
    for earlier, later in pairwise(sorted(page.at)):
        assert answer_at(run, later - 1) == page.at[earlier]


def test_a_new_attempt_takes_back_what_it_does_again(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    run = leased_run()
    with watched(monkeypatch) as page:
        with django_capture_on_commit_callbacks(execute=True):
            pictures = [maps_record(step, "c1") for step in range(0, 100, 10)]
            store(run.pk, 1, 1, [started_record(), rows_record(list(range(100))), *pictures])
        Run.objects.filter(pk=run.pk).update(lease=2, attempt=2, cursor=0, state="leased")
        with django_capture_on_commit_callbacks(execute=True):
            again = [event_record(50, "restarted"), rows_record(list(range(50, 80)), attempt=2), maps_record(75, "c1")]
            store(run.pk, 2, 1, [started_record(attempt=2, first_step=50), *again])
    assert {step_of(record) for record in answer_at(run, 74).values()} == {50}
    assert answer_at(run, 99) == page.at[75]
    for step, moment in page.at.items():
        assert answer_at(run, step) == moment
