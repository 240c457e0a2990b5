from datetime import timedelta

import pytest
from django.utils import timezone

from playground.protocol import Command, Hello, KeptRun, Lease, Resume, Revoked
from tests.webapp.runs.queue import held, hello, make_run, make_worker
from webapp.runs import connections, leases
from webapp.runs.commands import command_send, orders_waiting
from webapp.runs.models import Run, RunEvent, RunState, Worker
from webapp.telemetry.ingest import LeaseLost, store

pytestmark = pytest.mark.django_db


class Connected:
    """A connected worker that notes when it is woken."""

    def __init__(self, offers: Hello) -> None:
        self.hello = offers
        self.kept: dict[str, KeptRun] = {}
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


def take(worker: Worker, offers: Hello | None = None) -> Run:
    """The run that the worker is leased next."""
    lease = leases.lease_next(worker_id=worker.pk, hello=offers or hello())
    assert lease is not None
    return Run.objects.get(pk=lease.run)


def running(worker: Worker) -> Run:
    """A run that the worker trains and whose first records are stored."""
    make_run()
    run = take(worker)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, cursor=5, step=40)
    RunEvent.objects.create(run=run, attempt=run.attempt, step=0, kind="started", data={})
    run.refresh_from_db()
    return run


def long_ago() -> None:
    Run.objects.update(lease_expires=timezone.now() - timedelta(seconds=1))


# Giving


def test_runs_are_leased_in_the_order_in_which_they_were_queued() -> None:
    worker, first, second = make_worker(), make_run(), make_run()
    offers = hello(slots=2)
    assert [take(worker, offers).pk, take(worker, offers).pk] == [first.pk, second.pk]
    assert leases.lease_next(worker_id=worker.pk, hello=offers) is None


def test_a_lease_counts_up_and_carries_the_whole_job() -> None:
    worker, run = make_worker(), make_run(lease=4, attempt=4, cursor=99)
    lease = leases.lease_next(worker_id=worker.pk, hello=hello())
    assert isinstance(lease, Lease)
    assert (lease.lease, lease.job.attempt, lease.job.recipe["dataset"]) == (5, 5, "digits")
    run.refresh_from_db()
    assert (run.state, run.worker, run.cursor) == (RunState.LEASED, worker, 0)


def test_a_worker_gets_no_more_runs_than_it_has_slots() -> None:
    worker = make_worker()
    make_run()
    make_run()
    take(worker)
    assert leases.lease_next(worker_id=worker.pk, hello=hello()) is None


def test_a_run_waits_for_a_worker_that_has_what_it_needs() -> None:
    worker, gpu, shapes, plain = (
        make_worker(),
        make_run(recipe={"device": "cuda"}),
        make_run(recipe={"dataset": "shapes"}),
        make_run(),
    )
    assert take(worker) == plain
    rich = make_worker("rich")
    offers = hello(cuda=True, datasets=["digits", "shapes"], slots=2)
    assert {take(rich, offers), take(rich, offers)} == {gpu, shapes}


# Keeping


def test_a_message_renews_all_leases_of_its_worker_alone() -> None:
    mine, other = running(make_worker()), running(make_worker("other"))
    long_ago()
    leases.leases_renew(worker_id=mine.worker_id)
    assert leases.leases_expire(now=timezone.now()) == 1
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, other.state) == (RunState.RUNNING, RunState.LOST)


def test_a_silent_workers_run_is_lost_and_waits_again() -> None:
    worker = make_worker()
    run = running(worker)
    long_ago()
    leases.leases_expire(now=timezone.now())
    run.refresh_from_db()
    assert run.state == RunState.LOST
    assert "one was not heard of for 60 seconds" in RunEvent.objects.get(kind="event").data["message"]
    assert take(make_worker("two")).pk == run.pk


def test_a_connected_workers_lease_does_not_expire() -> None:
    worker = make_worker()
    run = running(worker)
    connections.enter(worker.pk, Connected(hello()))
    long_ago()
    assert leases.leases_expire(now=timezone.now()) == 0
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


# Coming back


def test_a_worker_that_returns_with_the_current_lease_goes_on() -> None:
    worker = make_worker()
    run = running(worker)
    answers = leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(run)]))
    assert answers == [Resume(run=run.pk, lease=run.lease, seq=6)]


@pytest.mark.parametrize("alive", [True, False])
def test_a_lost_run_is_recovered_by_its_worker_while_nobody_else_has_it(alive: bool) -> None:
    worker = make_worker()
    run = running(worker)
    long_ago()
    leases.leases_expire(now=timezone.now())
    answers = leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(run, alive=alive)]))
    assert answers == [Resume(run=run.pk, lease=run.lease, seq=6)]
    run.refresh_from_db()
    assert (run.state, run.worker) == (RunState.RUNNING, worker)


def test_a_paused_run_that_was_lost_is_paused_when_it_is_recovered() -> None:
    worker = make_worker()
    run = running(worker)
    RunEvent.objects.create(run=run, attempt=run.attempt, step=40, kind="event", data={"name": "paused"})
    Run.objects.update(state=RunState.PAUSED)
    long_ago()
    leases.leases_expire(now=timezone.now())
    leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(run)]))
    run.refresh_from_db()
    assert run.state == RunState.PAUSED


