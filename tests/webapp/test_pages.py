"""The pages: one shell, strict headers, errors in the same style."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

PAGES = [
    "/",
    "/new",
    "/new?zoo=lenet-5",
    "/plane",
    "/plane?runs=mnist",
    "/why",
    "/why/filters.W001",
    "/zoo",
    "/zoo/resnet-50",
    "/gallery",
    "/embed/Kk7HXB0ARY0Ybo8PUM--Ww",
    f"/e/{'0' * 32}",
    f"/e/{'0' * 32}/about",
    f"/e/{'0' * 32}/runs/{'1' * 32}",
]


@pytest.fixture
def bundle(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle's manifest, as Vite writes it."""
    from django_vite.core import asset_loader

    manifest = tmp_path / "manifest.json"
    entry = {"file": "assets/main-BxYz1234.js", "src": "main.tsx", "isEntry": True, "css": ["assets/main-AbCd5678.css"]}
    manifest.write_text(json.dumps({"main.tsx": entry}))
    settings.EDITOR_MANIFEST = manifest
    settings.DJANGO_VITE = {"default": {"static_url_prefix": "editor", "manifest_path": manifest}}
    monkeypatch.setattr(asset_loader.DjangoViteAssetLoader, "_instance", None)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_the_editors_shell(client: Client, bundle: None, path: str) -> None:
    response = client.get(path)
    text = response.content.decode()
    assert response.status_code == 200
    assert 'src="/static/editor/assets/main-BxYz1234.js"' in text
    assert 'href="/static/editor/assets/main-AbCd5678.css"' in text
    assert "<noscript>" in text and "theme-color" in text
    assert response.cookies["csrftoken"]["samesite"] == "Lax"


def test_the_page_runs_no_inline_script(client: Client, bundle: None) -> None:
    response = client.get("/")
    assert "<script>" not in response.content.decode()
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"


def test_a_page_without_its_bundle_says_how_to_build_it(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.EDITOR_MANIFEST = tmp_path / "none"
    response = client.get("/")
    assert response.status_code == 503
    assert "make bundle" in response.content.decode()


@pytest.mark.parametrize("debug", [False, True])
def test_a_page_that_is_not_there(client: Client, settings: Any, debug: bool) -> None:
    settings.DEBUG = debug
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert "Nothing here" in response.content.decode()
    assert "Traceback" not in response.content.decode()


def test_pages_are_for_reading(client: Client, bundle: None) -> None:
    response = client.post("/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_looking_at_a_page_makes_no_guest(client: Client, bundle: None) -> None:
    assert "playground_guest" not in client.get("/").cookies
