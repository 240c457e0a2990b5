"""How far one step moves each layer's weights, compared with their length."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.base import Moment, Probe, Scene


class UpdateProbe(Probe):
    """L2 of the step's weight change over L2 of the weights before it; measured, so right for every optimiser."""

    stream = "layers"
    recorded = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._layers = scene.network.weighted()
        self._weights = [weight.detach() for _, weight in self._layers]
        self._before = [torch.empty_like(weight) for weight in self._weights]

    def columns(self) -> list[Column]:
        return [Column(quantity="update_ratio", layer=step.id) for step, _ in self._layers]

    def before_sample(self, moment: Moment) -> None:
        if self._before:
            torch._foreach_copy_(self._before, self._weights)

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        if not self._before:
            return ()
        lengths = torch.stack(torch._foreach_norm(self._before))
        torch._foreach_sub_(self._before, self._weights)
        return self.numbers(torch.stack(torch._foreach_norm(self._before)) / lengths)
