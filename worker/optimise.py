"""The optimiser of a recipe, and the learning rate of each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.adam import adam
from torch.optim.adamw import adamw
from torch.optim.sgd import sgd

from playground.recipe import Recipe
from playground.schedule import rate_at


def make_optimiser(parameters: Iterable[nn.Parameter], recipe: Recipe) -> Optimizer:
    """Fused where torch has it: one pass over the weights."""
    parameters = list(parameters)
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimiser == "sgd":
        nesterov = recipe.nesterov and recipe.momentum > 0  # torch refuses nesterov without momentum; it means nothing
        return torch.optim.SGD(
            parameters, rate, momentum=recipe.momentum, nesterov=nesterov, weight_decay=decay, fused=True
        )
    if recipe.optimiser == "rmsprop":
        graphs = parameters[0].is_cuda  # its count of steps then stays on the device
        return torch.optim.RMSprop(
            parameters, rate, momentum=recipe.momentum, weight_decay=decay, foreach=True, capturable=graphs
        )
    kind = torch.optim.Adam if recipe.optimiser == "adam" else torch.optim.AdamW
    return kind(parameters, rate, weight_decay=decay, fused=True)


class Rate:
    """The learning rate: the recipe's schedule, until the user sets one by hand, which then stays."""

    def __init__(self, recipe: Recipe, total_steps: int) -> None:
        self._recipe = recipe
        self.total_steps = total_steps
        """The length that the schedule spans; grows where the user goes on with the run."""
        self.by_hand: float | None = None

    def at(self, step: int) -> float:
        """Of the update number `step`, counted from 0."""
        return rate_at(self._recipe, step, self.total_steps) if self.by_hand is None else self.by_hand


def set_rate(optimiser: Optimizer, rate: float | Tensor) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate


class Update:
    """`optimiser.zero_grad()` and `optimiser.step()` in less processor time: the same functions of torch on the same
    state, without gathering parameters, state and settings anew in each step (3 % of a LeNet step).

    The optimiser still owns the state: its `state_dict()` is right at any moment. On a GPU the rate is a tensor there,
    so that a recorded step takes the rate of its day, and `broken` (float32 [], there too) keeps the weights as they
    are from the moment on that it is 1: the host learns of a NaN some steps later.
    """

    def __init__(self, optimiser: Optimizer, broken: Tensor | None = None) -> None:
        self._optimiser = optimiser
        self._weights: list[Tensor] = [weight for group in optimiser.param_groups for weight in group["params"]]
        self._apply: Callable[[list[Tensor], float | Tensor], None] | None = None
        self._broken = broken
        self._fused = bool(optimiser.param_groups[0].get("fused"))
        if broken is not None and self._fused:
            optimiser.grad_scale, optimiser.found_inf = None, broken  # type: ignore[attr-defined]

    @property
    def gradients(self) -> list[Tensor | None]:
        """Of all weights, in their order."""
        return [weight.grad for weight in self._weights]

    def put_back(self, gradients: list[Tensor | None]) -> None:
        """What `gradients` gave."""
        for weight, gradient in zip(self._weights, gradients, strict=True):
            weight.grad = gradient

    def forget_gradients(self) -> None:
        for weight in self._weights:
            weight.grad = None

    def step(self, rate: float | Tensor) -> None:
        """Changes the weights by their gradients."""
        gradients = [weight.grad for weight in self._weights]
        if self._broken is not None and not self._fused:
            self._silence(gradients)
            rate = (self._broken == 0) * rate
        if self._apply is None or any(each is None for each in gradients):
            set_rate(self._optimiser, rate)
            self._optimiser.step()  # makes the state where there is none yet
            self._apply = self._on_state()
            return
        with torch.no_grad():
            self._apply(gradients, rate)  # type: ignore[arg-type]

    def _silence(self, gradients: list[Tensor | None]) -> None:
        """For optimisers that cannot leave a step out: of gradients of zero at a rate of zero nothing comes."""
        assert self._broken is not None
        for gradient in gradients:
            if gradient is not None:
                gradient.masked_fill_(self._broken > 0, 0.0)

    def _on_state(self) -> Callable[[list[Tensor], float | Tensor], None] | None:
        """The optimiser's function with its state put in; None where it has none that is worth it."""
        weights, state, group = self._weights, self._optimiser.state, self._optimiser.param_groups[0]
        broken = self._broken
        if isinstance(self._optimiser, torch.optim.SGD):
            momenta = [state.get(weight, {}).get("momentum_buffer") for weight in weights]
            settings = {name: group[name] for name in ("weight_decay", "momentum", "dampening", "nesterov")}
            return lambda gradients, rate: sgd(
                weights, gradients, momenta, fused=True, foreach=False, lr=rate, maximize=False, found_inf=broken,
                **settings,
            )  # fmt: skip
        if isinstance(self._optimiser, torch.optim.Adam) and all("step" in state.get(weight, {}) for weight in weights):
            means, squares, steps = (
                [state[weight][name] for weight in weights] for name in ("exp_avg", "exp_avg_sq", "step")
            )
            function = adamw if isinstance(self._optimiser, torch.optim.AdamW) else adam
            beta1, beta2 = group["betas"]
            decay, eps = group["weight_decay"], group["eps"]
            return lambda gradients, rate: function(
                weights, gradients, means, squares, [], steps, fused=True, foreach=False, lr=rate, beta1=beta1,
                beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, found_inf=broken,
            )  # fmt: skip
        return None
