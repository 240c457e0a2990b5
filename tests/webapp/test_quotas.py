"""Room for each: counted exactly, smaller for guests, and told in words with the way out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.webapp.accounts.builders import member, quick_hashes, signed_in  # noqa: F401
from tests.webapp.conftest import saved, started
from tests.webapp.runs.queue import hello, make_run, make_worker
from webapp.accounts.models import WorkedSpan
from webapp.experiments.models import Experiment
from webapp.quotas import quota_of, stored_bytes, worker_minutes
from webapp.runs.leases import lease_next, leases_renew
from webapp.runs.models import Run
from webapp.telemetry.models import Chunk, Frame

pytestmark = pytest.mark.django_db


def refusal(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


def test_a_member_has_more_room_than_a_guest(client: Client, settings: Any) -> None:
    settings.EXPERIMENTS_PER_GUEST, settings.EXPERIMENTS_PER_MEMBER = 1, 2
    body = {"network": saved(client)["network"]}
    status, code, message = refusal(client.post("/api/experiments", body, content_type="application/json"))
    assert (status, code) == (429, "too_many")
    assert message == (
        "You have 1 experiment, the most there is room for. Delete some."
        " Members have more room: sign up, and all you made comes along."
    )
    signed_in(member(), client)
    saved(client)
    message = refusal(client.post("/api/experiments", body, content_type="application/json"))[2]
    assert message == "You have 2 experiments, the most there is room for. Delete some."


def test_what_is_stored_is_counted_to_the_byte_and_limited(client: Client, settings: Any) -> None:
    run = started(client)
    owner = Experiment.objects.get().owner
    before = stored_bytes(owner)
    Frame.objects.create(
        run_id=run["id"], attempt=1, kind="maps", key="c", step=1, size=1_000_000, data=b"x" * 1_000_000
    )
    place = {"attempt": 1, "stream": "steps", "level": 0, "part": 0, "step0": 1, "last": 2, "n": 2, "columns": 1}
    Chunk.objects.create(run_id=run["id"], **place, data=b"x" * 500)
    Run.objects.update(cursor=2)  # as whenever records are stored
    make_run()  # somebody else's
    assert stored_bytes(owner) == before + 1_000_500
    settings.MEGABYTES_PER_GUEST = 1
    experiment = Experiment.objects.filter(owner=owner).get()
    status, code, message = refusal(client.post(f"/api/experiments/{experiment.pk}/runs"))
    assert (status, code) == (429, "storage")
    assert "take 1 MB of 1. Delete what" in message
    settings.MEGABYTES_PER_GUEST = 0
    assert client.post(f"/api/experiments/{experiment.pk}/runs").status_code == 201


def test_a_workers_time_is_counted_while_it_holds_the_run(client: Client, settings: Any) -> None:
    run = make_run()
    worker = make_worker()
    assert lease_next(worker_id=worker.pk, hello=hello())
    span = WorkedSpan.objects.get()
    assert (span.owner, span.run, span.worker) == ("guest", run.pk, worker.pk)
    WorkedSpan.objects.update(begun=timezone.now() - timedelta(minutes=30), seen=timezone.now() - timedelta(minutes=10))
    leases_renew(worker_id=worker.pk)
    assert worker_minutes("guest") == pytest.approx(30, abs=0.1)
    Run.objects.update(state="finished")
    WorkedSpan.objects.update(seen=timezone.now() - timedelta(minutes=10))
    leases_renew(worker_id=worker.pk)
    assert worker_minutes("guest") == pytest.approx(20, abs=0.1), "it no longer holds the run"


def test_only_the_last_day_counts() -> None:
    now = timezone.now()
    spans = [(30, 20), (25, 23)]
    for lease, (begun, seen) in enumerate(spans):
        times = {"begun": now - timedelta(hours=begun), "seen": now - timedelta(hours=seen)}
        WorkedSpan.objects.create(owner="ada", run="r", lease=lease, worker=1, **times)
    assert worker_minutes("ada") == pytest.approx(5 * 60, abs=0.1)


def test_there_is_so_much_of_the_workers_time(client: Client, settings: Any) -> None:
    experiment = saved(client)["id"]
    owner = Experiment.objects.get().owner
    WorkedSpan.objects.create(owner=owner, run="r", lease=1, worker=1, begun=timezone.now() - timedelta(minutes=61))
    settings.WORKER_MINUTES_PER_GUEST = 60
    status, code, message = refusal(client.post(f"/api/experiments/{experiment}/runs"))
    assert (status, code) == (429, "worker_minutes")
    assert message.startswith("Workers trained for you for 61 minutes within 24 hours; you have 60. Try again later.")
    settings.WORKER_MINUTES_PER_GUEST = 62
    assert client.post(f"/api/experiments/{experiment}/runs").status_code == 201


def test_quotas_tell_their_share(settings: Any) -> None:
    settings.EXPERIMENTS_PER_GUEST = 4
    make_run()
    quota = quota_of("guest", "experiments")
    assert (quota.used, quota.most, quota.share, quota.reached) == (1, 4, 0.25, False)
