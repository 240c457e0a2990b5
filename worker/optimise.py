"""The optimiser of a recipe, and the learning rate of each step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

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


class Update:
    """`optimiser.zero_grad()` and `optimiser.step()` in less processor time: the same functions of torch on the same
    state, without gathering parameters, state and settings anew in each step (3 % of a LeNet step).

    The optimiser still owns the state: its `state_dict()` is right at any moment.
    """

    def __init__(self, optimiser: Optimizer) -> None:
        self._optimiser = optimiser
        self._weights: list[Tensor] = [weight for group in optimiser.param_groups for weight in group["params"]]
        self._apply: Callable[[list[Tensor], float], None] | None = None

    def forget_gradients(self) -> None:
        for weight in self._weights:
            weight.grad = None

    def step(self, rate: float) -> None:
        """Changes the weights by their gradients."""
        gradients = [weight.grad for weight in self._weights]
        if self._apply is None or any(each is None for each in gradients):
            set_rate(self._optimiser, rate)
            self._optimiser.step()  # makes the state where there is none yet
            self._apply = self._on_state()
            return
        with torch.no_grad():
            self._apply(gradients, rate)  # type: ignore[arg-type]

    def _on_state(self) -> Callable[[list[Tensor], float], None] | None:
        """The optimiser's function with its state put in; None where it has none that is worth it."""
        weights, state, group = self._weights, self._optimiser.state, self._optimiser.param_groups[0]
        if isinstance(self._optimiser, torch.optim.SGD):
            momenta = [state.get(weight, {}).get("momentum_buffer") for weight in weights]
            settings = {name: group[name] for name in ("weight_decay", "momentum", "dampening", "nesterov")}
            return lambda gradients, rate: sgd(
                weights, gradients, momenta, fused=True, foreach=False, lr=rate, maximize=False, **settings
            )
        if isinstance(self._optimiser, torch.optim.Adam) and all("step" in state.get(weight, {}) for weight in weights):
            means, squares, steps = (
                [state[weight][name] for weight in weights] for name in ("exp_avg", "exp_avg_sq", "step")
            )
            function = adamw if isinstance(self._optimiser, torch.optim.AdamW) else adam
            beta1, beta2 = group["betas"]
            decay, eps = group["weight_decay"], group["eps"]
            return lambda gradients, rate: function(
                weights, gradients, means, squares, [], steps, fused=True, foreach=False, lr=rate, beta1=beta1,
                beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False,
            )  # fmt: skip
        return None
