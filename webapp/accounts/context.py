"""What the account pages' templates need of the settings."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def accounts(request: HttpRequest) -> dict[str, Any]:
    return {"mail": settings.MAIL, "sign_up_open": settings.SIGN_UP_OPEN, "editor_styles": editor_styles()}


def editor_styles() -> tuple[str, ...]:
    """The editor's style sheets, which pages without its script use too; none where it is not built."""
    manifest: Path = settings.EDITOR_MANIFEST
    try:
        return _styles(manifest, manifest.stat().st_mtime_ns)
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _styles(manifest: Path, changed: int) -> tuple[str, ...]:
    entries = json.loads(manifest.read_text())
    return tuple(f"editor/{file}" for file in entries["main.tsx"].get("css", []))
