"""What comes out of the activations: share of zeros, share at the rim, mean and deviation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from playground.blocks import CATALOGUE
from playground.plan import PlanStep
from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene

SAMPLES = 32
"""Images of the batch that mean and deviation are taken over; the shares are over all of it."""
RIM = 0.99


class ActivationProbe(Probe):
    """Of the latest batch, for every activation block."""

    stream = "layers"
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        steps = enumerate(scene.network.steps)
        self._layers = [(at, step) for at, step in steps if CATALOGUE[step.block].family == "activation"]
        self._values: list[Tensor] = []
        self._measures: list[tuple[Column, int, Callable[[Tensor], Tensor]]] = []
        for at, step in self._layers:
            if CATALOGUE[step.block].rectifies:
                self._add("zero_fraction", at, step, _zero_fraction if step.block == "relu" else _not_above_zero)
            if (limit := _limit(step)) is not None:
                self._add("saturated", at, step, lambda x, limit=limit: _saturated(x, limit))
            self._add("activation_mean", at, step, lambda x: x[:SAMPLES].mean())
            self._add("activation_std", at, step, _deviation)

    def columns(self) -> list[Column]:
        return [column for column, _, _ in self._measures]

    def kept(self) -> set[int]:
        return {at for at, _ in self._layers}

    def sample_output(self, step: int) -> None:
        outputs = self.scene.network.outputs
        with torch.no_grad():
            self._values = [measure(_there(outputs[at])).float() for _, at, measure in self._measures]

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        return self.numbers(torch.stack(self._values)) if self._values else ()

    def _add(self, quantity: str, at: int, step: PlanStep, measure: Callable[[Tensor], Tensor]) -> None:
        self._measures.append((Column(quantity=quantity, layer=step.id), at, measure))  # type: ignore[arg-type]


def _there(output: Tensor | None) -> Tensor:
    assert output is not None
    return output.detach()


def _zero_fraction(x: Tensor) -> Tensor:
    return 1 - x.sign().mean()  # x ≥ 0; count_nonzero takes 25 times as long


def _not_above_zero(x: Tensor) -> Tensor:
    """Of an output that may be negative: the share of inputs that a ReLU would have set to zero."""
    return 1 - x.sign().clamp_min_(0).mean()


def _deviation(x: Tensor) -> Tensor:
    few = x[:SAMPLES]
    # √(mean of squares − square of mean): two fast passes; Welford's single pass takes ten times as long
    squares = torch.linalg.vector_norm(few).double().square() / few.numel()
    return (squares - few.mean().double().square()).clamp_min(0).sqrt()


def _saturated(x: Tensor, limit: float) -> Tensor:
    return x.abs().sub_(limit).sign_().clamp_min_(0).mean()


def _limit(step: PlanStep) -> float | None:
    """|output| above this is saturated; None for activations without an upper end."""
    if step.block == "tanh":
        return RIM
    if step.block == "sigmoid":
        return RIM * abs(float(step.params.get("L", 1.0)))
    return None
