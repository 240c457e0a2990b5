"""What workers are fetching for the runs they have leased. Kept in memory: a worker that comes back says it again."""

from __future__ import annotations

from playground.protocol import Fetched, Fetching
from webapp.datasets.services import run_dataset
from webapp.runs.models import Run, RunState

_told: dict[str, Fetched] = {}
MOST = 1000


def told(message: Fetched) -> None:
    """A worker has said how far it is."""
    _told.pop(message.run, None)
    _told[message.run] = message
    while len(_told) > MOST:
        del _told[next(iter(_told))]


def of(run: Run) -> Fetching | None:
    """How far the data is that this run waits for; None where it waits for none."""
    message = _told.get(run.pk)
    if message is None:
        return None
    if run.state != RunState.LEASED or message.lease != run.lease:
        if run.state != RunState.LEASED or message.lease < run.lease:
            _told.pop(run.pk, None)
        return None
    return Fetching(title=run_dataset(run).title, bytes=message.bytes, total=message.total, stage=message.stage)
