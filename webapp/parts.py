"""What the browser needs to draw a page: told with the page, so that it is fetched at once and not link by link."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.templatetags.static import static

PARTS = {
    "home": "HomePage",
    "new": "BuildPage",
    "experiment": "BuildPage",
    "about": "ExperimentPage",
    "run": "TrainPage",
    "data": "DataPage",
    "plane": "PlanePage",
    "compare": "ComparePage",
    "zoo": "ZooPage",
    "exhibit": "ExhibitPage",
    "gallery": "GalleryPage",
    "embed": "EmbedPage",
    "guidelines": "WhyPage",
    "guideline": "WhyPage",
}
"""The part of the script that draws each page, by the name of its address."""


class Needed(NamedTuple):
    """Addresses of scripts and of style sheets."""

    scripts: list[str]
    styles: list[str]


def needed_by(page: str) -> Needed:
    """What the page of that name needs beyond what every page has; nothing where the bundle does not know it."""
    manifest = settings.EDITOR_MANIFEST
    return _needed(manifest, manifest.stat().st_mtime_ns, PARTS.get(page, ""))


@cache
def _needed(manifest: Path, _built: int, part: str) -> Needed:
    chunks: dict[str, Any] = json.loads(manifest.read_text())
    found: dict[str, None] = {}
    _follow(f"pages/{part}.tsx", chunks, found, _reached("main.tsx", chunks))
    styles = dict.fromkeys(style for name in found for style in chunks[name].get("css", []))
    return Needed([_address(chunks[name]["file"]) for name in found], [_address(style) for style in styles])


def _reached(name: str, chunks: dict[str, Any]) -> dict[str, None]:
    found: dict[str, None] = {}
    _follow(name, chunks, found, {})
    return found


def _follow(name: str, chunks: dict[str, Any], found: dict[str, None], known: dict[str, None]) -> None:
    """The chunk and all that it imports, each once."""
    if name in found or name in known or name not in chunks:
        return
    found[name] = None
    for imported in chunks[name].get("imports", []):
        _follow(imported, chunks, found, known)


def _address(file: str) -> str:
    return static(f"editor/{file}")
