"""Synthetic streams: a healthy run of a small network, with whatever figures a test makes ill."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from playground.doctor import Block, Case, Doctor, Row
from playground.doctor.case import BLOCK
from playground.network import Network, read_network
from playground.plan import plan
from playground.protocol import Alert, Column, Stream
from playground.recipe import Recipe

Figure = float | Callable[[int], float]
Layer = tuple[str, dict[str, Any]]

CHAIN: tuple[Layer, ...] = (
    ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}),
    ("relu", {}),
    ("conv2d", {"filters": 8, "kernel_size": 3, "padding": 1}),
    ("tanh", {}),
    ("flatten", {}),
    ("dense", {"units": 16}),
    ("relu", {}),
    ("dense", {"units": 10}),
)
"""Ids are "1_conv2d", "2_relu", … as in tests/worker/runs.py."""

HEALTHY: dict[str, Figure] = {
    "loss": lambda step: 0.3 + 2 * math.exp(-step / 60),
    "accuracy": 0.5,
    "learning_rate": 0.05,
    "gradient_rms": 0.01,
    "update_ratio": 1e-3,
    "weight_l2": 10.0,
    "gradient_l2": 0.5,
    "zero_fraction": 0.5,
    "dead": 0.0,
    "saturated": 0.05,
    "activation_mean": 0.1,
    "activation_std": 1.0,
}


def network(*layers: Layer) -> Network:
    """A chain between the digits' image and the output."""
    nodes = [{"id": "input", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}}]
    nodes += [{"id": f"{n}_{kind}", "block": kind, "params": params} for n, (kind, params) in enumerate(layers, 1)]
    nodes += [{"id": "output", "block": "output"}]
    edges = [{"source": one["id"], "target": other["id"]} for one, other in pairwise(nodes)]
    return read_network({"format": 1, "name": "Chain", "nodes": nodes, "edges": edges})


class Ward:
    """A doctor at the bed of a run whose figures are functions of the step."""

    def __init__(self, *layers: Layer, steps_per_epoch: int = 50, **recipe: Any) -> None:
        self.network = network(*(layers or CHAIN))
        self.recipe = Recipe(dataset="digits", epochs=20, **{"learning_rate": 0.05, **recipe})
        self.steps_per_epoch = steps_per_epoch
        self.streams = _streams(self.network)
        self.doctor = self._called()
        self.told: list[Alert] = []
        self.step = 0

    def _called(self) -> Doctor:
        return Doctor(Case(plan(self.network), self.recipe, self.streams, self.steps_per_epoch), self.network)

    def changes_hands(self) -> None:
        """The process dies; another one goes on from the state."""
        state = self.doctor.state()
        self.doctor = self._called()
        self.doctor.restore(state)

    def train(
        self, steps: int, figures: dict[str, Figure] | None = None, held_out: Figure | None = None
    ) -> list[Alert]:
        """So many steps more. `figures` by "quantity" or "quantity layer"; `held_out`: loss after each epoch."""
        told: list[Alert] = []
        for _ in range(steps // BLOCK):
            span = range(self.step, self.step + BLOCK)
            rows = [self._row("steps", step, figures or {}) for step in span]
            columns = list(zip(*rows, strict=True))
            mean = [math.fsum(column) / BLOCK for column in columns]
            opening = rows[0] if self.step == 0 else None
            told += self.doctor.steps(Block(span[0], span[-1], mean, [max(c) for c in columns], opening))
            told += self.doctor.layers(Row(span[-1], self._row("layers", span[-1], figures or {})))
            self.step += BLOCK
            if held_out is not None and self.step % self.steps_per_epoch == 0:
                loss = held_out(self.step) if callable(held_out) else held_out
                told += self.doctor.validation(Row(self.step, [loss, 0.9, 0.0, 0.0, self.step / self.steps_per_epoch]))
        self.told += told
        return told

    def _row(self, stream: str, step: int, figures: dict[str, Figure]) -> list[float]:
        columns = next(each.columns for each in self.streams if each.name == stream)
        return [_value(column, step, figures) for column in columns]


def _value(column: Column, step: int, figures: dict[str, Figure]) -> float:
    named = f"{column.quantity} {column.layer}"
    figure = figures.get(named, figures.get(column.quantity, HEALTHY[column.quantity]))
    return figure(step) if callable(figure) else figure


def _streams(network: Network) -> list[Stream]:
    steps = plan(network).steps
    weighted = [step.id for step in steps if step.parameters]
    active = [step for step in steps if step.block in {"relu", "tanh", "sigmoid", "linear_activation"}]
    per_step = [Column(quantity=quantity) for quantity in ("loss", "accuracy", "learning_rate")]
    per_step += [Column(quantity="gradient_rms", layer=layer) for layer in weighted]
    layers = [
        Column(quantity=quantity, layer=layer)
        for quantity in ("update_ratio", "weight_l2", "gradient_l2")
        for layer in weighted
    ]
    for step in active:
        names = {"relu": ("zero_fraction", "dead"), "tanh": ("saturated",), "sigmoid": ("saturated",)}
        for quantity in (*names.get(step.block, ()), "activation_mean", "activation_std"):
            layers.append(Column(quantity=quantity, layer=step.id))
    layers += [Column(quantity=quantity, layer="input") for quantity in ("activation_mean", "activation_std")]
    held_out = [Column(quantity=quantity) for quantity in ("loss", "accuracy", "top5_error", "sample", "epoch")]
    return [
        Stream(name="steps", columns=per_step),
        Stream(name="layers", columns=layers),
        Stream(name="validation", columns=held_out),
    ]
