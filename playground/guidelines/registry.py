"""The list of checks, filled by the decorator."""

from __future__ import annotations

from collections.abc import Callable

from playground.notes import Note
from playground.walk import Walked

Check = Callable[[Walked], list[Note]]
CHECKS: list[Check] = []


def guideline(check: Check) -> Check:
    """Enter a check into the list."""
    CHECKS.append(check)
    return check
