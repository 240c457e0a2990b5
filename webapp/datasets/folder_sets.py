"""Folders of images on the site's machine: those that PLAYGROUND_DATA names, each with folders of classes in it.

A folder may hold a `dataset.json` that says how it is read: {"title": …, "size": 64, "colour": "grey", "fit": "pad",
"test_share": 20}. What is not said is as for an upload.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from django.conf import settings
from pydantic import ValidationError

from playground.datasets import LONGEST_NAME
from playground.own_data import OwnDataOptions
from webapp.datasets.models import OwnDataset, OwnState

DESCRIPTION = "dataset.json"
IMAGES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".ppm", ".pgm", ".tif", ".tiff"}
PREFIX = "folder-"


def path_of(row: OwnDataset) -> Path:
    return Path(settings.DATA_FOLDER or "") / row.file


def look() -> None:
    """Have new and changed folders checked; what is gone goes."""
    found = {path.name: path for path in _folders()}
    known = {row.file: row for row in OwnDataset.objects.filter(owner="").defer("png")}
    for file, row in known.items():
        if file not in found:
            row.delete()
    for file, path in found.items():
        stamp, size = _stamp(path)
        row = known.get(file) or OwnDataset(name=_name(file), file=file, owner="")
        if row.folder_stamp != stamp:
            _recheck(row, path, stamp, size)


def _recheck(row: OwnDataset, path: Path, stamp: str, size: int) -> None:
    title, options, problem = _described(path)
    row.title, row.options = title, options.model_dump(mode="json")
    row.folder_stamp, row.bytes, row.received = stamp, size, size
    row.state, row.problem = (OwnState.REFUSED, problem) if problem else (OwnState.CHECKING, "")
    row.save()


def _folders() -> list[Path]:
    """Below the named folder: those that hold at least two folders, and images two or three levels down."""
    root = Path(settings.DATA_FOLDER) if settings.DATA_FOLDER else None
    if root is None or not root.is_dir():
        return []
    return [path for path in sorted(root.iterdir()) if path.is_dir() and not path.name.startswith(".") and _holds(path)]


def _holds(path: Path) -> bool:
    inner = [each for each in path.iterdir() if each.is_dir()]
    return len(inner) >= 2 and any(
        file.suffix.lower() in IMAGES for depth in ("*/*", "*/*/*") for file in path.glob(depth)
    )


def _stamp(path: Path) -> tuple[str, int]:
    """A hash that changes when a file comes, goes or changes, and the bytes of them all."""
    hashed, total = hashlib.sha256(), 0
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            try:
                status = os.lstat(os.path.join(folder, name))
            except OSError:
                continue
            total += status.st_size
            hashed.update(f"{folder}/{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return hashed.hexdigest(), total


def _described(path: Path) -> tuple[str, OwnDataOptions, str]:
    """Title, options, and what is wrong with the description."""
    title = path.name[:60]
    try:
        said = json.loads((path / DESCRIPTION).read_bytes())
        title = str(said.pop("title", title))[:60]
        return title, OwnDataOptions.model_validate(said), ""
    except FileNotFoundError:
        return title, OwnDataOptions(), ""
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return title, OwnDataOptions(), f"{DESCRIPTION} of the folder cannot be used: {where}: {first['msg']}."
    except (OSError, ValueError, AttributeError, TypeError) as error:
        return title, OwnDataOptions(), f"{DESCRIPTION} of the folder cannot be read: {error}."


def _name(file: str) -> str:
    """As a recipe names it; two folders whose names differ in signs alone stay apart by a hash."""
    plain = re.sub(r"[^a-z0-9]+", "-", file.lower()).strip("-")
    name = f"{PREFIX}{plain}"
    if plain and len(name) <= LONGEST_NAME and not OwnDataset.objects.filter(name=name).exists():
        return name
    mark = hashlib.sha256(file.encode(errors="surrogateescape")).hexdigest()[:8]
    return f"{PREFIX}{plain[:40]}-{mark}".replace("--", "-")
