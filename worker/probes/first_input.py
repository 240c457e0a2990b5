"""Mean and deviation of what comes into the network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.activations import SAMPLES, _deviation
from worker.probes.base import Moment, Probe


class InputProbe(Probe):
    """Of the normalised images of the latest batch, as the network gets them."""

    stream = "layers"
    order = 20
    recorded = True

    _values: Tensor | None = None

    def columns(self) -> list[Column]:
        layer = self.scene.network.steps[0].id
        return [Column(quantity="activation_mean", layer=layer), Column(quantity="activation_std", layer=layer)]

    def kept(self) -> set[int]:
        return {0}

    def sample_output(self, step: int) -> None:
        images = self.scene.network.outputs[0]
        if images is not None:
            few = images.detach()[:SAMPLES]
            self._values = torch.stack((few.mean(), _deviation(few).float()))

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        return [float("nan")] * 2 if self._values is None else self.numbers(self._values)
