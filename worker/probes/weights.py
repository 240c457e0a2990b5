"""Length of each layer's weights and of their gradient, and the gradient's mean size."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene


class WeightProbe(Probe):
    """L2 norm of the weight tensor before the update, L2 norm and mean size of dL/dW; biases are left out."""

    stream = "layers"
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._layers = scene.network.weighted()
        self._weights = [weight for _, weight in self._layers]
        self._sizes = [weight.numel() for weight in self._weights]
        self._counts = torch.tensor(self._sizes, dtype=torch.float32, device=scene.device)
        self._values: Tensor | None = None
        self._sums: Tensor | None = None

    def columns(self) -> list[Column]:
        ids = [step.id for step, _ in self._layers]
        return [Column(quantity=q, layer=id) for q in ("weight_l2", "gradient_l2", "gradient_mean") for id in ids]

    def before_sample(self, moment: Moment) -> None:
        if not self._weights:
            return
        gradients = [weight.grad for weight in self._weights]
        self._values = torch.stack(torch._foreach_norm([w.detach() for w in self._weights] + gradients))
        self._sums = torch.stack(torch._foreach_norm(gradients, 1))

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        if self._values is None or self._sums is None:
            return ()
        if self.scene.on_device:
            return torch.cat((self._values, self._sums / self._counts))
        norms: list[float] = self._values.tolist()
        return norms + [total / size for total, size in zip(self._sums.tolist(), self._sizes, strict=True)]
