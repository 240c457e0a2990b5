"""Gradient magnitude of every layer, every step."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene


class GradientProbe(Probe):
    """Root mean square of dL/dW over a layer's weight tensor; biases are left out."""

    stream = "steps"
    order = 1

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._layers = scene.network.weighted()
        self._weights = [weight for _, weight in self._layers]
        sizes = torch.tensor([weight.numel() for weight in self._weights], dtype=torch.float32)
        self._scale = sizes.rsqrt().to(scene.device)  # L2 norm · 1/√n = root mean square

    def columns(self) -> list[Column]:
        return [Column(quantity="gradient_rms", layer=step.id) for step, _ in self._layers]

    def each_step(self, moment: Moment, out: Tensor) -> None:
        norms = torch._foreach_norm([weight.grad for weight in self._weights])
        torch.stack(norms, out=out).mul_(self._scale)
