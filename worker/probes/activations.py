"""What comes out of the activations: share of zeros, share at the rim, mean and deviation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.blocks import CATALOGUE
from playground.plan import PlanStep
from playground.protocol import Column
from worker.probes.base import Moment, Number, Probe, Scene

SAMPLES = 32
"""Images of the batch that mean and deviation are taken over; the shares are over all of it."""
RIM = 0.99

Measure = Callable[[Tensor, bool], tuple[Number, ...]]
"""Of a layer's output; the second argument: the numbers stay in tensors on the device, where nobody waits for them."""


class ActivationProbe(Probe):
    """Of the latest batch, for every activation block."""

    stream = "layers"
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        steps = enumerate(scene.network.steps)
        self._layers = [(at, step) for at, step in steps if CATALOGUE[step.block].family == "activation"]
        self._values: list[Number] = []
        self._columns: list[Column] = []
        self._measures: list[tuple[int, Measure]] = []
        for at, step in self._layers:
            if CATALOGUE[step.block].rectifies:
                self._add(at, step, _zero_fraction, "zero_fraction")
            if (limit := _limit(step)) is not None:
                self._add(at, step, partial(_saturated, limit), "saturated")
            self._add(at, step, mean_and_deviation, "activation_mean", "activation_std")

    def columns(self) -> list[Column]:
        return self._columns

    def kept(self) -> set[int]:
        return {at for at, _ in self._layers}

    def sample_output(self, step: int) -> None:
        outputs = self.scene.network.outputs
        with torch.no_grad():
            there = self.scene.on_device
            self._values = [value for at, measure in self._measures for value in measure(_there(outputs[at]), there)]

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        return self.numbers(self._values)

    def _add(self, at: int, step: PlanStep, measure: Measure, *quantities: str) -> None:
        self._columns += [Column(quantity=quantity, layer=step.id) for quantity in quantities]  # type: ignore[arg-type]
        self._measures.append((at, measure))


def mean_and_deviation(x: Tensor, on_device: bool) -> tuple[Number, Number]:
    """Of all values of the first images."""
    # √(mean of squares − square of mean): two fast passes; Welford's single pass takes ten times as long
    x = x[:SAMPLES].float()
    mean, length = x.mean(), torch.linalg.vector_norm(x)
    if on_device:
        squares = length.double().square() / x.numel()
        return mean, (squares - mean.double().square()).clamp_min(0).sqrt().float()
    centre = float(mean)
    variance = float(length) ** 2 / x.numel() - centre**2
    return centre, 0.0 if variance < 0 else math.sqrt(variance)


def _there(output: Tensor | None) -> Tensor:
    assert output is not None
    return output.detach()


def _zero_fraction(x: Tensor, on_device: bool) -> tuple[Number]:
    """Share that is not above zero: of a rectifier that lets negative numbers through, what ReLU would have cut."""
    if on_device:
        return (1 - x.sign().clamp_min_(0).float().mean(),)
    return (1 - np.count_nonzero(_in_memory_order(x) > 0) / x.numel(),)  # torch takes 1.4 to 25 times as long


def _saturated(limit: float, x: Tensor, on_device: bool) -> tuple[Number]:
    if on_device:
        return (x.abs().sub_(limit).sign_().clamp_min_(0).float().mean(),)
    return (np.count_nonzero(np.abs(_in_memory_order(x)) > limit) / x.numel(),)


def _in_memory_order(x: Tensor) -> NDArray[np.float32]:
    values = x.permute(0, 2, 3, 1) if x.dim() == 4 else x
    return values.float().numpy()  # type: ignore[no-any-return]


def _limit(step: PlanStep) -> float | None:
    """|output| above this is saturated; None for activations without an upper end."""
    if step.block == "tanh":
        return RIM
    if step.block == "sigmoid":
        return RIM * abs(float(step.params.get("L", 1.0)))
    return None
