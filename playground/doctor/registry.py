"""The list of rules, filled by the decorator."""

from __future__ import annotations

from typing import TypeVar

from playground.doctor.base import Rule
from playground.doctor.zones import UNRULED, DangerZone

RULES: dict[str, type[Rule]] = {}
"""Every rule by its id."""

R = TypeVar("R", bound=type[Rule])


def rule(found: R) -> R:
    """Enter a rule into the list."""
    RULES[found.id] = found
    return found


def danger_zones() -> list[DangerZone]:
    """What charts mark as a bad sign: the zones of the rules, then the others."""
    return [*(zone for _, found in sorted(RULES.items()) for zone in found.zones), *UNRULED]