def test_an_old_lease_is_revoked_and_cannot_write() -> None:
    worker = make_worker()
    run = running(worker)
    long_ago()
    leases.leases_expire(now=timezone.now())
    take(make_worker("two"))
    (answer,) = leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(run)]))
    assert isinstance(answer, Revoked) and answer.reason == "The run went on elsewhere."
    with pytest.raises(LeaseLost):
        store(run.pk, run.lease, 6, [b""])


def test_runs_that_ended_or_were_deleted_are_revoked() -> None:
    worker = make_worker()
    ended, deleted = running(worker), held(make_run(pk="d" * 32), lease=1)
    Run.objects.filter(pk=ended.pk).update(state=RunState.FINISHED)
    Run.objects.filter(pk=deleted.run).delete()
    answers = leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(ended), deleted]))
    assert [answer.reason for answer in answers if isinstance(answer, Revoked)] == [
        "The run has ended.",
        "The run was deleted.",
    ]


def test_a_lease_that_was_not_heard_is_given_again_under_the_same_number() -> None:
    worker = make_worker()
    make_run()
    run = take(worker)
    (answer,) = leases.worker_hello(worker_id=worker.pk, hello=hello())
    assert isinstance(answer, Lease) and (answer.run, answer.lease) == (run.pk, run.lease)


def test_an_old_lease_of_a_run_does_not_hide_that_a_newer_one_was_not_heard() -> None:
    worker = make_worker()
    make_run()
    exit_of(first := take(worker))
    run = take(worker)
    answers = leases.worker_hello(worker_id=worker.pk, hello=hello(held=[held(first, alive=False, lease=1)]))
    assert [(answer.kind, answer.lease) for answer in answers] == [("revoked", 1), ("lease", run.lease)]


def test_a_run_whose_files_the_worker_lost_goes_back_to_the_queue() -> None:
    worker = make_worker()
    run = running(worker)
    assert leases.worker_hello(worker_id=worker.pk, hello=hello()) == []
    run.refresh_from_db()
    assert run.state == RunState.QUEUED


# Ending


def exit_of(run: Run) -> None:
    leases.lease_exited(run_id=run.pk, lease=run.lease, worker_id=run.worker_id, reason="It was killed.")
    run.refresh_from_db()


def test_a_killed_job_is_queued_again_and_wakes_the_workers(django_capture_on_commit_callbacks: object) -> None:
    worker = make_worker()
    run = running(worker)
    connection = Connected(hello())
    connections.enter(worker.pk, connection)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        exit_of(run)
    assert (run.state, run.worker, run.attempts_without_progress) == (RunState.QUEUED, None, 1)
    assert connection.woken == 1


def test_a_run_that_breaks_off_again_and_again_fails_with_the_reason(settings: pytest.FixtureRequest) -> None:
    settings.RUN_ATTEMPTS = 2  # type: ignore[attr-defined]
    worker = make_worker()
    exit_of(running(worker))
    run = take(worker)
    exit_of(run)
    assert run.state == RunState.FAILED and run.ended is not None
    assert run.failed["message"] == "The run broke off 2 times without getting further. The last time: It was killed."


def test_an_exit_under_an_old_lease_changes_nothing() -> None:
    worker = make_worker()
    run = running(worker)
    leases.lease_exited(run_id=run.pk, lease=run.lease - 1, worker_id=worker.pk, reason="late")
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_a_stop_becomes_effective_when_the_lease_ends() -> None:
    worker = make_worker()
    run = running(worker)
    command_send(run=run, command=Command(kind="stop"))
    long_ago()
    leases.leases_expire(now=timezone.now())
    run.refresh_from_db()
    assert run.state == RunState.STOPPED


def test_a_paused_run_is_paused_again_by_whoever_takes_it_next() -> None:
    run = running(make_worker())
    Run.objects.update(state=RunState.PAUSED)
    exit_of(run)
    other = make_worker("two")
    take(other)
    assert [order.command.kind for order in orders_waiting(worker_id=other.pk, after=0)] == ["pause"]


# For people


def test_waiting_for_names_what_is_missing() -> None:
    gpu, shapes = make_run(recipe={"device": "cuda"}), make_run(recipe={"dataset": "shapes"})
    assert "No worker is connected. Start one with: python -m worker --site" in str(leases.waiting_for(gpu))
    worker = make_worker()
    connections.enter(worker.pk, Connected(hello()))
    assert "No connected worker has a GPU." in str(leases.waiting_for(gpu))
    assert "No connected worker has the data set 'shapes'." in str(leases.waiting_for(shapes))


def test_waiting_for_names_the_place_in_the_queue() -> None:
    worker = make_worker()
    connections.enter(worker.pk, Connected(hello()))
    running(worker)
    next_one, after_it, last = make_run(), make_run(), make_run()
    assert leases.waiting_for(next_one) == "The worker is training another run."
    assert leases.waiting_for(after_it) == "1 run is before this one."
    assert leases.waiting_for(last) == "2 runs are before this one."


def test_waiting_for_says_nothing_of_a_run_that_does_not_wait() -> None:
    assert leases.waiting_for(running(make_worker())) is None
