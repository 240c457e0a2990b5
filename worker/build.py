"""build(plan): the network as a torch module that runs the plan's steps in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.plan import Plan, PlanStep
from playground.tensors import module_names
from worker.failure import Failure


class Head(NamedTuple):
    """What an auxiliary output said of a batch."""

    weight: float
    """What its loss counts beside the output's."""
    scores: Tensor
    """[batch, classes]"""


Call = tuple[int, Callable[..., Tensor], tuple[int, ...], tuple[int, ...]]
"""A step's position, what it does, the positions of its inputs, and of those that nobody needs after it."""


class TorchNetwork(nn.Module):
    """Runs a plan. `forward` gives the scores; the outputs of the steps in `kept` stay reachable until `release`.

    Where the network ends in softmax, the scores are softmax's input: the loss is a cross-entropy of scores, and
    log(softmax(scores)) computed in one go is the same number without the rounding of a probability near 0 or 1.

    Steps that only auxiliary outputs read run while training, and else only where one of them is to be kept.
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
        self.auxiliary: list[Head] = []
        """Of the last pass in training: what each auxiliary output said."""
        self._calls = [self._add(step, name) for step, name in zip(plan.steps, module_names(plan), strict=True)]
        self._inputs = [tuple(self.index[name] for name in step.inputs) for step in plan.steps]
        self._program = self._program_of(range(1, len(plan.steps)))
        self._side = frozenset(position for position, step in enumerate(plan.steps) if step.auxiliary)
        main = [position for position in range(1, len(plan.steps)) if position not in self._side]
        self._main_program = self._program_of(main) if self._side else self._program
        self._scores = self._position_of_scores(len(self.steps) - 1)
        self._heads: defaultdict[int, float] = defaultdict(float)
        """Weights of the auxiliary outputs, by the position of their scores."""
        for position, step in enumerate(plan.steps):
            if step.block == "auxiliary_output":
                self._heads[self._position_of_scores(position)] += step.params["weight"]

    def forward(self, images: Tensor) -> Tensor:
        """Images [batch, channels, height, width] to scores [batch, classes]."""
        scores, self.outputs = self.run(images, self.kept)
        return scores

    def run(self, images: Tensor, kept: Collection[int]) -> tuple[Tensor, list[Tensor | None]]:
        """Scores, and the outputs of the steps in `kept`; the others are let go as soon as nobody needs them."""
        whole = self.training or not self._side.isdisjoint(kept)
        heads = []
        values: list[Tensor | None] = [None] * len(self.steps)
        values[0] = images
        scores = None
        for position, call, sources, spent in self._program if whole else self._main_program:
            output = call(values[sources[0]]) if len(sources) == 1 else call(*[values[s] for s in sources])
            values[position] = output
            if position == self._scores:
                scores = output
            if position in self._heads:
                heads.append(Head(self._heads[position], output))
            for source in spent:
                if source not in kept:
                    values[source] = None
        if self.training:
            self.auxiliary = heads
        assert scores is not None
        return scores, values

    def release(self) -> None:
        """Let go of the kept outputs."""
        self.outputs = []

    def module_of(self, step: PlanStep) -> nn.Module | None:
        """The torch module of a step; None for a function."""
        call = self._calls[self.index[step.id]]
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

    def _program_of(self, positions: Sequence[int]) -> list[Call]:
        last_use = {position: position for position in positions}
        last_use |= {source: position for position in positions for source in self._inputs[position]}
        return [
            (
                position,
                self._calls[position],
                sources,
                tuple(s for s in {*sources, position} if last_use[s] == position),
            )
            for position in positions
            for sources in [self._inputs[position]]
        ]

    def _position_of_scores(self, end: int) -> int:
        while self._passes_on(self.steps[end]) and self._inputs[end] != (0,):
            end = self._inputs[end][0]
        layer = self.steps[end].layer
        return self._inputs[end][0] if layer is not None and layer.module == "Softmax" else end

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
