"""Networks whose runs have ended: whom to ask, what may be asked, and what reaches those who watch."""

from __future__ import annotations

import base64

import pytest

from playground.protocol import Command, Event, Hello, Looked, Prediction, encode
from tests.webapp.runs.queue import hello, make_run, make_worker
from webapp.problems import Refusal
from webapp.runs import connections
from webapp.runs.commands import command_send, orders_waiting
from webapp.runs.looks import looked, why_silent
from webapp.runs.models import Run, RunOrder, RunState
from webapp.runs.views_of import run_view
from webapp.telemetry.hub import hub
from webapp.viewers import ANONYMOUS

pytestmark = pytest.mark.django_db

DRAWN = Command(kind="probe", image=base64.b64encode(bytes(64)).decode())
SAID = Prediction(step=5, probe=-1, truth=None, probabilities=[0.5, 0.5])


class Connected:
    """A connected worker."""

    def __init__(self, *kept: str) -> None:
        self.hello: Hello = hello()
        self.remembered = frozenset(kept)
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


def ended(state: RunState = RunState.FINISHED) -> Run:
    started = {"layers": [{"id": "c1"}], "probes": [3, 5]}
    return make_run(state=state, worker=make_worker(), lease=2, attempt=1, started=started)


def refusal(run: Run, command: Command) -> str:
    with pytest.raises(Refusal) as caught:
        command_send(run=run, command=command)
    assert caught.value.status == 409
    return caught.value.message


def test_a_worker_that_is_gone_or_has_let_go_is_told_of_before_anybody_draws() -> None:
    run = ended()
    gone = "The worker 'one' that has this network is not connected. Start it again, or train again."
    assert refusal(run, DRAWN) == gone
    assert run_view(run, ANONYMOUS).silent == gone
    connections.enter(run.worker_id, Connected("another"))
    assert refusal(run, DRAWN) == "The worker 'one' no longer keeps this run's network. Train again to ask it."
    connections.enter(run.worker_id, Connected(run.pk))
    assert run_view(run, ANONYMOUS).silent is None
    command_send(run=run, command=DRAWN)


def test_only_looking_is_allowed_after_the_end_and_a_failed_run_never_answers() -> None:
    run = ended(RunState.STOPPED)
    connections.enter(run.worker_id, Connected(run.pk))
    command_send(run=run, command=Command(kind="watch", layers=("c1",)))
    for kind in ("pause", "checkpoint", "step"):
        words = "This run has been stopped. Train more epochs to go on with it, or train again."
        assert refusal(run, Command(kind=kind)) == words
    with pytest.raises(Refusal, match="64"):
        command_send(run=run, command=Command(kind="probe", image="AAAA"))
    Run.objects.update(state=RunState.FAILED)
    run.refresh_from_db()
    assert "failed is not kept" in refusal(run, DRAWN)


def test_questions_wait_for_the_worker_that_keeps_the_network_and_the_newest_image_counts() -> None:
    run = ended()
    connections.enter(run.worker_id, Connected(run.pk))
    for _ in range(3):
        command_send(run=run, command=DRAWN)
    RunOrder.objects.create(run=run, command={"kind": "pause"})  # came as the run ended
    orders = orders_waiting(worker_id=run.worker_id, after=0)
    assert [(order.lease, order.command.kind) for order in orders] == [(2, "probe")]
    connections.enter(run.worker_id, Connected())
    assert orders_waiting(worker_id=run.worker_id, after=0) == []


def test_a_run_that_still_trains_is_not_silent() -> None:
    assert why_silent(make_run()) is None


def test_answers_reach_those_who_watch_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    run, shown = ended(), []
    monkeypatch.setattr(hub, "publish", lambda run_id, seq, attempt, records: shown.extend(records))
    event = encode(Event(step=5, name="paused", message="not an answer"))
    records = [memoryview(record) for record in (encode(SAID), event, b"nonsense")]

    def tell(worker_id: int, lease: int) -> list[bytes]:
        shown.clear()
        looked(worker_id=worker_id, message=Looked(run=run.pk, lease=lease, count=3), records=records)
        return list(shown)

    assert tell(run.worker_id, 2) == [encode(SAID)]
    assert tell(run.worker_id, 1) == []
    assert tell(make_worker("other").pk, 2) == []
    Run.objects.update(state=RunState.RUNNING)
    assert tell(run.worker_id, 2) == []
