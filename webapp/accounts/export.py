"""Everything of a member's in one zip: what they wrote, what was trained and what it told, in forms that last."""

from __future__ import annotations

import json
import zipfile
from typing import IO, Any

from django.core import serializers

from webapp.accounts.models import User, WorkedSpan
from webapp.exchange.metrics import csv_parts
from webapp.experiments.models import Experiment
from webapp.experiments.views_of import experiment_view
from webapp.owned import owned_models
from webapp.runs.models import Run
from webapp.runs.views_of import run_view
from webapp.tags.services import tags_of
from webapp.telemetry.models import Chunk, Frame
from webapp.viewers import Viewer

README = """What is in here

account.json                     who you are here, and your tokens (not their secrets)
experiments/ID/experiment.json   name, notes, network and recipe; "Open file" on the first page reads the network
experiments/ID/versions.json     what it was at each save that is kept
experiments/ID/runs/N/run.json   the run: frozen network and recipe, what it ended with, its moments and alerts
experiments/ID/runs/N/*.csv      what was measured, a row for each step; one file for each stream
experiments/ID/runs/N/frames/*   pictures of moments: records as docs/protocol.md describes them
experiments/ID/runs/N/tags.json  the tags that you put on it
other/*.json                     whatever else is yours: data sets, links, what was started together

Not in here: trained weights, which every run's page gives ("Take it with you"), and the images that you uploaded.
"""
KNOWN = (Experiment, WorkedSpan)


def export_write(*, user: User, file: IO[bytes]) -> None:
    """Write the zip, run after run."""
    viewer = Viewer(role="member", owner=user.owner, user=user)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        archive.writestr("account.json", _text(_account(user)))
        for experiment in Experiment.objects.owned_by(viewer).iterator(chunk_size=50):
            folder = f"experiments/{experiment.pk}"
            archive.writestr(f"{folder}/experiment.json", experiment_view(experiment).model_dump_json(indent=1))
            archive.writestr(
                f"{folder}/versions.json", serializers.serialize("json", experiment.versions.all(), indent=1)
            )
            for run in experiment.runs.select_related("experiment", "worker").order_by("number"):
                _write_run(archive, f"{folder}/runs/{run.number}", run, viewer)
        for model in owned_models():
            rows = model._base_manager.filter(owner=user.owner)
            if model not in KNOWN and rows.exists():
                archive.writestr(f"other/{model._meta.model_name}.json", serializers.serialize("json", rows, indent=1))


def _account(user: User) -> dict[str, Any]:
    tokens = user.tokens.values("name", "hint", "scopes", "created", "last_used", "revoked")
    return {
        "email": user.email,
        "name": user.name,
        "joined": user.joined,
        "tokens": list(tokens),
        "sign_ins": list(user.sign_ins.values("begun", "browser")),
    }


def _write_run(archive: zipfile.ZipFile, folder: str, run: Run, viewer: Viewer) -> None:
    archive.writestr(f"{folder}/run.json", run_view(run, viewer).model_dump_json(indent=1))
    if tags := tags_of([run.pk]).get(run.pk):
        archive.writestr(f"{folder}/tags.json", _text(tags))
    for stream in Chunk.objects.filter(run=run).order_by("stream").values_list("stream", flat=True).distinct():
        archive.writestr(f"{folder}/{stream}.csv", b"".join(csv_parts(run, stream)))
    for frame in Frame.objects.filter(run=run).order_by("id").iterator(chunk_size=20):
        archive.writestr(f"{folder}/frames/{frame.step}-{frame.kind}-{frame.pk}.bin", bytes(frame.data))


def _text(value: Any) -> str:
    return json.dumps(value, indent=1, default=str)
