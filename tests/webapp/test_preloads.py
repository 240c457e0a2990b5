"""A page names in its head the parts of the bundle that it will ask for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.webapp.conftest import ROOT
from webapp import preloads, urls

CHUNKS = {
    "main.tsx": {"file": "assets/main-BxYz1234.js", "src": "main.tsx", "isEntry": True, "imports": ["_react.js"]},
    "_react.js": {"file": "assets/react-AbCd1234.js"},
    "_rows.js": {"file": "assets/rows-AbCd1234.js", "imports": ["_react.js", "_twin.js"], "css": ["assets/r-1.css"]},
    "_twin.js": {"file": "assets/twin-AbCd1234.js", "imports": ["_rows.js"]},
    "pages/TrainPage.tsx": {"file": "assets/TrainPage-AbCd1234.js", "imports": ["_rows.js", "_react.js"]},
}


@pytest.fixture
def parts(bundle: None, settings: Any) -> None:
    Path(settings.EDITOR_MANIFEST).write_text(json.dumps(CHUNKS))


@pytest.mark.django_db
def test_a_page_names_its_parts_and_not_the_entrys(parts: None) -> None:
    found = Client().get(f"/e/{'0' * 32}/runs/{'1' * 32}", headers={"host": "localhost"}).content.decode()
    scripts = re.findall(r'rel="modulepreload" href="/static/editor/assets/([^"]+)"', found)
    own = ["TrainPage-AbCd1234.js", "rows-AbCd1234.js", "twin-AbCd1234.js"]
    assert [name for name in scripts if not name.startswith("react")] == own
    assert '<link rel="preload" as="style" href="/static/editor/assets/r-1.css" crossorigin>' in found


@pytest.mark.django_db
def test_a_page_whose_part_is_not_in_the_bundle_names_nothing(parts: None) -> None:
    assert 'as="style"' not in Client().get("/zoo", headers={"host": "localhost"}).content.decode()


def test_every_part_is_a_page_of_the_editor_and_every_page_has_one() -> None:
    assert {name for name in preloads.PARTS.values() if not (ROOT / f"editor/pages/{name}.tsx").is_file()} == set()
    names = {entry.name for entry in urls.urlpatterns if hasattr(entry, "name")}
    drawn = {name for name in names if "preview" not in name and name != "shared"}
    assert drawn == set(preloads.PARTS)
