"""Where the images of an upload are read from: a zip, or a folder here. Nothing is ever unpacked by its name.

Runs in the process that checks an upload; no Django here.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from playground.own_data import OwnDataLimits
from playground.words import MEGABYTE, megabytes

JUNK = {"__macosx", "thumbs.db", "desktop.ini"}
RATIO_COUNTS_FROM = 64 * MEGABYTE


class Refused(Exception):
    """The upload cannot become a data set; the message says why, and the way out."""


class NoRoom(Refused):
    """There is no room for it beside what its owner has stored."""


class Unreadable(Exception):
    """One file cannot be used; the others can."""


@dataclass(frozen=True)
class Entry:
    """A file, or a folder (`size` None), by its path below the top: "train/cat/1.png"."""

    path: str
    size: int | None
    key: object
    """What its source finds it by."""

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).parts


class Source(Protocol):
    """Files and folders, and the bytes of a file."""

    def entries(self) -> list[Entry]: ...

    def read(self, entry: Entry) -> bytes: ...


class ZipSource:
    """A zip that somebody sent: nothing that it says of itself is believed."""

    def __init__(self, path: Path, limits: OwnDataLimits) -> None:
        self._limits = limits
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Refused(
                f"The file cannot be read as a zip ({_plain(error)}). Pack the folders anew, as an ordinary zip."
            ) from error
        self._packed = max(1, path.stat().st_size)

    def entries(self) -> list[Entry]:
        """Raises Refused for a zip that is a trap, or larger than may be."""
        infos = self._zip.infolist()
        if len(infos) > self._limits.entries:
            raise Refused(
                f"The zip holds {len(infos):,} files and folders; at most {self._limits.entries:,} are read. "
                "Leave some out."
            )
        for info in infos:
            _check_entry(info)
        unpacked = sum(info.file_size for info in infos)
        if unpacked > self._limits.unpacked_bytes:
            raise Refused(
                f"Unpacked the zip would have {megabytes(unpacked)}; at most {megabytes(self._limits.unpacked_bytes)} "
                "are read. Leave images out, or make them smaller."
            )
        if unpacked > max(RATIO_COUNTS_FROM, self._packed * self._limits.ratio):
            raise Refused(
                f"The zip unpacks to {unpacked / self._packed:,.0f} times its size, as a zip bomb does; images come to "
                f"{self._limits.ratio} times at most. Pack the images as PNG or JPEG."
            )
        found = [
            Entry(info.filename.replace("\\", "/").strip("/"), None if info.is_dir() else info.file_size, info)
            for info in infos
            if not _is_junk(info.filename)
        ]
        return sorted((entry for entry in found if entry.parts), key=lambda entry: entry.path)

    def read(self, entry: Entry) -> bytes:
        """The file's bytes. Raises Unreadable, or Refused where it all becomes too much."""
        info = entry.key
        assert isinstance(info, zipfile.ZipInfo)
        most = self._limits.file_bytes
        if info.file_size > most:
            raise Unreadable(f"larger than {megabytes(most)}")
        try:
            with self._zip.open(info) as file:
                data = file.read(most + 1)
        except Exception as error:  # zlib, bz2, lzma and zipfile each have errors of their own
            raise Unreadable("broken in the zip") from error
        self._read += len(data)
        if self._read > self._limits.unpacked_bytes:
            raise Refused(
                f"The zip unpacks to more than the {megabytes(self._limits.unpacked_bytes)} that are read, and more "
                "than it says. Pack the folders anew."
            )
        return data


class FolderSource:
    """A folder that the site's administrator named. Links are not followed."""

    def __init__(self, path: Path, limits: OwnDataLimits) -> None:
        self._path = path
        self._limits = limits

    def entries(self) -> list[Entry]:
        found = sorted(self._walk(), key=lambda entry: entry.path)
        if len(found) > self._limits.entries:
            raise Refused(f"The folder holds more than {self._limits.entries:,} files. Leave some out.")
        total = sum(entry.size or 0 for entry in found)
        if total > self._limits.unpacked_bytes:
            most = megabytes(self._limits.unpacked_bytes)
            raise Refused(f"The folder has {megabytes(total)}; at most {most} are read. Leave images out.")
        return found

    def _walk(self) -> Iterator[Entry]:
        count = 0
        for folder, folders, files in os.walk(self._path):
            folders[:] = [name for name in folders if not _is_junk(name) and not Path(folder, name).is_symlink()]
            below = Path(folder).relative_to(self._path)
            for name in folders:
                yield Entry((below / name).as_posix(), None, None)
            for name in files:
                path = Path(folder, name)
                if _is_junk(name) or not stat.S_ISREG(path.lstat().st_mode):
                    continue
                count += 1
                if count > self._limits.entries + 1:
                    return
                yield Entry((below / name).as_posix(), path.lstat().st_size, path)

    def read(self, entry: Entry) -> bytes:
        if (entry.size or 0) > self._limits.file_bytes:
            raise Unreadable(f"larger than {megabytes(self._limits.file_bytes)}")
        assert isinstance(entry.key, Path)
        try:
            return entry.key.read_bytes()
        except OSError as error:
            raise Unreadable("cannot be opened") from error


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.filename.replace("\\", "/")
    shown = name[:120]
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise Refused(
            f"The zip holds “{shown}”, a path from the root of a disk. Pack the folders with paths of their own."
        )
    if ".." in name.split("/"):
        raise Refused(f"The zip holds “{shown}”, a path that leads out of its folder. Pack the folders anew.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused(f"The zip holds “{shown}”, a link to another file. Pack the images themselves.")
    if info.flag_bits & 0x1:
        raise Refused("The zip is locked with a password. Pack it without one.")


def _is_junk(path: str) -> bool:
    """What file managers leave behind: __MACOSX, .DS_Store, Thumbs.db, and all that is hidden."""
    parts = path.replace("\\", "/").strip("/").split("/")
    return any(part.lower() in JUNK or part.startswith(".") for part in parts)


def _plain(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
