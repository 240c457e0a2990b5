"""store(): a worker's records into the database, exactly once; then to whoever watches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from webapp.runs.models import ENDED, Run, RunState
from webapp.telemetry.hub import hub
from webapp.telemetry.intake import UNREAD, Intake


class LeaseLost(Exception):
    """The lease number is not the run's; the worker must end the job."""


class Gap(Exception):
    """Records are missing before `first`; the worker must send from `expected` on."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"The next record must be number {expected}.")
        self.expected = expected


def store(run_id: str, lease: int, first: int, records: Sequence[bytes | memoryview]) -> int:
    """Store records numbered first, first + 1, … with the cursor in one transaction; gives the cursor.

    Records at or below the cursor are skipped, so that sending again is harmless. What is new goes to the hub after the
    commit: durable first, live second. Raises LeaseLost or Gap.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().filter(pk=run_id).defer(*UNREAD).first()
        again = run is not None and run.waits_to_go_on
        if run is None or run.lease != lease or (run.state == RunState.QUEUED and not again):
            raise LeaseLost(f"Lease {lease} of run {run_id} is no longer held.")
        if first > run.cursor + 1:
            raise Gap(run.cursor + 1)
        fresh = [bytes(record) for record in records[run.cursor + 1 - first :]]
        if not fresh:
            return run.cursor
        if run.state in ENDED or again:
            raise LeaseLost(f"Run {run_id} has ended.")
        intake = Intake(run)
        for record in fresh:
            intake.take(record)
        run.cursor += len(fresh)
        intake.save()
        transaction.on_commit(partial(hub.publish, run_id, run.cursor, run.attempt, fresh))
        if intake.changed:
            transaction.on_commit(partial(hub.announce, run_id))
        return run.cursor
