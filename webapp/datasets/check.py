"""The process that checks an upload: `python -m webapp.datasets.check FOLDER`. No Django here.

It reads FOLDER/request.json, tells in FOLDER/progress.json how far it is, and leaves FOLDER/report.json; where the data
set is ready also FOLDER/result.safetensors and FOLDER/card.png. Its memory and time are limited, so that whatever an
upload holds can harm this process alone.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported: each thread reserves memory that counts

import contextlib  # noqa: E402
import errno  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Literal  # noqa: E402

from pydantic import BaseModel  # noqa: E402

from playground.datasets import Dataset  # noqa: E402
from playground.own_data import OwnDataLimits, OwnDataOptions, OwnFinding, OwnProgress  # noqa: E402
from playground.protocol.link import DatasetCard  # noqa: E402

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 3600
TELL_EVERY = 0.3
"""Seconds between two words on how far it is."""


class Request(BaseModel):
    """What is to be checked."""

    path: str
    origin: Literal["uploaded", "folder"]
    name: str
    title: str
    file: str
    options: OwnDataOptions
    limits: OwnDataLimits
    room: int | None = None
    """Bytes that its owner may still store; None where there is no limit."""


class Report(BaseModel):
    """What became of it: `problem` is empty where the data set is ready."""

    problem: str = ""
    no_room: bool = False
    """It is refused for what its owner has stored beside it."""
    findings: list[OwnFinding] = []
    dataset: Dataset | None = None
    card: DatasetCard | None = None
    digest: str = ""
    bytes: int = 0


def main(folder: Path) -> int:
    request = Request.model_validate_json((folder / "request.json").read_bytes())
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    report = examine(request, folder)
    _write(folder / "report.json", report.model_dump_json())
    return 0


def examine(request: Request, folder: Path) -> Report:
    """Whatever an upload holds, this gives a report."""
    from webapp.datasets.building import build
    from webapp.datasets.sources import FolderSource, NoRoom, Refused, ZipSource

    told = 0.0

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= TELL_EVERY:
            told = now
            tell(folder, OwnProgress.model_validate({"stage": stage, "done": done, "total": total}))

    path = Path(request.path)
    described = (
        f"Uploaded as {request.file}" if request.origin == "uploaded" else f"The folder {request.file} of the site"
    )
    try:
        source = (ZipSource if request.origin == "uploaded" else FolderSource)(path, request.limits)
        built = build(
            source,
            name=request.name,
            title=request.title,
            origin=request.origin,
            described=described,
            options=request.options,
            limits=request.limits,
            room=request.room,
            target=folder / "result.safetensors",
            progress=progress,
        )
    except Refused as refused:
        no_room = isinstance(refused, NoRoom)
        return Report(problem=str(refused), no_room=no_room, findings=getattr(refused, "findings", []))
    except MemoryError:
        return Report(problem="The images need more memory than the check may take. Leave out the largest ones.")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return Report(problem="The site's disk is full. Tell who runs the site, and try again.")
    (folder / "card.png").write_bytes(built.png)
    return Report(
        findings=built.findings, dataset=built.record, card=built.card, digest=built.digest, bytes=built.bytes
    )


def tell(folder: Path, progress: OwnProgress) -> None:
    with contextlib.suppress(OSError):
        _write(folder / "progress.json", progress.model_dump_json())


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
