"""The weights of runs that have ended, from the worker that trained them into the site's own keeping.

The site asks, the worker answers: whatever breaks off, the next question says where to go on. A file that is here
already is not sent again. A run is over when it says so; its weights follow, and survive the worker.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from playground.protocol import Fetch, Piece, Weights
from playground.weights_file import read_head
from webapp.artifacts import files
from webapp.artifacts.models import Artifact, RunArtifact
from webapp.runs.models import Run, RunState
from webapp.telemetry.hub import hub

log = logging.getLogger("webapp.artifacts")

WEIGHTS = "weights"
GOOD_ENDS = (RunState.FINISHED, RunState.STOPPED)
"""The others leave no weights."""


def weights_missing(*, worker_id: int, remembered: Collection[str], passed_over: Collection[str]) -> Fetch | None:
    """The question about the newest run of this worker whose weights it keeps and the site does not have yet.

    `passed_over`: runs whose weights cannot be had, by their ids.
    """
    here = RunArtifact.objects.filter(run=OuterRef("pk"), kind=WEIGHTS, lease=OuterRef("lease"))
    runs = Run.objects.filter(worker_id=worker_id, state__in=GOOD_ENDS, pk__in=set(remembered) - set(passed_over))
    found = runs.filter(~Exists(here)).order_by(F("ended").desc(nulls_last=True)).values_list("pk", "lease").first()
    return Fetch(run=found[0], lease=found[1]) if found else None


def weights_offered(*, worker_id: int, offer: Weights) -> Fetch | None:
    """What to ask next; None where all is done, or nothing can be had."""
    if not _is_current(worker_id, offer.run, offer.lease) or not 0 < offer.bytes <= settings.WEIGHTS_BYTES:
        return None
    try:
        there = files.path_of(offer.sha256).exists()
    except ValueError:
        return None
    known = Artifact.objects.filter(pk=offer.sha256).exists()
    if known and there:
        _keep(offer)
        return None
    if files.arrived(offer.sha256) >= offer.bytes:
        files.give_up(offer.sha256)
    return Fetch(run=offer.run, lease=offer.lease, sha256=offer.sha256, offset=files.arrived(offer.sha256))


def weights_arrived(*, worker_id: int, offer: Weights, piece: Piece, payload: bytes | memoryview) -> Fetch | None:
    """Keep a piece; what to ask next, None where there is nothing more to ask."""
    same = (piece.run, piece.lease, piece.sha256) == (offer.run, offer.lease, offer.sha256)
    data = payload[: piece.bytes]
    if not same or not data or not _is_current(worker_id, offer.run, offer.lease):
        return None
    there = files.append(offer.sha256, piece.offset, data)
    if there >= offer.bytes:
        return None
    return Fetch(run=offer.run, lease=offer.lease, sha256=offer.sha256, offset=there)


def is_whole(offer: Weights) -> bool:
    """Whether the file that was offered has arrived and is what was offered; then it stays. Reads it all, and asks no
    database."""
    there = files.arrived(offer.sha256)
    if there < offer.bytes:
        return False
    if there == offer.bytes and files.complete(offer.sha256) and _is_weights(offer):
        return True
    log.warning("run %s: its weights did not arrive whole.", offer.run)
    files.give_up(offer.sha256)
    return False


def weights_keep(*, worker_id: int, offer: Weights) -> None:
    """The file is the run's weights from now on."""
    if _is_current(worker_id, offer.run, offer.lease):
        _keep(offer)


def weights_of(run: Run) -> RunArtifact | None:
    """The weights that the site has of a run: those of its last good end."""
    return RunArtifact.objects.filter(run=run, kind=WEIGHTS).select_related("artifact").first()


def artifacts_sweep() -> int:
    """Remove what belongs to no run any more; gives the number of files."""
    orphans = Artifact.objects.filter(uses=None)
    for sha256 in list(orphans.values_list("pk", flat=True)):
        with transaction.atomic():
            deleted, _ = Artifact.objects.filter(pk=sha256, uses=None).delete()
            if deleted:
                transaction.on_commit(partial(files.remove, sha256))
    return files.sweep(set(Artifact.objects.values_list("pk", flat=True)))


def _is_current(worker_id: int, run_id: str, lease: int) -> bool:
    """The fence: an ended run of this very worker, under its last lease."""
    return Run.objects.filter(pk=run_id, lease=lease, worker_id=worker_id, state__in=GOOD_ENDS).exists()


def _is_weights(offer: Weights) -> bool:
    path = files.path_of(offer.sha256)
    try:
        with path.open("rb") as file:
            head = read_head(file)
        if head.size + head.content == offer.bytes:
            return True
    except ValueError:
        pass
    path.unlink()
    return False


@transaction.atomic
def _keep(offer: Weights) -> None:
    artifact, _ = Artifact.objects.get_or_create(pk=offer.sha256, defaults={"size": offer.bytes})
    RunArtifact.objects.update_or_create(
        run_id=offer.run, kind=WEIGHTS, defaults={"artifact": artifact, "lease": offer.lease, "step": offer.step}
    )
    transaction.on_commit(partial(hub.announce, offer.run))
