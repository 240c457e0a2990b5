"""Frames on other pages, and what other programs show of a link."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from PIL import Image

from tests.webapp.conftest import guest, saved, started
from tests.webapp.sharing.conftest import came_by, published, shared
from webapp.checks import frames
from webapp.runs.models import Run
from webapp.sharing import preview
from webapp.telemetry.spark import spark_extended

pytestmark = pytest.mark.django_db


def meta(html: bytes) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', html.decode()))


def told_loss(run: str) -> None:
    Run.objects.filter(pk=run).update(
        spark=spark_extended({}, [(step, 2.3 / (1 + step / 50)) for step in range(400)]), step=400, state="finished",
        test_accuracy=0.9312,
    )  # fmt: skip


def test_a_link_has_a_card_that_says_what_is_true(owner: Client) -> None:
    run = started(owner, name='A "small" one')
    told_loss(run["id"])
    token = shared(owner, run["experiment"])["token"]
    found = meta(guest().get(f"/s/{token}").content)
    assert found["og:title"] == "A &quot;small&quot; one"
    assert "650 parameters" in found["og:description"] and "93.1% of the test images right" in found["og:description"]
    assert "run 1, finished" in found["og:description"]
    assert found["og:image"] == f"http://localhost/s/{token}/preview.png"
    assert "training loss of run 1 up to step 400" in found["og:image:alt"]
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")


def test_a_card_of_what_was_not_trained_says_so(owner: Client) -> None:
    token = shared(owner, saved(owner)["id"])["token"]
    assert "it was not trained yet" in meta(guest().get(f"/s/{token}").content)["og:image:alt"]


@pytest.mark.parametrize("trained", [False, True])
def test_the_picture_is_drawn_on_the_server_and_kept(owner: Client, trained: bool, monkeypatch: Any) -> None:
    run = started(owner)
    if trained:
        told_loss(run["id"])
    address = f"/s/{shared(owner, run['experiment'])['token']}/preview.png"
    answer = guest().get(address)
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (1200, 630)
        assert len(image.convert("RGB").getcolors(1200 * 630) or ()) > 10
    monkeypatch.setattr(preview, "picture", lambda *_: pytest.fail("It is drawn again."))
    assert guest().get(address).content == answer.content
    assert guest().get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_picture_of_a_network_with_nothing_in_it(owner: Client) -> None:
    empty = {"format": 1, "name": "Empty", "nodes": [], "edges": []}
    token = shared(owner, saved(owner, network=empty, name="名 " * 60)["id"])["token"]
    assert guest().get(f"/s/{token}/preview.png").status_code == 200
    assert guest().get(f"/s/{token}").status_code == 200


def test_public_pages_have_a_card_and_may_be_found(owner: Client, bundle: None) -> None:
    experiment = saved(owner, name="Public")["id"]
    hidden = guest().get(f"/e/{experiment}/about")
    assert meta(hidden.content) == {} and "noindex" in hidden["X-Robots-Tag"]
    published(owner, experiment)
    page = guest().get(f"/e/{experiment}/about")
    assert meta(page.content)["og:title"] == "Public" and "X-Robots-Tag" not in page
    assert guest().get(f"/e/{experiment}/preview.png").status_code == 200


def test_no_page_may_show_a_frame_till_it_is_named(owner: Client, settings: Any, bundle: None) -> None:
    token = shared(owner, saved(owner)["id"])["token"]
    assert "frame-ancestors 'none'" in guest().get(f"/embed/{token}")["Content-Security-Policy"]
    settings.EMBED_ANCESTORS = ["https://example.org", "https://*.example.net"]
    page = guest().get(f"/embed/{token}")
    assert "frame-ancestors https://example.org https://*.example.net" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    assert guest().get("/")["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in guest().get("/")["Content-Security-Policy"]


@pytest.mark.parametrize("origin", ["https://a.org; script-src *", "example.org", "javascript:alert(1)", "https://a b"])
def test_what_is_no_origin_is_refused(settings: Any, origin: str) -> None:
    assert frames(None) == [] and site_settings.EMBED_ANCESTORS == []
    settings.EMBED_ANCESTORS = ["https://example.org:8443", origin]
    assert [error.id for error in frames(None)] == ["site.E003"]


def test_a_frame_needs_no_cookie_and_tells_no_ids(owner: Client) -> None:
    run = started(owner, name="Framed")
    told_loss(run["id"])
    token = shared(owner, run["experiment"])["token"]
    answer = guest().get(f"/api/embed/{token}")
    told = answer.json()
    assert (told["name"], told["title"], told["live"]) == ("Framed", "run 1, finished", False)
    assert told["href"] == f"/s/{token}" and told["parameters"] == 650
    assert len(told["steps"]) == len(told["loss"]) > 20 and told["loss"][0] > told["loss"][-1]
    assert run["id"] not in answer.content.decode() and run["experiment"] not in answer.content.decode()
    assert guest().get(f"/api/embed/{token}", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_frame_of_a_run_by_its_address(owner: Client) -> None:
    run = started(owner)
    told = guest().get(f"/api/embed/{run['id']}").json()
    assert told["live"] and told["href"] == f"/e/{run['experiment']}/runs/{run['id']}"
    assert guest().get(f"/api/embed/{run['experiment']}").status_code == 404
    published(owner, run["experiment"])
    assert guest().get(f"/api/embed/{run['experiment']}").status_code == 200


def test_what_nobody_shared(owner: Client) -> None:
    assert guest().get("/s/nothing").status_code == 404
    assert guest().get("/s/nothing/preview.png").status_code == 404
    assert guest().get("/api/embed/nothing").status_code == 404
    holder = came_by(shared(owner, saved(owner)["id"])["token"])
    assert holder.get(f"/api/experiments/{saved(owner)['id']}").status_code == 404
