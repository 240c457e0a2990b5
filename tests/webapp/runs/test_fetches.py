"""What a worker fetches for a run is told to whoever watches it, as long as it matters."""

from __future__ import annotations

import pytest

from playground.protocol import Fetched, Fetching
from tests.webapp.runs.queue import hello, make_run, make_worker
from webapp.runs import fetches, leases
from webapp.runs.models import Run, RunState
from webapp.runs.views_of import run_view
from webapp.viewers import ANONYMOUS

pytestmark = pytest.mark.django_db


def leased(dataset: str = "cifar10") -> Run:
    run = make_run(recipe={"dataset": dataset})
    assert leases.lease_next(worker_id=make_worker().pk, hello=hello(downloads=("cifar10",)))
    run.refresh_from_db()
    return run


def test_a_worker_that_can_download_the_data_is_given_the_run_and_another_is_not() -> None:
    run = make_run(recipe={"dataset": "cifar10"})
    lacking = leases.missing("auto", run.recipe["dataset"], hello())
    assert lacking is not None and "No connected worker has the data set 'cifar10'" in lacking
    assert leases.missing("auto", run.recipe["dataset"], hello(downloads=("cifar10",))) is None


def test_a_leased_run_says_how_far_its_data_is() -> None:
    run = leased()
    assert run_view(run, ANONYMOUS).fetching is None
    fetches.told(Fetched(run=run.pk, lease=run.lease, bytes=45, total=162))
    expected = Fetching(title="CIFAR-10", bytes=45, total=162, stage="fetching")
    assert run_view(run, ANONYMOUS).fetching == expected
    fetches.told(Fetched(run=run.pk, lease=run.lease, bytes=162, total=162, stage="preparing"))
    assert run_view(run, ANONYMOUS).fetching == expected.model_copy(update={"bytes": 162, "stage": "preparing"})


def test_it_is_forgotten_when_training_begins_or_another_worker_has_the_run() -> None:
    run = leased()
    fetches.told(Fetched(run=run.pk, lease=run.lease - 1, bytes=1, total=2))
    assert fetches.of(run) is None
    fetches.told(Fetched(run=run.pk, lease=run.lease, bytes=1, total=2))
    run.state = RunState.RUNNING
    assert fetches.of(run) is None
    run.state = RunState.LEASED
    assert fetches.of(run) is None
