"""The process that fetches a run's data: `python -m worker.fetching`, told what by one line of JSON on its input.

It says on its output, a line of JSON each, how far it is; the last line says what became of it. What came stays when it
is killed, and the next one goes on. `python -m worker fetch NAME` does the same for people.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from playground.datasets import DATASETS, Dataset, RemoteFile
from playground.protocol import DataFile, encode
from worker.failure import Failure
from worker.originals import read_original, unpacked_names
from worker.places import data_folders, datasets_folder
from worker.stored import stored_path, write_stored
from worker.transfer import TransferError, checksum_right, download

TELL_EVERY = 0.25
"""Seconds between two lines."""
KEEP_BYTES = 8 << 30
"""Room for fetched data sets of people's own; those used longest ago go first."""
TORCHVISION = {"fashion-mnist": "FashionMNIST/raw", "kmnist": "KMNIST/raw"}


class Wanted(BaseModel):
    """A data set that everybody knows, by its record alone; or somebody's own, from its site."""

    record: Dataset
    file: DataFile | None = None
    site: str = ""
    """http:// or https:// address."""
    token: str = ""
    cards: str = ""
    """Folder for the card of a data set that everybody knows."""

    @property
    def key(self) -> str:
        return self.file.digest if self.file else self.record.name


class Told(BaseModel):
    """One line. A failure has a message and a hint."""

    stage: Literal["fetching", "preparing", "done", "failed"]
    bytes: int = 0
    total: int = 0
    message: str = ""
    hint: str = ""


Tell = Callable[[Told], None]


def fetch(wanted: Wanted, tell: Tell) -> None:
    """Have the data set's file in its place. Raises Failure(data_missing) with the way out."""
    with _alone(wanted.key):
        if stored_path(wanted.key).is_file():
            return  # another one has just fetched it
        try:
            if wanted.file is None:
                _fetch_known(wanted.record, tell)
            else:
                _fetch_own(wanted, wanted.file, tell)
        except OSError as error:
            raise Failure(
                "data_missing",
                f"{wanted.record.title} cannot be kept on the worker's machine: {error.strerror or error}.",
                f"Make room in {datasets_folder()}, and train again.",
            ) from error


def _fetch_known(record: Dataset, tell: Tell) -> None:
    files = {file.name: _already(record, file) for file in record.files}
    absent = [file for file in record.files if files[file.name] is None]
    done, total = 0, sum(file.bytes for file in absent)
    fetched: list[Path] = []
    for file in absent:
        target = datasets_folder() / f"{record.name}-{file.name}"

        def progress(have: int, whole: int, file: RemoteFile = file, done: int = done) -> None:
            tell(Told(stage="fetching", bytes=done + have, total=max(total - file.bytes + whole, done + have)))

        if not (target.is_file() and checksum_right(target, file.checksum)):
            try:
                download(_url(file), target, about=file.bytes, checksum=file.checksum, progress=progress)
            except TransferError as error:
                raise _not_downloaded(record, file, error) from error
        done += file.bytes
        files[file.name] = target
        fetched.append(target)
    tell(Told(stage="preparing", bytes=total, total=total))
    try:
        arrays = read_original(record, {name: path for name, path in files.items() if path is not None})
    except (ValueError, EOFError, KeyError, tarfile.TarError) as error:
        where = ", ".join(str(path) for path in files.values())
        raise Failure(
            "data_missing",
            f"The files of {record.title} cannot be read: {str(error).strip(chr(39)).rstrip('.')}.",
            f"Put whole copies there, or delete them so that they are downloaded: {where}.",
        ) from error
    write_stored(record, record.name, arrays)
    for path in fetched:
        path.unlink(missing_ok=True)


def _already(record: Dataset, file: RemoteFile) -> Path | None:
    """A file that somebody put into the folder PLAYGROUND_DATA, as it is published or unpacked."""
    below = ("", record.name, TORCHVISION.get(record.name, record.name))
    folders = [folder / inner for folder in data_folders(record.name) for inner in below]
    for folder in folders:
        path = folder / file.name
        if path.is_file() and checksum_right(path, file.checksum):
            return path
        for name in unpacked_names(file.name):
            if name != file.name and (folder / name).exists():
                return folder / name
    return None


