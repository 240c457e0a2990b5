"""Length of each layer's weights and of their gradient."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene


class WeightProbe(Probe):
    """L2 norm of the weight tensor before the update, and of dL/dW; biases are left out."""

    stream = "layers"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._layers = scene.network.weighted()
        self._weights = [weight for _, weight in self._layers]
        self._values: torch.Tensor | None = None

    def columns(self) -> list[Column]:
        ids = [step.id for step, _ in self._layers]
        return [Column(quantity=q, layer=id) for q in ("weight_l2", "gradient_l2") for id in ids]

    def before_sample(self, moment: Moment) -> None:
        norms = torch._foreach_norm([w.detach() for w in self._weights] + [w.grad for w in self._weights])
        self._values = torch.stack(norms) if norms else None

    def sample(self, moment: Moment) -> Sequence[float]:
        values: list[float] = [] if self._values is None else self._values.tolist()
        return values
