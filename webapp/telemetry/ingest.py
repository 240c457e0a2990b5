"""store(): a worker's records into the database, exactly once."""

from __future__ import annotations

from collections.abc import Sequence


class LeaseLost(Exception):
    """The lease number is not the run's; the worker must end the job."""


class Gap(Exception):
    """Records are missing before `first`; the worker must send from `expected` on."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"The next record must be number {expected}.")
        self.expected = expected


def store(run_id: str, lease: int, first: int, records: Sequence[bytes | memoryview]) -> int:
    """Store records numbered first, first + 1, … with the cursor in one transaction; gives the cursor.

    Records at or below the cursor are skipped, so that sending again is harmless. Raises LeaseLost or Gap.
    """
    raise NotImplementedError
