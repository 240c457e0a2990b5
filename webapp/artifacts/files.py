"""The folder of artifacts: a whole file under its hash, or none. What is still arriving lies apart from them."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

_HASH = re.compile(r"[0-9a-f]{64}")
BLOCK = 1024 * 1024
STALE = 24 * 3600.0
"""Seconds after which a file that stopped arriving is given up."""


def path_of(sha256: str) -> Path:
    """Where the whole file is. Raises ValueError for what is no hash."""
    return _folder() / _checked(sha256)[:2] / sha256


def arrived(sha256: str) -> int:
    """Bytes of a file that is still arriving."""
    try:
        return _partial(sha256).stat().st_size
    except FileNotFoundError:
        return 0


def append(sha256: str, offset: int, data: bytes | memoryview) -> int:
    """Add bytes to a file that is arriving, where they are the next ones; gives how many there are."""
    path = _partial(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if file.tell() == offset:
            file.write(data)
        return file.tell()


def complete(sha256: str) -> bool:
    """Keep a file that has arrived, for ever; False, and it is gone, where it is not what its hash says."""
    partial, whole = _partial(sha256), path_of(sha256)
    if _hash_of(partial) != sha256:
        partial.unlink()
        return False
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    whole.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(whole)
    folder = os.open(whole.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


def give_up(sha256: str) -> None:
    """Forget what has arrived so far."""
    _partial(sha256).unlink(missing_ok=True)


def remove(sha256: str) -> None:
    path_of(sha256).unlink(missing_ok=True)


def sweep(known: Collection[str], now: float | None = None) -> int:
    """Remove whole files that no row knows and those that stopped arriving, both older than a day; gives how many."""
    oldest = (time.time() if now is None else now) - STALE
    count = 0
    for path in _folder().glob("*/*"):
        if path.name not in known and path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _folder() -> Path:
    return Path(settings.ARTIFACTS)


def _partial(sha256: str) -> Path:
    return _folder() / "arriving" / _checked(sha256)


def _checked(sha256: str) -> str:
    if not _HASH.fullmatch(sha256):
        raise ValueError("That is no hash of a file.")
    return sha256


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
