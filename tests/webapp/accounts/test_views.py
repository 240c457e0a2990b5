"""A member's own page: name, address, everything out in one zip, everything gone."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.webapp.accounts.builders import PASSWORD, member, signed_in
from tests.webapp.conftest import guest, saved, started
from webapp.accounts.models import ApiToken, SignIn, User, WorkedSpan
from webapp.accounts.tokens import token_create
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table
from webapp.telemetry.models import Chunk, Frame

pytestmark = pytest.mark.django_db


def test_the_page_is_for_members(client: Client) -> None:
    for path in ("/account/", "/account/delete/", "/account/password/change/"):
        assert client.get(path)["Location"].startswith("/account/login/?next=/account/")


def test_the_page_shows_what_is_used(client: Client, settings: Any) -> None:
    settings.EXPERIMENTS_PER_MEMBER = 1
    signed_in(member(name="Ada"), client)
    saved(client)
    page = client.get("/account/").content.decode()
    assert "<h1>Ada</h1>" in page
    assert "1 of 1" in page and "data-full" in page


def test_every_field_has_an_id_of_its_own(client: Client) -> None:
    signed_in(member(), client)
    ids = re.findall(r' id="([^"]+)"', client.get("/account/").content.decode())
    assert len(ids) > 8 and len(set(ids)) == len(ids)


def test_a_name_is_changed_and_written_into_every_page(client: Client) -> None:
    user = member()
    signed_in(user, client)
    client.post("/account/profile/", {"name": '  Ada "L" <b>  '})
    user.refresh_from_db()
    assert user.name == 'Ada "L" <b>'
    assert "Ada &quot;L&quot; &lt;b&gt;" in client.get("/account/").content.decode()
    assert client.post("/account/profile/", {"name": "x" * 81}).status_code == 422


def test_without_mail_the_address_is_changed_with_the_password(client: Client) -> None:
    user = member()
    member("bob@example.org")
    signed_in(user, client)
    change = {"email": "Ada@New.example", "password": PASSWORD}
    for wrong in ({"password": "no"}, {"email": "BOB@example.org"}, {"email": "nonsense"}):
        assert client.post("/account/address/", change | wrong).status_code in {409, 422}
    assert client.post("/account/address/", change).status_code == 302
    assert guest().post("/account/login/", {"login": "ada@new.example", "password": PASSWORD}).status_code == 302
    assert guest().post("/account/login/", {"login": "ada@example.org", "password": PASSWORD}).status_code == 200


def measured(run: str) -> None:
    """Three rows of a stream with two columns, and a picture."""
    columns = [{"quantity": "loss", "layer": None}, {"quantity": "accuracy", "layer": "head"}]
    Run.objects.filter(pk=run).update(started={"streams": [{"name": "steps", "columns": columns}]}, attempt=1)
    import numpy as np

    table = Table(np.array([1, 2, 3], "uint32"), np.array([[2.5, 1.25, 0.5], [0.0, 0.5, 1.0]], "float32"))
    Chunk.objects.create(
        run_id=run, attempt=1, stream="steps", level=0, part=0, step0=1, last=3, n=3, columns=2, data=table.to_bytes()
    )
    Frame.objects.create(run_id=run, attempt=1, kind="maps", key="c1", step=3, size=3, data=b"abc")


def test_everything_comes_out_in_one_zip(client: Client) -> None:
    user = member(name="Ada")
    signed_in(user, client)
    token_create(user=user, name="notebook", scopes=["read"])
    run = started(client, name="mine", notes="why")
    measured(run["id"])
    saved(guest(), name="somebody else's")
    answer = client.post("/account/export/")
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    account = json.loads(archive.read("account.json"))
    assert (account["email"], account["tokens"][0]["name"]) == ("ada@example.org", "notebook")
    folder = f"experiments/{run['experiment']}"
    experiment = json.loads(archive.read(f"{folder}/experiment.json"))
    assert (experiment["name"], experiment["notes"]) == ("mine", "why")
    assert len(json.loads(archive.read(f"{folder}/versions.json"))) == 1
    assert json.loads(archive.read(f"{folder}/runs/1/run.json"))["network"] == experiment["network"]
    rows = list(csv.reader(io.StringIO(archive.read(f"{folder}/runs/1/steps.csv").decode())))
    assert rows[0] == ["step", "attempt", "loss", "accuracy/head"]
    assert [[float(value) for value in row] for row in rows[1:]] == [[1, 1, 2.5, 0], [2, 1, 1.25, 0.5], [3, 1, 0.5, 1]]
    assert [archive.read(name) for name in archive.namelist() if name.startswith(f"{folder}/runs/1/frames/")] == [
        b"abc"
    ]
    text = b"".join(archive.read(name) for name in archive.namelist())
    assert b"somebody else's" not in text
    assert ApiToken.objects.get().hash.encode() not in text


def test_an_account_is_deleted_with_all_that_was_made(client: Client) -> None:
    user = member()
    signed_in(user, client)
    token_create(user=user, name="notebook", scopes=["read"])
    run = started(client)
    measured(run["id"])
    Run.objects.update(state="running")
    WorkedSpan.objects.create(owner=user.owner, run=run["id"], lease=1, worker=1)
    other = guest()
    saved(other, name="kept")
    assert "Runs that train are ended." in client.get("/account/delete/").content.decode()
    for wrong in ({"email": "bob@example.org", "password": PASSWORD}, {"email": user.email, "password": "no"}):
        assert client.post("/account/delete/", wrong).status_code == 422
        assert User.objects.exists()
    answer = client.post("/account/delete/", {"email": user.email, "password": PASSWORD})
    assert "Your account is deleted" in answer.content.decode()
    for model in (User, ApiToken, SignIn, Run, Chunk, Frame, WorkedSpan):
        assert not model.objects.exists(), model
    assert [experiment.name for experiment in Experiment.objects.all()] == ["kept"]
    assert client.get("/account/").status_code == 302
    assert client.get("/api/experiments").json() == []


def test_the_bar_of_the_start_page_knows_the_member(client: Client, settings: Any, tmp_path: Any) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"main.tsx": {"file": "a.js", "css": ["assets/main-1.css"], "isEntry": True}}))
    settings.EDITOR_MANIFEST = manifest
    settings.DJANGO_VITE = {"default": {"static_url_prefix": "editor", "manifest_path": manifest}}
    page = client.get("/account/login/").content.decode()
    assert '<link rel="stylesheet" href="/static/editor/assets/main-1.css">' in page
