"""Gradient magnitude of every layer, every step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene


class GradientProbe(Probe):
    """Root mean square of dL/dW over a layer's weight tensor; biases are left out."""

    stream = "steps"
    order = 1
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._layers = scene.network.weighted()
        self._weights = [weight for _, weight in self._layers]
        roots = [math.sqrt(weight.numel()) for weight in self._weights]
        self._roots = roots  # L2 norm / √n = root mean square
        self._scale = torch.tensor(roots, dtype=torch.float32).reciprocal().to(scene.device)

    def columns(self) -> list[Column]:
        return [Column(quantity="gradient_rms", layer=step.id) for step, _ in self._layers]

    def each_step(self, moment: Moment) -> Sequence[float] | Tensor:
        norms = torch._foreach_norm([weight.grad for weight in self._weights])
        if not self.scene.on_device:
            return [norm.item() / root for norm, root in zip(norms, self._roots, strict=True)]
        return torch.stack(norms).float() * self._scale
