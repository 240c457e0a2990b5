"""The list of rules, filled by the decorator."""

from __future__ import annotations

from typing import TypeVar

from playground.doctor.base import Rule

RULES: dict[str, type[Rule]] = {}
"""Every rule by its id."""

R = TypeVar("R", bound=type[Rule])


def rule(found: R) -> R:
    """Enter a rule into the list."""
    RULES[found.id] = found
    return found
