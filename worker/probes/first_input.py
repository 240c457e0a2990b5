"""Mean and deviation of what comes into the network."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from playground.protocol import Column
from worker.probes.activations import mean_and_deviation
from worker.probes.base import Moment, Number, Probe


class InputProbe(Probe):
    """Of the normalised images of the latest batch, as the network gets them."""

    stream = "layers"
    order = 20
    recorded = True

    _values: Sequence[Number] = (float("nan"), float("nan"))

    def columns(self) -> list[Column]:
        layer = self.scene.network.steps[0].id
        return [Column(quantity="activation_mean", layer=layer), Column(quantity="activation_std", layer=layer)]

    def kept(self) -> set[int]:
        return {0}

    def sample_output(self, step: int) -> None:
        images = self.scene.network.outputs[0]
        if images is not None:
            self._values = mean_and_deviation(images.detach(), self.scene.on_device)

    def sample(self, moment: Moment) -> Sequence[float] | Tensor:
        return self.numbers(self._values)
