"""build(plan): the network as a torch module that runs the plan's steps in order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.plan import Plan, PlanStep
from playground.tensors import module_names
from worker.failure import Failure


class TorchNetwork(nn.Module):
    """Runs a plan. `forward` gives the scores; the outputs of the steps in `kept` stay reachable until `release`.

    Where the network ends in softmax, the scores are softmax's input: the loss is a cross-entropy of scores, and
    log(softmax(scores)) computed in one go is the same number without the rounding of a probability near 0 or 1.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan
        self.steps = plan.steps
        self.index = {step.id: position for position, step in enumerate(plan.steps)}
        self.kept: frozenset[int] = frozenset()
        """Positions of the steps whose outputs the probes want from every training step."""
        self.outputs: list[Tensor | None] = []
        """Of the last forward: the output of each kept step, None for the others."""
        calls = [self._add(step, name) for step, name in zip(plan.steps, module_names(plan), strict=True)]
        inputs = [tuple(self.index[name] for name in step.inputs) for step in plan.steps]
        last_use = {source: position for position, sources in enumerate(inputs) for source in sources}
        self._program = [
            (position, call, sources, tuple(s for s in set(sources) if last_use[s] == position))
            for position, (call, sources) in enumerate(zip(calls, inputs, strict=True))
        ]
        self._scores = self._position_of_scores(inputs)

    def forward(self, images: Tensor) -> Tensor:
        """Images [batch, channels, height, width] to scores [batch, classes]."""
        scores, self.outputs = self.run(images, self.kept)
        return scores

    def run(self, images: Tensor, kept: Collection[int]) -> tuple[Tensor, list[Tensor | None]]:
        """Scores, and the outputs of the steps in `kept`; the others are let go as soon as nobody needs them."""
        values: list[Tensor | None] = [None] * len(self._program)
        values[0] = images
        scores = None
        for position, call, sources, spent in self._program[1:]:
            output = call(values[sources[0]]) if len(sources) == 1 else call(*[values[s] for s in sources])
            values[position] = output
            if position == self._scores:
                scores = output
            for source in spent:
                if source not in kept:
                    values[source] = None
        if len(values) - 1 not in kept:
            values[-1] = None
        assert scores is not None
        return scores, values

    def release(self) -> None:
        """Let go of the kept outputs."""
        self.outputs = []

    def module_of(self, step: PlanStep) -> nn.Module | None:
        """The torch module of a step; None for a function."""
        call = self._program[self.index[step.id]][1]
        return call if isinstance(call, nn.Module) else None

    def weighted(self) -> list[tuple[PlanStep, nn.Parameter]]:
        """The layers with weights, from the input on, each with its weight tensor (without bias)."""
        pairs = []
        for step in self.steps:
            weight = getattr(self.module_of(step), "weight", None)
            if isinstance(weight, nn.Parameter):
                pairs.append((step, weight))
        return pairs

    def _add(self, step: PlanStep, name: str) -> Callable[..., Tensor]:
        if step.layer is None:
            return _identity
        if step.layer.function is not None:
            return partial(FUNCTIONS[step.layer.function], **step.layer.arguments)
        module: nn.Module = getattr(nn, step.layer.module or "Identity")(**step.layer.arguments)
        self.add_module(name, module)
        return module

    def _position_of_scores(self, inputs: list[tuple[int, ...]]) -> int:
        position = len(self.steps) - 1
        while self._passes_on(self.steps[position]) and inputs[position] != (0,):
            position = inputs[position][0]
        layer = self.steps[position].layer
        return inputs[position][0] if layer is not None and layer.module == "Softmax" else position

    @staticmethod
    def _passes_on(step: PlanStep) -> bool:
        return step.layer is None or step.layer.function == "identity"


def build(plan: Plan) -> TorchNetwork:
    """The torch network of a plan. Raises Failure(not_trainable) where torch refuses a layer."""
    try:
        return TorchNetwork(plan)
    except (TypeError, ValueError, AttributeError) as error:
        raise Failure("not_trainable", f"torch refuses a layer: {error}.", "Change that block's settings.") from error


class _Step(torch.autograd.Function):
    """1 where x > 0, else 0; its derivative is 0 everywhere it has one."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return torch.zeros_like(gradients[0])


def _identity(x: Tensor) -> Tensor:
    return x


def _add(*xs: Tensor) -> Tensor:
    total = xs[0]
    for x in xs[1:]:
        total = total + x
    return total


def _concat(*xs: Tensor) -> Tensor:
    return torch.cat(xs, dim=1)


def _step(x: Tensor) -> Tensor:
    stepped: Tensor = _Step.apply(x)
    return stepped


def _scale(x: Tensor, c: float) -> Tensor:
    return c * x


def _logistic(x: Tensor, k: float = 1.0, x0: float = 0.0, L: float = 1.0) -> Tensor:  # noqa: N803 (the formula's letters)
    return L * torch.sigmoid(k * (x - x0))


def _pad_shortcut(x: Tensor, channels: int, stride: int | tuple[int, int] = 1) -> Tensor:
    """He et al. 2016, option A: subsample, then zero channels behind the others."""
    down, across = (stride, stride) if isinstance(stride, int) else stride
    x = x[:, :, ::down, ::across]
    return functional.pad(x, (0, 0, 0, 0, 0, channels - x.shape[1]))


FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    "identity": _identity,
    "add": _add,
    "concat": _concat,
    "step": _step,
    "scale": _scale,
    "logistic": _logistic,
    "pad_shortcut": _pad_shortcut,
}
