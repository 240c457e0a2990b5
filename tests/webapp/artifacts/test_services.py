"""Weights on their way into the site's keeping: asked for, resumed, checked, kept once, and gone with their runs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from safetensors.numpy import save

from playground.protocol import Fetch, Piece, Weights
from tests.webapp.runs.queue import make_run, make_worker
from webapp.artifacts import files, services
from webapp.artifacts.models import Artifact, RunArtifact
from webapp.runs.models import Run, RunState

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = save({"c1.weight": np.random.RandomState(1).rand(100, 100).astype(np.float32)})
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.ARTIFACTS = tmp_path
    yield tmp_path


def ended(**changes: Any) -> Run:
    worker = changes.pop("worker", None) or make_worker()
    return make_run(**{"state": RunState.FINISHED, "worker": worker, "lease": 2, "ended": timezone.now()} | changes)


def offer(of: Run, content: bytes = CONTENT, **changes: Any) -> Weights:
    facts = {
        "run": of.pk,
        "lease": of.lease,
        "step": 30,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Weights.model_validate(facts | changes)


def send(run: Run, offered: Weights, content: bytes = CONTENT, part: int = 15_000) -> list[Fetch]:
    """Answer every question to the end; gives the questions."""
    asked = []
    following = services.weights_offered(worker_id=run.worker_id, offer=offered)
    while following is not None:
        asked.append(following)
        data = content[following.offset : following.offset + part]
        piece = Piece(run=run.pk, lease=run.lease, sha256=following.sha256, offset=following.offset, bytes=len(data))
        following = services.weights_arrived(
            worker_id=run.worker_id, offer=offered, piece=piece, payload=data + b"\0\0\0"
        )
    if asked and services.is_whole(offered):
        services.weights_keep(worker_id=run.worker_id, offer=offered)
    return asked


def test_the_newest_ended_run_that_is_kept_and_not_here_is_asked_for() -> None:
    run = ended()
    worker = run.worker_id

    def missing(*remembered: str, passed_over: tuple[str, ...] = ()) -> Fetch | None:
        return services.weights_missing(worker_id=worker, remembered=remembered, passed_over=passed_over)

    assert missing(run.pk) == Fetch(run=run.pk, lease=2)
    assert missing("another") is None
    assert missing(run.pk, passed_over=(run.pk,)) is None
    assert services.weights_missing(worker_id=make_worker("two").pk, remembered=[run.pk], passed_over=[]) is None
    newer = ended(worker=run.worker, state=RunState.STOPPED)
    assert missing(run.pk, newer.pk) == Fetch(run=newer.pk, lease=2)
    send(newer, offer(newer))
    assert missing(run.pk, newer.pk) == Fetch(run=run.pk, lease=2)
    Run.objects.filter(pk=newer.pk).update(lease=3)  # gone on with, to a new end
    assert missing(newer.pk) == Fetch(run=newer.pk, lease=3)
    Run.objects.filter(pk=newer.pk).update(state=RunState.FAILED)
    assert missing(newer.pk) is None


def test_pieces_become_a_file_under_its_hash(folder: Path) -> None:
    run = ended()
    asked = send(run, offer(run))
    assert [each.offset for each in asked] == [0, 15_000, 30_000]
    assert files.path_of(SHA256).read_bytes() == CONTENT
    kept = services.weights_of(run)
    assert kept is not None
    assert (kept.artifact_id, kept.artifact.size, kept.step, kept.lease) == (SHA256, len(CONTENT), 30, 2)
    assert not list((folder / "arriving").iterdir())


def test_what_is_here_already_is_not_sent_again() -> None:
    first = ended()
    send(first, offer(first))
    second = ended(worker=first.worker)
    assert send(second, offer(second)) == []
    assert services.weights_of(second) is not None
    assert Artifact.objects.count() == 1


def test_a_broken_off_file_goes_on_where_it_was() -> None:
    run = ended()
    files.append(SHA256, 0, CONTENT[:20_000])
    assert [each.offset for each in send(run, offer(run))] == [20_000, 35_000]
    assert services.weights_of(run) is not None


def test_bytes_that_are_not_what_was_offered_are_not_kept(folder: Path) -> None:
    run = ended()
    wrong = bytes(len(CONTENT))
    send(run, offer(run), wrong)
    assert services.weights_of(run) is None
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_that_holds_no_tensors_is_not_kept(folder: Path) -> None:
    run = ended()
    content = b"MZ" * 30_000
    send(run, offer(run, content), content)
    assert services.weights_of(run) is None
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "changes",
    [{"lease": 1}, {"run": "another"}, {"bytes": 0}, {"bytes": 10**15}, {"sha256": "../../etc/passwd"}, {"sha256": ""}],
)
def test_offers_that_do_not_fit_are_passed_over(changes: dict[str, Any]) -> None:
    run = ended()
    assert services.weights_offered(worker_id=run.worker_id, offer=offer(run, **changes)) is None
    assert not RunArtifact.objects.exists()


def test_a_file_goes_with_the_last_run_that_uses_it() -> None:
    first = ended()
    second = ended(worker=first.worker)
    send(first, offer(first))
    send(second, offer(second))
    first.delete()
    assert services.artifacts_sweep() == 0
    assert files.path_of(SHA256).exists()
    second.delete()
    services.artifacts_sweep()
    assert not files.path_of(SHA256).exists()
    assert not Artifact.objects.exists()


def test_what_stopped_arriving_long_ago_goes(folder: Path) -> None:
    files.append("a" * 64, 0, b"old")
    files.append("b" * 64, 0, b"new")
    os.utime(folder / "arriving" / ("a" * 64), (1, 1))
    assert services.artifacts_sweep() == 1
    assert files.arrived("b" * 64) == 3
