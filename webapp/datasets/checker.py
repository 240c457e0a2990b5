"""Checks uploads one after another in a process of its own, and takes over what that process leaves.

The site's thread only waits. A check that was cut off begins again when the site starts: the row says `checking`, and
the zip is still there.
"""

from __future__ import annotations

import logging
import shutil
import signal
import subprocess
import sys
import threading
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from pydantic import ValidationError

from playground.own_data import OwnDataOptions, OwnProgress
from playground.words import megabytes
from webapp.datasets import folder_sets, storage
from webapp.datasets.check import Report, Request
from webapp.datasets.models import OwnDataset, OwnState
from webapp.quotas import more_room, storage_left

log = logging.getLogger("webapp.datasets")

PATIENCE_SECONDS = 2 * 3600.0
POLL_SECONDS = 0.2
KEEP_BROKEN_DAYS = 7
FOLDERS_EVERY = 30.0
"""Seconds between looks at the folders of the site's machine."""

_started = threading.Event()
_wake = threading.Event()


def start() -> None:
    """Begin to check, once a process."""
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_run, name="data set checker", daemon=True).start()


def wake() -> None:
    """There is something to check."""
    _wake.set()


def _run() -> None:
    while True:
        _wake.clear()
        try:
            folder_sets.look()
            _forget_uploads()
            while check_next():
                pass
        except Exception:
            log.exception("The checker of data sets failed this time; it tries again.")
        finally:
            close_old_connections()
        _wake.wait(FOLDERS_EVERY)


def _forget_uploads() -> None:
    """What broke off, and was not gone on with."""
    old = OwnDataset.objects.filter(
        state=OwnState.UPLOADING, updated__lt=timezone.now() - timedelta(days=KEEP_BROKEN_DAYS)
    )
    for id in list(old.values_list("pk", flat=True)):
        old.filter(pk=id).delete()
        storage.upload_forget(id)


def check_next() -> bool:
    """Check what has waited longest. False where nothing waits."""
    waiting = OwnDataset.objects.filter(state=OwnState.CHECKING).order_by("updated", "id").first()
    if waiting is None:
        return False
    report = _report(waiting)
    if report is not None:
        _take(waiting.pk, report)
    storage.upload_forget(waiting.pk)
    return True


def progress_of(id: str) -> OwnProgress:
    """How far the check of a data set is."""
    try:
        return OwnProgress.model_validate_json((storage.check_folder(id) / "progress.json").read_bytes())
    except (OSError, ValidationError):
        return OwnProgress(stage="waiting")


def _report(row: OwnDataset) -> Report | None:
    """None where the data set was deleted while it was checked."""
    folder = storage.check_folder(row.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = storage.upload_path(row.pk) if row.owner else folder_sets.path_of(row)
    request = Request(
        path=str(path),
        origin="uploaded" if row.owner else "folder",
        name=row.name,
        title=row.title,
        file=row.file,
        options=OwnDataOptions.model_validate(row.options),
        limits=settings.OWN_DATA_LIMITS,
        room=_room(row),
    )
    (folder / "request.json").write_text(request.model_dump_json())
    with (folder / "said.log").open("wb") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "webapp.datasets.check", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd=settings.ROOT,
            start_new_session=True,
        )
    try:
        if not _waited(child, row.pk):
            return None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    try:
        return Report.model_validate_json((folder / "report.json").read_bytes())
    except (OSError, ValidationError):
        last = (folder / "said.log").read_text(errors="replace").strip()[-2000:]
        log.error("The check of %s ended with status %s: %s", row.pk, child.returncode, last)
        return Report(problem=_broke_off(child.returncode))


def _room(row: OwnDataset) -> int | None:
    """What the data set may take; the zip, which counts as long as it is checked, goes. A folder is nobody's."""
    return storage_left(row.owner, freed=row.bytes) if row.owner else None


def _waited(child: subprocess.Popen[bytes], id: str) -> bool:
    """Until it has ended. False where nobody wants it any more."""
    waited = 0.0
    while True:
        try:
            child.wait(POLL_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            waited += POLL_SECONDS
        if waited > PATIENCE_SECONDS:
            return True
        if not OwnDataset.objects.filter(pk=id, state=OwnState.CHECKING).exists():
            return False


def _broke_off(status: int | None) -> str:
    if status in (-signal.SIGXCPU, -signal.SIGKILL, None):
        return "The check took too long or too much memory, and was ended. Leave images out, or make them smaller."
    return "The check broke off on something in the upload that it does not know. Pack the images anew, as PNG or JPEG."


def _take(id: str, report: Report) -> None:
    """Into the row; the file first, so that a record never names one that is not there."""
    folder = storage.check_folder(id)
    png = b""
    if report.dataset is not None:
        png = (folder / "card.png").read_bytes()
    with storage.TIDYING, transaction.atomic():
        if report.dataset is not None:
            (folder / "result.safetensors").replace(storage.file_path(report.digest))
        row = OwnDataset.objects.select_for_update().filter(pk=id, state=OwnState.CHECKING).first()
        if row is not None:
            _fill(row, report, png)
    _tidy()


def _fill(row: OwnDataset, report: Report, png: bytes) -> None:
    row.findings = [finding.model_dump(mode="json") for finding in report.findings]
    row.problem = report.problem
    row.state = OwnState.REFUSED
    room = _room(row)
    outgrown = room is not None and report.bytes > room  # something else was stored while it was checked
    if outgrown:
        row.problem = (
            f"The data set has {megabytes(report.bytes)} as it is trained on, and beside what you have stored there is "
            f"room for {megabytes(max(0, room or 0))}. Delete what you no longer need, then upload it again."
        )
    elif report.dataset is not None and report.card is not None:
        row.state = OwnState.READY
        record = report.dataset.model_copy(update={"title": row.title})  # it may have been renamed meanwhile
        row.record = record.model_dump(mode="json")
        row.card = report.card.model_dump(mode="json")
        row.png, row.digest, row.stored_bytes = png, report.digest, report.bytes
    if outgrown or report.no_room:
        row.problem += more_room(row.owner)
    row.save()


def _tidy() -> None:
    from webapp.datasets.services import files_tidy  # which wakes this module

    files_tidy()
