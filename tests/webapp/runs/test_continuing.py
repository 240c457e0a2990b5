"""A run that has ended goes on: same run, same recipe, one more attempt, on the worker that has its checkpoint."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from playground.protocol import Command, Finished, KeptRun, Revoked, Started, encode
from tests.webapp.conftest import started
from tests.webapp.runs.queue import held, hello, make_run, make_worker
from webapp.problems import Refusal
from webapp.runs import connections, leases
from webapp.runs.commands import command_send
from webapp.runs.continuing import outlook, run_continue
from webapp.runs.models import Run, RunEvent, RunOrder, RunState, Worker
from webapp.runs.views_of import run_cards, run_view
from webapp.telemetry.ingest import LeaseLost, store
from webapp.viewers import ANONYMOUS, Viewer

pytestmark = pytest.mark.django_db

STEPS = 21
STARTED: dict[str, Any] = {
    "kind": "started", "attempt": 1, "first_step": 0, "steps_per_epoch": STEPS, "total_steps": 42, "epochs": 2,
    "batch_size": 64, "device": "cpu", "threads": 1, "torch": "2", "dead_window": 100, "streams": [], "layers": [],
    "probes": [],
}  # fmt: skip
FINISHED = Finished(step=42, reason="completed", seconds=1.0, test_accuracy=0.9).model_dump(mode="json")


class Connected:
    def __init__(self, kept: dict[str, KeptRun]) -> None:
        self.hello = hello(slots=4)
        self.kept = kept
        self.remembered: frozenset[str] = frozenset()

    def wake(self) -> None:
        pass


def ended(worker: Worker | None = None, **changes: Any) -> Run:
    """A run of two epochs of 21 steps that its worker has finished."""
    fields: dict[str, Any] = {
        "recipe": {"epochs": 2}, "state": RunState.FINISHED, "attempt": 1, "lease": 1, "cursor": 9, "worker": worker,
        "step": 42, "total_steps": 42, "started": STARTED, "finished": FINISHED, "test_accuracy": 0.9,
        "attempts": [{"attempt": 1, "first_step": 0}],
    }  # fmt: skip
    run = make_run(**fields | changes)
    run.refresh_from_db()
    return run


def keep(worker: Worker, *runs: Run, step: int | None = None) -> None:
    kept = {
        run.pk: KeptRun(run=run.pk, lease=run.lease, attempt=run.attempt, step=run.step if step is None else step)
        for run in runs
    }
    connections.enter(worker.pk, Connected(kept))


def refused(run: Run, epochs: int = 2, **wish: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run_continue(run=run, epochs=epochs, **wish)
    return caught.value


def test_a_finished_run_waits_again_for_the_worker_that_has_its_checkpoint() -> None:
    mine, other = make_worker("mine"), make_worker("other")
    run = ended(mine)
    keep(mine, run)
    run_continue(run=run, epochs=3)
    run.refresh_from_db()
    assert (run.state, run.ended, run.recipe["epochs"]) == (RunState.QUEUED, None, 2)
    assert leases.lease_next(worker_id=other.pk, hello=hello()) is None
    lease = leases.lease_next(worker_id=mine.pk, hello=hello())
    assert lease is not None and (lease.lease, lease.job.attempt) == (2, 2)
    assert [(wish.step, wish.epochs) for wish in lease.job.continued] == [(42, 5)]
    assert lease.job.recipe == run.recipe
    run.refresh_from_db()
    assert (run.keeper, run.finished, run.cursor) == (None, None, 0)
    assert [(wish.step, wish.epochs) for wish in run_view(run, Viewer("guest", "guest")).continued] == [(42, 5)]


def test_a_run_is_gone_on_with_twice_and_the_wishes_add_up() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    run_continue(run=run, epochs=1)
    assert leases.lease_next(worker_id=worker.pk, hello=hello())
    run.refresh_from_db()
    started = Started.model_validate(STARTED | {"attempt": 2, "first_step": 42, "total_steps": 63, "epochs": 3})
    store(run.pk, 2, 1, [encode(started), encode(Finished(step=63, reason="completed", seconds=2.0))])
    run.refresh_from_db()
    assert (run.state, run.total_steps) == (RunState.FINISHED, 63)
    keep(worker, run)
    run_continue(run=run, epochs=2)
    lease = leases.lease_next(worker_id=worker.pk, hello=hello())
    assert lease is not None
    assert [(wish.step, wish.epochs) for wish in lease.job.continued] == [(42, 3), (63, 5)]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.RUNNING, "This run has not ended yet. Wait for its end, or stop it first."),
        (RunState.QUEUED, "This run has not ended yet. Wait for its end, or stop it first."),
        (RunState.PAUSED, "This run has not ended yet. Wait for its end, or stop it first."),
    ],
)
def test_a_run_that_goes_on_by_itself_is_refused_in_words(state: RunState, words: str) -> None:
    error = refused(ended(make_worker(), state=state))
    assert (error.status, error.message) == (409, words)


def test_asking_twice_is_refused_while_it_waits() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    run_continue(run=run, epochs=1)
    assert refused(run).message.startswith("This run waits to be gone on with already.")
    run.refresh_from_db()
    assert len(run.continued) == 1


def test_a_run_that_never_began_has_nothing_to_go_on_with() -> None:
    assert "ended before its first step" in refused(ended(state=RunState.STOPPED, started=None, step=0)).message


@pytest.mark.parametrize("epochs", [0, -1, 499, 10**9])
def test_a_number_of_epochs_out_of_range(epochs: int) -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    error = refused(run, epochs)
    assert (error.status, error.message) == (
        422,
        f"{epochs} more epochs cannot be trained. Give a number from 1 to 498.",
    )


def test_taken_out_of_the_queue_it_is_what_it_was() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    run_continue(run=run, epochs=1, rate=0.5)
    command_send(run=run, command=Command(kind="stop"))
    run.refresh_from_db()
    assert (run.state, run.continued, run.finished, run.stop_requested) == (RunState.FINISHED, [], FINISHED, False)
    assert not RunOrder.objects.exists()
    assert outlook(run).blocked is None


def test_without_the_checkpoint_it_begins_anew_only_if_that_is_agreed_to() -> None:
    mine, other = make_worker("mine"), make_worker("other")
    run = ended(mine)
    keep(other)
    error = refused(run, 2)
    assert (error.status, error.code) == (409, "no_checkpoint")
    assert error.message == (
        "The worker mine may have this run's checkpoint, but it is not connected. Start it and look again; or begin "
        "again: all 4 epochs are trained anew from the first step with the same seed. On the processor that gives the "
        "same curve as before."
    )
    run_continue(run=run, epochs=2, anew=True)
    lease = leases.lease_next(worker_id=other.pk, hello=hello())
    assert lease is not None and lease.job.continued[0].epochs == 4


def test_a_worker_that_is_there_without_the_checkpoint_has_let_it_go() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker)
    assert outlook(run).words[0].startswith("No worker has this run's checkpoint any more.")


def test_a_checkpoint_of_an_older_attempt_is_none() -> None:
    worker = make_worker()
    run = ended(worker, attempt=3)
    connections.enter(worker.pk, Connected({run.pk: KeptRun(run=run.pk, lease=1, attempt=2, step=42)}))
    assert outlook(run).anew
    (revoked,) = leases.kept_outdated(kept=connections._connected[worker.pk].kept)
    assert revoked.run == run.pk


def test_runs_that_the_site_does_not_have_were_deleted() -> None:
    there = ended(make_worker())
    assert leases.kept_outdated(kept={"gone": KeptRun(run="gone", lease=4, attempt=2, step=42)}) == []
    assert leases.runs_deleted(runs={"gone", there.pk, "also"}) == ("also", "gone")
    assert leases.runs_deleted(runs=()) == ()


def test_it_says_which_worker_it_waits_for() -> None:
    mine, other = make_worker("mine"), make_worker("other")
    run = ended(mine)
    keep(mine, run)
    run_continue(run=run, epochs=1)
    connections._connected.clear()
    keep(other)
    run.refresh_from_db()
    words = leases.waiting_for(run)
    assert words is not None and words.startswith("The worker mine, which has this run's checkpoint, is not connected.")


def test_a_worker_that_dials_in_anew_keeps_the_checkpoints_of_runs_that_ended() -> None:
    worker = make_worker()
    over, waiting = ended(worker), ended(worker)
    keep(worker, waiting)
    run_continue(run=waiting, epochs=1)
    dead = [held(run, alive=False) for run in (over, waiting)]
    answers = leases.worker_hello(worker_id=worker.pk, hello=hello(held=dead))
    assert [(type(answer), answer.run, answer.keep) for answer in answers if isinstance(answer, Revoked)] == [
        (Revoked, over.pk, True),
        (Revoked, waiting.pk, True),
    ]
    waiting.refresh_from_db()
    assert waiting.state == RunState.QUEUED


def test_late_records_of_the_attempt_that_ended_change_nothing() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    run_continue(run=run, epochs=1)
    again = [encode(Finished(step=42, reason="completed", seconds=1.0))]
    assert store(run.pk, 1, 9, again) == 9, "sent again, it was stored already"
    with pytest.raises(LeaseLost):
        store(run.pk, 1, 10, again)


def test_a_run_gone_on_with_waits_behind_those_that_waited_before() -> None:
    worker = make_worker()
    run, waiting = ended(worker), make_run()
    keep(worker, run)
    run_continue(run=run, epochs=1)
    first = leases.lease_next(worker_id=worker.pk, hello=hello(slots=2))
    assert first is not None and first.run == waiting.pk


def test_a_rate_may_be_set_with_it_and_is_the_jobs_first_order() -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    assert "set by hand to 0.001" in outlook(run, 1, 0.001).words[1]
    assert refused(run, 1, rate=-1.0).status == 422
    run_continue(run=run, epochs=1, rate=0.001)
    assert [order.command for order in RunOrder.objects.all()] == [{"kind": "learning_rate", "value": 0.001}]


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({}, "The rate stays 0.05: what a run of that many epochs gives from the start."),
        (
            {"schedule": "linear", "learning_rate": 0.2},
            "From step 42 on the linear schedule is stretched over all 4 epochs: the rate goes from 0.00476 to 0.1 and "
            "on from there. A run of 4 epochs from the start has other rates until then, and so another curve.",
        ),
    ],
)
def test_it_says_what_the_rate_does(recipe: dict[str, Any], words: str) -> None:
    worker = make_worker()
    run = ended(worker, recipe={"epochs": 2} | recipe)
    keep(worker, run)
    then = outlook(run)
    assert then.words[:2] == [
        "Goes on from step 42 (the end of epoch 2) to the end of epoch 4, as if it had never ended.",
        words,
    ]
    assert (then.epochs, then.total_epochs, then.from_step, then.anew) == (2, 4, 42, False)


def test_a_rate_set_by_hand_stays_and_is_named() -> None:
    worker = make_worker()
    run = ended(worker, recipe={"epochs": 2, "schedule": "cosine"})
    data = {"kind": "event", "step": 7, "name": "learning_rate", "message": "", "value": 0.125, "time": 0}
    RunEvent.objects.create(run=run, attempt=1, step=7, kind="event", data=data)
    keep(worker, run)
    then = outlook(run)
    assert (then.words[1], then.rate) == ("The rate was set by hand to 0.125 and stays there.", 0.125)
    connections._connected.clear()
    assert "Rates that were set by hand are not set again." in outlook(run).words


def test_a_stopped_run_offers_the_epochs_that_are_left() -> None:
    worker = make_worker()
    stopped = Finished(step=30, reason="stopped", seconds=1.0).model_dump(mode="json")
    run = ended(worker, recipe={"epochs": 5}, state=RunState.STOPPED, step=30, finished=stopped)
    keep(worker, run)
    then = outlook(run)
    assert (then.epochs, then.total_epochs) == (4, 5)
    assert then.words[0] == "Goes on from step 30 (in epoch 2) to the end of epoch 5, as if it had never ended."


def test_a_failed_run_says_what_is_trained_again() -> None:
    worker = make_worker()
    failed = {"kind": "failed", "step": 40, "code": "not_a_number", "message": "", "hint": "", "layer": None}
    run = ended(worker, state=RunState.FAILED, step=40, finished=None, failed=failed)
    keep(worker, run, step=21)
    assert outlook(run).words[0] == (
        "Goes on from step 21 (the end of epoch 1) to the end of epoch 2, as if it had never ended. Its last "
        "checkpoint is of step 21: what came after is trained again. At the same rate it would fail again in the same "
        "way: give a lower one."
    )
    run_continue(run=run, epochs=1)
    command_send(run=run, command=Command(kind="stop"))
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_what_the_stop_rules_do_is_said() -> None:
    worker = make_worker()
    early = Finished(
        step=42, reason="early_stop", words="Early stop: …", seconds=1.0, restored=True, best_epoch=1
    ).model_dump(mode="json")
    recipe = {"epochs": 30, "early_stop": "loss", "patience": 1, "time_limit": 5}
    run = ended(worker, recipe=recipe, finished=early)
    keep(worker, run)
    assert outlook(run).words[2:] == [
        "It goes on from its last weights, not from those of epoch 1, the best.",
        "Early stop counts its patience anew from there.",
        "The time limit of 5 min begins anew.",
    ]
    (card,) = run_cards(Run.objects.filter(pk=run.pk))
    assert (card.reason, card.words) == ("early_stop", "Early stop: …")
    assert run_view(run, ANONYMOUS).words == "Early stop: …"


def test_a_run_that_a_rule_ended_is_finished() -> None:
    worker = make_worker()
    run = ended(worker, state=RunState.RUNNING, finished=None)
    store(run.pk, 1, 10, [encode(Finished(step=42, reason="time", words="Time limit: …", seconds=1.0))])
    run.refresh_from_db()
    assert run.state == RunState.FINISHED


def test_only_the_owner_may_go_on_with_a_run(client: Client) -> None:
    worker = make_worker()
    run = ended(worker)
    keep(worker, run)
    path = f"/api/runs/{run.pk}/continuation"
    assert client.get(path).status_code == 403
    assert client.post(path, {"epochs": 1}, "application/json").status_code == 403
    own = started(client)
    Run.objects.filter(pk=own["id"]).update(state="finished", started=STARTED, step=42, attempt=1, finished=FINISHED)
    path = f"/api/runs/{own['id']}/continuation"
    assert client.get(path, {"epochs": 3}).json()["total_epochs"] == 5
    assert client.post(path, {"epochs": 3}, "application/json").json()["error"]["code"] == "no_checkpoint"
    answer = client.post(path, {"epochs": 3, "anew": True}, "application/json")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
