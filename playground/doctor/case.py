"""What a rule knows of a run before its first step, and the rows that it then sees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from playground.plan import Plan, PlanStep
from playground.protocol.telemetry import Stream
from playground.recipe import Recipe

BLOCK = 10
"""Steps that rules see at once: a look at every single step would cost more than the step's own figures."""
_BESIDE = {"batch_norm", "dropout", "local_response_norm"}
"""Layers that an activation's name looks past, to the layer with weights that feeds it."""


@dataclass(frozen=True)
class Block:
    """Consecutive rows of the stream "steps", told together."""

    first: int
    last: int
    mean: Sequence[float]
    """By column."""
    high: Sequence[float]
    """Largest, by column."""
    opening: Sequence[float] | None = None
    """The row of step 0, in the block that has it: the figures of the fresh weights."""


@dataclass(frozen=True)
class Row:
    """A row of "layers" or "validation"; NaN where nothing was measured."""

    step: int
    values: Sequence[float]


class Case:
    """A run: its plan, its recipe, and the tables it will tell."""

    def __init__(self, plan: Plan, recipe: Recipe, streams: Sequence[Stream], steps_per_epoch: int) -> None:
        self.plan = plan
        self.recipe = recipe
        self.steps_per_epoch = steps_per_epoch
        self._columns = {stream.name: stream.columns for stream in streams}
        self._steps = {step.id: step for step in plan.steps}

    @cached_property
    def guessing(self) -> float:
        """The loss of one who gives all classes the same chance: ln(classes)."""
        return math.log(self.plan.steps[-1].shape[0])

    def columns(self, stream: str, quantity: str) -> list[tuple[int, str]]:
        """Places of a quantity in a stream's rows, and the layers they belong to, from the input on."""
        columns = self._columns.get(stream, [])  # type: ignore[call-overload]
        return [(at, each.layer) for at, each in enumerate(columns) if each.quantity == quantity and each.layer]

    def weights(self, stream: str, quantity: str) -> list[tuple[int, str]]:
        """The same, of layers with weights alone: no batch norm, and nothing that only auxiliary outputs read."""
        return [(at, layer) for at, layer in self.columns(stream, quantity) if self._learns(layer)]

    def column(self, stream: str, quantity: str) -> int | None:
        """Place of a figure of the whole network."""
        columns = self._columns.get(stream, [])  # type: ignore[call-overload]
        found = (at for at, each in enumerate(columns) if each.quantity == quantity and each.layer is None)
        return next(found, None)

    def step(self, layer: str) -> PlanStep:
        """A layer of the plan."""
        return self._steps[layer]

    def name(self, layer: str) -> str:
        """What people call it. An activation goes by the layer with weights that feeds it, as on the page."""
        step = self._steps[layer]
        feeding = step
        while feeding.inputs and not (feeding.parameters and feeding.block not in _BESIDE):
            if len(feeding.inputs) > 1 or (feeding is not step and feeding.block not in _BESIDE):
                return step.label
            feeding = self._steps[feeding.inputs[0]]
        return feeding.label if feeding.parameters else step.label

    def _learns(self, layer: str) -> bool:
        step = self._steps.get(layer)
        return step is not None and step.block not in _BESIDE and not step.auxiliary