def _url(file: RemoteFile) -> str:
    """Where a mirror is named, the file of the same name there: a class may have no way to the world."""
    mirror = os.environ.get("PLAYGROUND_MIRROR", "").rstrip("/")
    return f"{mirror}/{file.name}" if mirror else file.url


def _not_downloaded(record: Dataset, file: RemoteFile, error: TransferError) -> Failure:
    return Failure(
        "data_missing",
        f"{record.title} could not be downloaded: {error}.",
        f"Train again to go on with the download; or put {file.name} into the folder that PLAYGROUND_DATA names on the "
        "worker's machine.",
    )


def _fetch_own(wanted: Wanted, file: DataFile, tell: Tell) -> None:
    """From the site, in the parts that it gives."""
    target = stored_path(file.digest)
    _make_room(file.bytes)
    try:
        download(
            f"{wanted.site}/api/worker/files/{file.digest}",
            target,
            about=file.bytes,
            checksum=f"sha256:{file.digest}",
            progress=lambda have, total: tell(Told(stage="fetching", bytes=have, total=total)),
            headers={"Authorization": f"Bearer {wanted.token}"},
        )
    except TransferError as error:
        raise Failure(
            "data_missing",
            f"The images of “{wanted.record.title}” could not be fetched from the site: {error}.",
            "Train again; if it stays, tell who runs the worker.",
        ) from error


def _make_room(needed: int) -> None:
    """Files named by a hash: the site still has them."""
    found = [path for path in datasets_folder().glob("*.safetensors") if len(path.stem) == 64]
    total = needed + sum(path.stat().st_size for path in found)
    for path in sorted(found, key=lambda path: path.stat().st_mtime):
        if total <= KEEP_BYTES:
            return
        total -= path.stat().st_size
        path.unlink(missing_ok=True)


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """Two workers of one machine share the folder: one fetches, the other waits."""
    with (datasets_folder() / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_card(wanted: Wanted) -> None:
    """What the page shows of it. Imports torch."""
    from worker.cards import make_card

    card, png = make_card(wanted.record.name)
    path = Path(wanted.cards) / f"{wanted.record.name}.record"
    draft = path.with_suffix(".new")
    draft.write_bytes(encode(card, png))
    draft.replace(path)


def sparing(tell: Tell) -> Tell:
    """Tells of progress seldom enough for people."""
    said = ("", 0.0)

    def told(line: Told) -> None:
        nonlocal said
        now = time.monotonic()
        if line.stage != said[0] or now - said[1] >= TELL_EVERY:
            said = (line.stage, now)
            tell(line)

    return told


def serve() -> int:
    """For the agent."""
    wanted = Wanted.model_validate_json(sys.stdin.readline())

    def tell(line: Told) -> None:
        print(line.model_dump_json(), flush=True)

    try:
        fetch(wanted, sparing(tell))
        if wanted.cards and wanted.file is None:
            with suppress(Failure):  # the run is worth more than its data set's picture
                _write_card(wanted)
    except Failure as failure:
        tell(Told(stage="failed", message=failure.message, hint=failure.hint))
        return 1
    tell(Told(stage="done"))
    return 0


def main(arguments: list[str]) -> int:
    """python -m worker fetch NAME"""
    names = [name for name, record in DATASETS.items() if record.files]
    if len(arguments) != 1 or arguments[0] not in names:
        print(f"Name a data set to download: python -m worker fetch {'|'.join(names)}", file=sys.stderr)
        return 2
    record = DATASETS[arguments[0]]

    def tell(line: Told) -> None:
        share = f"{line.bytes / 1e6:,.0f} of {line.total / 1e6:,.0f} MB" if line.stage == "fetching" else "unpacking"
        print(f"\r{record.title}: {share}      ", end="", flush=True)

    try:
        fetch(Wanted(record=record), sparing(tell))
    except Failure as failure:
        print(f"\n{failure.message}\n{failure.hint}", file=sys.stderr)
        return 1
    print(f"\r{record.title} is here: {record.train:,} training and {record.test:,} test images.")
    return 0


def request_of(wanted: Wanted) -> bytes:
    """The line that `serve` reads. The token is not an argument: those are for all to see."""
    line: dict[str, Any] = wanted.model_dump(mode="json")
    return json.dumps(line).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(serve())
