"""Builders for tests of the queue: workers, runs, and what a worker says of itself."""

from __future__ import annotations

from typing import Any

from playground.protocol import VERSION, HeldRun, Hello
from webapp.experiments.models import Experiment
from webapp.runs.models import Run, Worker
from webapp.runs.tokens import worker_token_issue


def hello(**changes: Any) -> Hello:
    offers: dict[str, Any] = {
        "version": VERSION,
        "name": "here",
        "device": "cpu",
        "cuda": False,
        "cores": 2,
        "memory_bytes": 1 << 30,
        "slots": 1,
        "torch": "2.13.0",
        "datasets": ["digits", "mnist"],
    }
    return Hello.model_validate(offers | changes)


def held(run: Run, *, alive: bool = True, lease: int | None = None) -> HeldRun:
    return HeldRun(run=run.pk, lease=run.lease if lease is None else lease, alive=alive)


def make_worker(name: str = "one") -> Worker:
    worker_token_issue(name=name)
    return Worker.objects.get(name=name)


def make_run(owner: str = "guest", **changes: Any) -> Run:
    """A queued run on the small digits."""
    recipe = {"dataset": "digits", "device": "auto"} | changes.pop("recipe", {})
    experiment = Experiment.objects.create(owner=owner, name="Test", network={"nodes": []}, recipe=recipe)
    fields = {"number": 1, "name": "Test", "network": {"nodes": []}, "recipe": recipe} | changes
    return Run.objects.create(experiment=experiment, **fields)
