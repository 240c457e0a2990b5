"""The learning rate of every step, from the recipe alone: the worker trains by it, the site tells it beforehand."""

from __future__ import annotations

import math

from playground.recipe import Recipe


def share_of_rate(schedule: str, done: float) -> float:
    """Share of the full rate after this share (0–1) of the run."""
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * done))
    if schedule == "linear":
        return 1 - done
    if schedule == "step":
        return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
    return 1.0


def rate_at(recipe: Recipe, step: int, total_steps: int) -> float:
    """Of the update number `step`, counted from 0, in a run of so many steps."""
    warm = min(1.0, (step + 1) / recipe.warmup_steps) if recipe.warmup_steps else 1.0
    return recipe.learning_rate * warm * share_of_rate(recipe.schedule, step / total_steps)
