"""Filters and weights as images: what a layer looks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from playground.plan import PlanStep
from playground.protocol import Command, WeightImages, encode
from worker.probes.base import Moment, Probe, Scene

MOST_UNITS = 64
MOST_BYTES = 64 * 1024
"""Of one layer: fewer units, then fewer channels and rows, where it has more."""
END_LAYERS, END_BYTES = 128, 1024 * 1024
"""At the end of a run: so many layers and bytes in all."""


@dataclass(frozen=True)
class Shown:
    """A weight tensor as [units, channels, height, width], and which part of it is sent."""

    form: Literal["filters", "units", "matrix"]
    images: Tensor
    total: tuple[int, int, int, int]


class WeightImageProbe(Probe):
    """The watched layers' weights in turn, or those of the layer that feeds them; at the end every layer's."""

    hertz = 0.5
    share = 0.002
    of_weights_alone = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._weights = {step.id: weight for step, weight in scene.network.weighted() if step.block != "batch_norm"}

    def frames(self, moment: Moment) -> list[bytes]:
        records: list[bytes] = []
        layers = self._watched()
        if self.scene.over:
            layers = list(dict.fromkeys([*layers, *self._weights]))[:END_LAYERS]
        for layer in layers:
            if sum(map(len, records)) < END_BYTES:
                records.append(self._record(layer, moment.step + 1))
        return records

    def command(self, command: Command) -> bool:
        return command.kind == "watch"

    def _watched(self) -> list[str]:
        found = (self._feeder(layer) for layer in self.scene.watched)
        return list(dict.fromkeys(layer for layer in found if layer is not None))

    def _feeder(self, layer: str) -> str | None:
        """The layer itself, or the nearest before it that has weights, as long as there is one way only."""
        network = self.scene.network
        while layer not in self._weights:
            before = network.steps[network.index[layer]].inputs
            if len(before) != 1:
                return None
            layer = before[0]
        return layer

    def _record(self, layer: str, step: int) -> bytes:
        network = self.scene.network
        of = network.steps[network.index[layer]]
        source = network.steps[network.index[of.inputs[0]]]
        shown = as_images(self._weights[layer].detach(), self._flattened(of))
        images = torch.nan_to_num(shown.images.float().cpu())
        low, high = (float(value) for value in images.aminmax())
        scaled = (images - low) * (255 / (high - low)) if high > low else torch.zeros_like(images)
        units, channels, height, width = images.shape
        header = WeightImages(
            layer=layer,
            step=step,
            form=shown.form,
            units=units,
            total_units=shown.total[0],
            channels=channels,
            total_channels=shown.total[1],
            height=height,
            width=width,
            total_height=shown.total[2],
            total_width=shown.total[3],
            colour=shown.form == "filters" and channels == 3 and source.block == "input",
            low=low,
            high=high,
        )
        return encode(header, scaled.round_().to(torch.uint8).contiguous().numpy().tobytes())

    def _flattened(self, step: PlanStep) -> tuple[int, int, int] | None:
        """The image that a dense layer reads, value by value; None where it reads a vector that never was one."""
        network = self.scene.network
        before = network.steps[network.index[step.inputs[0]]]
        while before.block == "dropout":
            before = network.steps[network.index[before.inputs[0]]]
        if before.block != "flatten":
            return None
        shape = network.steps[network.index[before.inputs[0]]].shape
        return (shape[0], shape[1], shape[2]) if len(shape) == 3 and shape[1] * shape[2] > 1 else None


def as_images(weight: Tensor, flattened: tuple[int, int, int] | None) -> Shown:
    """Weights [units, inputs] or [units, channels, height, width] as images, the first of them where they are many."""
    if weight.dim() == 4:
        return _part("filters", weight)
    if weight.dim() == 2 and flattened is not None:
        return _part("units", weight.view(len(weight), *flattened))
    matrix = weight.reshape(len(weight), -1)
    rows, columns = matrix.shape
    columns_shown = min(columns, 1024)
    part = matrix[: max(1, MOST_BYTES // columns_shown), :columns_shown]
    return Shown("matrix", part[None, None], (1, 1, rows, columns))


def _part(form: Literal["filters", "units"], images: Tensor) -> Shown:
    units, channels, height, width = images.shape
    pixels = height * width
    shown_units = max(1, min(units, MOST_UNITS, MOST_BYTES // pixels))
    least = min(channels, 3 if channels == 3 else 1)
    shown_units = max(1, min(shown_units, MOST_BYTES // (pixels * min(channels, max(least, 16)))))
    shown_channels = max(1, min(channels, MOST_BYTES // (pixels * shown_units)))
    return Shown(form, images[:shown_units, :shown_channels], (units, channels, height, width))
