"""experiment.json: all that decided a run's curve. The site writes it, the worker reads it and trains it again."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from playground.protocol import Continuation


class RateByHand(BaseModel):
    """The learning rate that counts from the update number `step` on, counted from 0."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)
    step: int
    rate: float


class ByHand(BaseModel):
    """What the user did while it trained."""

    model_config = ConfigDict(frozen=True)
    rates: tuple[RateByHand, ...] = ()
    stopped: int | None = None
    """Updates that were done when the user stopped it; None for a run that came to its own end."""


class Origin(BaseModel):
    """The run that the file is of, for people and for the comparison."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    number: int
    created: str
    """ISO 8601."""
    document: str
    """SHA-256 of network and recipe: equal where nothing was changed between two runs."""
    torch: str | None = None
    device: str | None = None
    threads: int | None = None
    """Sums in another order differ in the last digits, so that the same number is used again."""
    test_accuracy: float | None = None


class ExperimentFile(BaseModel):
    """A network, a recipe, and what came on top of them."""

    model_config = ConfigDict(frozen=True)
    format: Literal[1] = 1
    network: dict[str, Any]
    recipe: dict[str, Any] = {}
    continued: tuple[Continuation, ...] = ()
    by_hand: ByHand = ByHand()
    run: Origin | None = None
