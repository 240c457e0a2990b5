"""The page's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from webapp.assets import AssetsMiddleware


@pytest.mark.django_db
def test_a_file_that_a_new_bundle_took_away_is_not_found(settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / "editor" / "assets"
    folder.mkdir(parents=True)
    old = folder / "main-BxYz1234.js"
    old.write_text("let it = 1;")
    settings.STATIC_ROOT = str(tmp_path)
    settings.WHITENOISE_USE_FINDERS = False
    serve = AssetsMiddleware(lambda request: HttpResponse(status=500))
    request = RequestFactory().get("/static/editor/assets/main-BxYz1234.js")
    there = serve(request)
    assert there.getvalue() == b"let it = 1;"
    there.close()
    old.unlink()
    gone = serve(request)
    assert gone.status_code == 404
    assert b"Start the site again" in gone.content
