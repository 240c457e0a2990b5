"""The queue is fair between people: a sweep does not make the next person wait for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.webapp.runs.queue import hello, make_run, make_worker
from tests.webapp.runs.test_leases import Connected
from webapp.accounts.models import WorkedSpan
from webapp.runs import connections, leases
from webapp.runs.models import Run, RunState
from webapp.runs.turns import Turn, in_turn
from webapp.telemetry.hub import hub

NOW = timezone.now()


@pytest.fixture(autouse=True)
def nobody_connected() -> Iterator[None]:
    connections._connected.clear()
    yield
    connections._connected.clear()


def line(text: str) -> list[Turn]:
    """ "a1 a2 b1": runs in the order in which they came, each named by its owner and a number."""
    return [Turn(name, name[0], None, None, None) for name in text.split()]


def served(text: str, training: dict[str, int] | None = None, last: str = "") -> str:
    """The order; last: owners as they were served, the one served last at the end."""
    times = {owner: NOW + timedelta(seconds=place) for place, owner in enumerate(last)}
    return " ".join(turn.run for turn in in_turn(line(text), training or {}, times))


def test_one_owners_runs_are_served_as_they_came() -> None:
    assert served("a1 a2 a3", {"a": 1}, "a") == "a1 a2 a3"


def test_a_single_run_is_served_next_though_a_sweep_came_before_it() -> None:
    assert served("a1 a2 a3 b1", {"a": 1}, "a") == "b1 a1 a2 a3"


def test_two_sweeps_take_turns() -> None:
    assert served("a1 a2 a3 b1 b2 b3", {"a": 1}, "a") == "b1 a1 b2 a2 b3 a3"


def test_whoever_has_fewer_in_training_comes_first_however_lately_they_were_served() -> None:
    assert served("a1 a2 b1", {"a": 2, "b": 1}, "ab") == "b1 a1 a2"


def test_of_those_who_have_none_in_training_the_one_served_longest_ago_comes_first() -> None:
    assert served("a1 b1 c1", last="abc") == "a1 b1 c1"
    assert served("a1 b1 c1", last="cba") == "c1 b1 a1"
    assert served("a1 b1 c1", last="a") == "b1 c1 a1", "never served, so before all who were"


@pytest.mark.django_db
def test_a_worker_serves_two_owners_in_turn_and_each_is_told_the_place() -> None:
    worker = make_worker()
    connections.enter(worker.pk, Connected(hello()))
    sweep = [make_run("ada") for _ in range(4)]

    def take() -> Run:
        lease = leases.lease_next(worker_id=worker.pk, hello=hello())
        assert lease is not None
        return Run.objects.get(pk=lease.run)

    def places(*runs: Run) -> list[str | None]:
        return [leases.waiting_for(run) for run in runs]

    first = take()
    assert first == sweep[0]
    single, gpu = make_run("bob"), make_run("cleo", recipe={"device": "cuda"})
    told = ["The worker is training another run.", "1 run is before this one.", "2 runs are before this one."]
    assert places(single, *sweep[1:3]) == told
    assert "No connected worker has a GPU." in str(leases.waiting_for(gpu)), "and it is before nobody"
    Run.objects.filter(pk=first.pk).update(state=RunState.FINISHED)
    assert take() == single
    second = make_run("bob")
    assert places(sweep[1], second, sweep[2]) == told
    Run.objects.filter(pk=single.pk).update(state=RunState.FINISHED)
    assert take() == sweep[1]


@pytest.mark.django_db
def test_whoever_was_served_yesterday_is_as_one_who_was_never_served() -> None:
    make_run("ada")
    later = make_run("bob")
    long_ago = NOW - timedelta(days=2)
    WorkedSpan.objects.create(owner="bob", run="r", lease=1, worker=1, begun=long_ago, seen=long_ago)
    WorkedSpan.objects.create(owner="ada", run="s", lease=1, worker=1)
    lease = leases.lease_next(worker_id=make_worker().pk, hello=hello())
    assert lease is not None and lease.run == later.pk


@pytest.mark.django_db(transaction=True)
def test_whoever_watches_a_waiting_run_hears_that_its_place_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(hub, "announce", told.append)
    first, second, unwatched = make_run(), make_run(), make_run()
    monkeypatch.setattr(hub, "watched", lambda: [first.pk, second.pk])
    leases.lease_next(worker_id=make_worker().pk, hello=hello())
    assert sorted(told) == sorted([first.pk, second.pk]) and unwatched.pk not in told
