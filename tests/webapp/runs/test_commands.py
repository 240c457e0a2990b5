import base64
from typing import Any

import pytest

from playground.protocol import Command
from tests.webapp.runs.queue import make_run, make_worker
from webapp.problems import Refusal
from webapp.runs.commands import command_send, orders_obeyed, orders_waiting
from webapp.runs.models import Run, RunState
from webapp.telemetry.hub import hub

pytestmark = pytest.mark.django_db


def held(state: RunState = RunState.RUNNING) -> Run:
    started = {"layers": [{"id": "c1"}], "probes": [3, 5]}
    return make_run(state=state, worker=make_worker(), lease=1, attempt=1, started=started)


def refusal(run: Run, **command: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        command_send(run=run, command=Command.model_validate(command))
    return caught.value


def waiting(run: Run, after: int = 0) -> list[str]:
    return [order.command.kind for order in orders_waiting(worker_id=run.worker_id, after=after)]


def test_commands_wait_in_order_until_they_are_obeyed() -> None:
    run = held()
    for command in (Command(kind="watch", layers=["c1"]), Command(kind="probe", value=1), Command(kind="pause")):
        command_send(run=run, command=command)
    assert waiting(run) == ["watch", "probe", "pause"]
    first, second, _ = orders_waiting(worker_id=run.worker_id, after=0)
    assert waiting(run, after=first.number) == ["probe", "pause"]
    orders_obeyed(run_id=run.pk, lease=1, worker_id=run.worker_id, number=second.number)
    assert waiting(run) == ["pause"]


def test_another_worker_can_neither_see_nor_settle_commands() -> None:
    run, other = held(), make_worker("other")
    command_send(run=run, command=Command(kind="pause"))
    orders_obeyed(run_id=run.pk, lease=1, worker_id=other.pk, number=10**9)
    assert orders_waiting(worker_id=other.pk, after=0) == []
    assert waiting(run) == ["pause"]


def test_a_waiting_run_stops_at_once() -> None:
    run = make_run()
    command_send(run=run, command=Command(kind="stop"))
    run.refresh_from_db()
    assert run.state == RunState.STOPPED and run.ended is not None


def test_what_is_watched_is_kept_for_the_next_attempt() -> None:
    run = make_run()
    command_send(run=run, command=Command(kind="watch", layers=["c1"]))
    run.refresh_from_db()
    assert run.watched == ["c1"]


@pytest.mark.parametrize(
    ("state", "kind", "message"),
    [
        (RunState.FINISHED, "pause", "This run has finished. Train more epochs to go on with it, or train again."),
        (RunState.STOPPED, "stop", "This run has been stopped. Train more epochs to go on with it, or train again."),
        (RunState.QUEUED, "pause", "This run waits for a worker. Wait until it trains, or stop it."),
        (RunState.LEASED, "pause", "This run is just starting. Try again in a moment."),
        (RunState.PAUSED, "pause", "This run is paused already. Resume it, or train a single step."),
        (RunState.RUNNING, "resume", "This run is not paused. Pause it first."),
        (RunState.RUNNING, "step", "This run is not paused. Pause it first."),
    ],
)
def test_what_a_state_does_not_allow_is_refused(state: RunState, kind: str, message: str) -> None:
    answer = refusal(held(state), kind=kind)
    assert (answer.status, answer.message) == (409, message)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            {"kind": "learning_rate", "value": -1},
            "A learning rate of -1.0 cannot be used. Give one from 0 to 100.",
        ),
        ({"kind": "learning_rate"}, "A learning rate of None cannot be used. Give one from 0 to 100."),
        ({"kind": "learning_rate", "value": float("nan")}, "A learning rate of nan cannot be used."),
        ({"kind": "watch", "layers": ["c9"]}, "There is no layer 'c9' in this run. Choose one of its own."),
        ({"kind": "watch", "layers": ["c1"] * 40}, "40 layers are too many. Watch at most 32."),
        ({"kind": "probe", "value": 2}, "There is no probe image 2.0. Choose one from 0 to 1."),
        ({"kind": "probe", "value": float("inf")}, "There is no probe image inf."),
        ({"kind": "probe", "value": 0.5}, "There is no probe image 0.5."),
    ],
)
def test_a_value_out_of_range_is_refused(command: dict[str, object], message: str) -> None:
    answer = refusal(held(), **command)
    assert answer.status == 422 and answer.message.startswith(message)


def test_commands_for_an_absent_worker_do_not_pile_up_without_end() -> None:
    run = held()
    for _ in range(200):
        command_send(run=run, command=Command(kind="checkpoint"))
    assert refusal(run, kind="checkpoint").message.startswith("Too many commands wait")
    command_send(run=run, command=Command(kind="stop"))


def image_of(size: int) -> str:
    return base64.b64encode(bytes(size)).decode()


def test_an_image_given_by_hand_reaches_the_worker_and_replaces_those_that_wait() -> None:
    run = held()
    for size in (64, 64):
        command_send(run=run, command=Command(kind="probe", image=image_of(size), source="uploaded", target=3))
    command_send(run=run, command=Command(kind="probe", target=4))
    orders = orders_waiting(worker_id=run.worker_id, after=0)
    assert [(order.command.image is not None, order.command.target) for order in orders] == [(True, 3), (False, 4)]
    assert orders[0].command.source == "uploaded"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ({"image": "no base64!"}, "The probe image is not base64. Send its bytes in that form."),
        (
            {"image": image_of(63)},
            "The probe image has 63 bytes; the network takes 64, one for each value of 1×8×8.",
        ),
        ({"image": image_of(64), "value": 1}, "Give a probe image or the number of one, not both."),
        ({"value": 1, "target": 10}, "There is no class 10 in this run's data set."),
        ({}, "There is no probe image None. Choose one from 0 to 1."),
    ],
)
def test_a_probe_that_cannot_be_is_refused(command: dict[str, object], message: str) -> None:
    answer = refusal(held(), kind="probe", **command)
    assert (answer.status, answer.message) == (422, message)


def test_viewers_hear_of_commands_that_change_the_run_and_not_of_images_to_look_at(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[str] = []
    monkeypatch.setattr(hub, "announce", told.append)
    run = held()
    with django_capture_on_commit_callbacks(execute=True):
        assert not command_send(run=run, command=Command(kind="probe", value=1))
    assert told == []
    with django_capture_on_commit_callbacks(execute=True):
        assert command_send(run=run, command=Command(kind="pause"))
    assert told == [run.pk]
