"""Learning rates that may be set by hand: those that a recipe may have."""

from __future__ import annotations

import math

from playground.fields import describe
from playground.recipe import Recipe
from webapp.problems import Refusal

_FIELD = next(spec for spec in describe(Recipe) if spec.name == "learning_rate")
LOWEST, HIGHEST = _FIELD.minimum or 0.0, _FIELD.maximum or math.inf


def check_rate(rate: float | None, path: str = "value") -> float:
    """The rate. Raises Refusal (422) for one that no recipe takes."""
    if rate is None or not math.isfinite(rate) or not LOWEST <= rate <= HIGHEST:
        message = f"A learning rate of {rate} cannot be used. Give one from {LOWEST:g} to {HIGHEST:g}."
        raise Refusal(422, "out_of_range", message, path)
    return rate
