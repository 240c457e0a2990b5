"""The parts of the bundle that a page will ask for, named in its head: the browser learnt of them only when the
entry had come and run, one round trip and some hundred milliseconds later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

ENTRY = "main.tsx"
PARTS = {
    "home": "HomePage",
    "new": "BuildPage",
    "experiment": "BuildPage",
    "run": "TrainPage",
    "about": "ExperimentPage",
    "compare": "ComparePage",
    "data": "DataPage",
    "embed": "EmbedPage",
    "exhibit": "ExhibitPage",
    "gallery": "GalleryPage",
    "plane": "PlanePage",
    "zoo": "ZooPage",
    "guidelines": "WhyPage",
    "guideline": "WhyPage",
}
"""By the page's name among the URLs what editor/App.tsx draws there."""


@dataclass(frozen=True)
class Preloads:
    """Addresses."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


def preloads_of(page: str | None) -> Preloads:
    """Beside what the entry brings along; nothing for a page that is not known, or a part that the bundle lacks."""
    manifest: Path = settings.EDITOR_MANIFEST
    return _read(manifest, manifest.stat().st_mtime_ns, f"pages/{PARTS[page]}.tsx") if page in PARTS else Preloads()


@lru_cache(maxsize=64)
def _read(manifest: Path, written: int, part: str) -> Preloads:
    chunks: dict[str, Any] = json.loads(manifest.read_text())
    there = set(_closure(chunks, ENTRY))
    more = [chunks[name] for name in dict.fromkeys(_closure(chunks, part)) if name not in there]
    return Preloads(
        tuple(static(f"editor/{chunk['file']}") for chunk in more),
        tuple(static(f"editor/{style}") for chunk in more for style in chunk.get("css", ())),
    )


def _closure(chunks: Mapping[str, Any], name: str) -> Iterator[str]:
    """The chunk and all that it imports; chunks may import each other."""
    seen: set[str] = set()
    wanted = [name]
    while wanted:
        at = wanted.pop(0)
        if at in chunks and at not in seen:
            seen.add(at)
            yield at
            wanted += chunks[at].get("imports", ())
