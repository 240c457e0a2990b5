"""The list of remedies, filled by the decorator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.fixes import Document
from playground.recipe import Recipe
from playground.walk import Walked

MOST_OFFERED = 3
"""Of one alert. One of them may be a command, which only a run that still trains can take; the page shows two."""


@dataclass(frozen=True)
class Patient:
    """The run as it was frozen, and what its alert says."""

    walked: Walked
    recipe: Recipe
    rate: float
    """Learning rate of the moment."""
    layer: str | None = None
    """Primitive the alert is about."""
    value: float | None = None
    """The alert's number."""


@dataclass(frozen=True)
class Change:
    """What a remedy does. The twin keeps all else, the seed too."""

    label: str
    """On the button: "Use leaky ReLU"."""
    twin: str = ""
    """Behind the twin's name: "leaky ReLU"; empty for a command."""
    network: Document | None = None
    recipe: dict[str, Any] = field(default_factory=dict)
    """Settings that change."""
    rate: float | None = None
    """A command for the run as it trains: this learning rate from now on."""


Remedy = Callable[[Patient], Change | None]
REMEDIES: dict[str, Remedy] = {}


def remedy(id: str) -> Callable[[Remedy], Remedy]:
    """Enter a remedy into the list."""

    def enter(found: Remedy) -> Remedy:
        REMEDIES[id] = found
        return found

    return enter


def offers(ids: Sequence[str], patient: Patient) -> list[tuple[str, Change]]:
    """The first of these that would change something."""
    changes = ((id, REMEDIES[id](patient)) for id in ids)
    return [(id, change) for id, change in changes if change is not None][:MOST_OFFERED]
