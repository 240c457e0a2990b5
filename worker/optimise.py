"""The optimiser of a recipe, and the learning rate of each step."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn
from torch.optim import Optimizer

from playground.recipe import Recipe


def make_optimiser(parameters: Iterable[nn.Parameter], recipe: Recipe) -> Optimizer:
    """Fused where torch has it: one pass over the weights."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "sgd":
        nesterov = recipe.nesterov and recipe.momentum > 0  # torch refuses nesterov without momentum; it means nothing
        return torch.optim.SGD(
            parameters, rate, momentum=recipe.momentum, nesterov=nesterov, weight_decay=decay, fused=True
        )
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, momentum=recipe.momentum, weight_decay=decay, foreach=True)
    kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.AdamW
    return kind(parameters, rate, weight_decay=decay, fused=True)


class Rate:
    """The learning rate: the recipe's schedule, until the user sets one by hand, which then stays."""

    def __init__(self, recipe: Recipe, total_steps: int) -> None:
        self._recipe = recipe
        self._total = total_steps
        self.by_hand: float | None = None

    def at(self, step: int) -> float:
        """Of the update number `step`, counted from 0."""
        if self.by_hand is not None:
            return self.by_hand
        warm = min(1.0, (step + 1) / self._recipe.warmup_steps) if self._recipe.warmup_steps else 1.0
        return self._recipe.learning_rate * warm * _share(self._recipe.schedule, step / self._total)


def _share(schedule: str, done: float) -> float:
    """Share of the full rate after this share (0–1) of the run."""
    if schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * done))
    if schedule == "linear":
        return 1 - done
    if schedule == "step":
        return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
    return 1.0


def set_rate(optimiser: Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
