"""Where uploads and data sets lie: below the runtime folder, named by ids and hashes alone.

datasets/uploads/<id>.zip          what has come of an upload; gone when it is checked
datasets/checks/<id>/              the folder of the process that checks it
datasets/files/<sha256>.safetensors  the images of data sets, one file for all that are alike
"""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

from django.conf import settings

TIDYING = threading.Lock()
"""Held while a file comes with its row, and while files without a row go. There is one web process."""
DIGEST = re.compile(r"[0-9a-f]{64}")


def _folder(name: str) -> Path:
    folder = Path(settings.VAR) / "datasets" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def upload_path(id: str) -> Path:
    return _folder("uploads") / f"{id}.zip"


def check_folder(id: str) -> Path:
    return _folder("checks") / id


def file_path(digest: str) -> Path:
    """Raises ValueError for what is no hash."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"'{digest[:20]}' is no SHA-256.")
    return _folder("files") / f"{digest}.safetensors"


def stored_digests() -> set[str]:
    return {path.stem for path in _folder("files").glob("*.safetensors")}


def upload_ids() -> set[str]:
    """Of all that has come of uploads, and of checks under way."""
    uploads, checks = _folder("uploads").glob("*.zip"), _folder("checks").iterdir()
    return {path.stem for path in uploads} | {path.name for path in checks}


def upload_forget(id: str) -> None:
    upload_path(id).unlink(missing_ok=True)
    shutil.rmtree(check_folder(id), ignore_errors=True)
