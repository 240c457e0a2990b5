"""Which class and which part each file of an upload belongs to, by the folder it lies in. No Django here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from webapp.datasets.sources import Entry, Refused

Part = Literal["train", "validation", "test"]
PARTS: dict[str, Part] = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
}
LONGEST_CLASS = 60
EXAMPLE = "such as cats/1.png and dogs/1.png, or train/cats/1.png and test/cats/1.png"


@dataclass(frozen=True)
class Placed:
    """A file that should be an image."""

    entry: Entry
    label: int
    part: Part | None
    """None: the split is ours to make."""


@dataclass
class Layout:
    """What the folders say."""

    classes: list[str]
    files: list[Placed]
    split: bool
    """The upload brings its own split."""
    loose: list[str] = field(default_factory=list)
    """Files in no class's folder."""


def read_layout(entries: Sequence[Entry]) -> Layout:
    """Raises Refused where no folder is a class's."""
    entries, dropped = _descend(entries)
    tops = {entry.parts[0] for entry in entries if len(entry.parts) > 1 or entry.size is None}
    parts = {top: PARTS[top.lower()] for top in tops if top.lower() in PARTS}
    split = "train" in parts.values() and len(set(parts.values())) > 1
    if split and "test" not in parts.values():
        parts = {top: "test" if part == "validation" else part for top, part in parts.items()}
    depth = 1 if split else 0
    names: set[str] = set()
    placed: list[tuple[Entry, str, Part | None]] = []
    loose: list[str] = []
    for entry in entries:
        inside = not split or entry.parts[0] in parts
        needed = depth + (1 if entry.size is None else 2)
        if inside and len(entry.parts) >= needed:
            name = unicodedata.normalize("NFC", entry.parts[depth])
            names.add(name)
            if entry.size is not None:
                placed.append((entry, name, parts[entry.parts[0]] if split else None))
        elif entry.size is not None:
            loose.append(dropped + entry.path)
    classes = sorted(names, key=_natural)
    _check_names(classes)
    place = {name: label for label, name in enumerate(classes)}
    files = [Placed(entry, place[name], part) for entry, name, part in placed]
    return Layout(classes, files, split, loose)


def _descend(entries: Sequence[Entry]) -> tuple[list[Entry], str]:
    """Without the folders around the folders: a zip of one folder that holds the classes is a zip of the classes."""
    found, dropped = list(entries), ""
    while True:
        tops = {entry.parts[0] for entry in found if entry.parts}
        deep = any(len(entry.parts) > 2 or (len(entry.parts) == 2 and entry.size is None) for entry in found)
        if len(tops) != 1 or not deep:
            return found, dropped
        top = next(iter(tops))
        dropped += f"{top}/"
        found = [Entry("/".join(entry.parts[1:]), entry.size, entry.key) for entry in found if len(entry.parts) > 1]


def _check_names(classes: list[str]) -> None:
    if not classes:
        raise Refused(
            f"No folder of a class was found. Put the images of each class into a folder of its own, {EXAMPLE}."
        )
    for name in classes:
        if len(name) > LONGEST_CLASS or not name.isprintable():
            raise Refused(
                f"The class folder “{name[:40]}…” has a name that cannot be shown. Use at most {LONGEST_CLASS} letters."
            )


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """2 before 10, and letters whatever their case."""
    pieces = re.split(r"(\d+)", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece], name
