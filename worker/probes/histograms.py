"""How the values of each layer are spread: its weights, their gradient, and what its activation gives.

The bins are of one width, a power of two, and their edges multiples of it; see playground.protocol.Histogram.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import torch
from torch import Tensor

from playground.blocks import CATALOGUE
from playground.protocol import Histogram, encode
from worker.probes.base import Moment, Probe, Scene

MOST_BINS = 64
"""Of many values; few are counted in fewer bins, about twice the root of their number, and no less than eight."""
REACH = 4.0
"""The bins reach so many deviations from the mean, and no further than the values."""
IMAGES, VALUES = 32, 65_536
"""Activations are counted over the first images of the batch: at most so many, and about so many values."""
TURN_SECONDS = 0.005
"""A turn takes layers in their order until it has had so much time; the next one goes on from there. The first, whose
costs are not known yet, takes all, so that every layer has a histogram of the beginning."""

Of = Literal["activations", "weights", "gradients"]


@dataclass
class _Item:
    layer: str
    of: Of
    position: int
    """Of the step whose output is counted; −1 for weights and gradients."""
    weight: torch.nn.Parameter | None
    cost: float = 0.0
    """Seconds, the last time."""


class HistogramProbe(Probe):
    """Weights after the update, the gradient and the activations of the batch before it."""

    hertz = 1.0
    share = 0.005

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        weights = {step.id: weight for step, weight in scene.network.weighted()}
        self._items: list[_Item] = []
        for position, step in enumerate(scene.network.steps):
            if step.id in weights and step.block != "batch_norm":
                self._items += [_Item(step.id, of, -1, weights[step.id]) for of in ("weights", "gradients")]
            elif CATALOGUE[step.block].family == "activation":
                self._items.append(_Item(step.id, "activations", position, None))
        self._next = 0
        self._turn: list[_Item] = []
        """What this turn looks at, once its outputs were there."""
        self._counted: list[bytes] = []
        """Records of activations that wait for their turn's end."""

    def kept(self) -> set[int]:
        return {item.position for item in self._items if item.weight is None}

    def frame_output(self, step: int) -> None:
        self._turn = self._all() if self._ends_with(step) else self._choose()
        outputs = self.scene.network.outputs
        self._counted = []
        for item in self._turn:
            if item.weight is None:
                output = outputs[item.position]
                assert output is not None
                self._counted.append(_counted(item, _first_images(output.detach()), step))

    def frames(self, moment: Moment) -> list[bytes]:
        turn = self._all() if self.scene.over else (self._turn or self._choose())
        records, self._counted, self._turn = self._counted, [], []
        for item in turn:
            if item.weight is None:
                continue
            values = item.weight.detach() if item.of == "weights" else item.weight.grad
            if values is not None:
                records.append(_counted(item, values, moment.step + (item.of == "weights")))
        return records

    def _ends_with(self, step: int) -> bool:
        return step + 1 == self.scene.total_steps

    def _all(self) -> list[_Item]:
        return self._items

    def _choose(self) -> list[_Item]:
        """From the next item on, as many as a turn has time for."""
        chosen: list[_Item] = []
        seconds = 0.0
        while len(chosen) < len(self._items) and seconds <= TURN_SECONDS:
            item = self._items[(self._next + len(chosen)) % len(self._items)]
            seconds += item.cost
            chosen.append(item)
        self._next = (self._next + len(chosen)) % max(1, len(self._items))
        return chosen


def _counted(item: _Item, values: Tensor, step: int) -> bytes:
    start = perf_counter()
    with torch.no_grad():
        header, counts = histogram(item.layer, item.of, step, values)
    item.cost = perf_counter() - start
    return encode(header, counts)


def _first_images(output: Tensor) -> Tensor:
    each = output[0].numel()
    return output[: max(1, min(IMAGES, VALUES // each))]


def histogram(layer: str, of: Of, step: int, values: Tensor) -> tuple[Histogram, bytes]:
    """The record of these values, and its payload."""
    everything = values.numel()
    x = _in_memory_order(values).float()
    low, high = (float(value) for value in x.aminmax())
    if not math.isfinite(low + high):
        x = x[x.isfinite()]
        low, high = (float(value) for value in x.aminmax()) if x.numel() else (0.0, 0.0)
    finite = x.numel()
    mean, deviation = _mean_and_deviation(x) if finite else (0.0, 0.0)
    width, first, bins = grid(low, high, mean, deviation, most_bins(finite))
    # Divided by a power of two nothing is rounded, so that a value lies in its bin exactly; but it could become zero.
    scaled = (x.double() if width > 1 else x) * (1 / width)
    places = scaled.floor_().clamp_(first - 1, first + bins).to(torch.int64).sub_(first - 1)
    counts = torch.bincount(places, minlength=bins + 2).cpu()
    header = Histogram(
        layer=layer,
        of=of,
        step=step,
        width=width,
        first=first,
        bins=bins,
        below=int(counts[0]),
        above=int(counts[-1]),
        zeros=finite - int(x.count_nonzero()),
        not_finite=everything - finite,
        count=everything,
        mean=mean,
        deviation=deviation,
    )
    return header, counts[1:-1].to(torch.int32).numpy().astype("<u4").tobytes()


def most_bins(values: int) -> int:
    """For so many values."""
    return max(8, min(MOST_BINS, 2 * math.isqrt(values)))


def grid(low: float, high: float, mean: float, deviation: float, most: int) -> tuple[float, int, int]:
    """Width, first and number of bins for values from low to high."""
    if deviation > 0:
        low, high = max(low, mean - REACH * deviation), min(high, mean + REACH * deviation)
    largest = max(abs(low), abs(high))
    if largest == 0:
        return 1.0, 0, 1
    # So narrow that they fit in, and not so narrow that the place of an edge would have more than 20 bits.
    exponent = max(_power(largest) - 20, -100)
    if high > low:
        exponent = max(exponent, _power((high - low) / (most - 2)))
    width = math.ldexp(1.0, exponent)
    first = math.floor(low / width)
    return width, first, math.floor(high / width) - first + 1


def _power(value: float) -> int:
    """The smallest n with 2ⁿ ≥ value."""
    mantissa, exponent = math.frexp(value)
    return exponent - (mantissa == 0.5)


def _mean_and_deviation(x: Tensor) -> tuple[float, float]:
    mean = float(x.mean())
    squares = float(torch.linalg.vector_norm(x)) ** 2 / x.numel()
    deviation = math.sqrt(max(0.0, squares - mean**2))
    return (mean, deviation) if math.isfinite(mean + deviation) else (0.0, 0.0)


def _in_memory_order(values: Tensor) -> Tensor:
    """All values in one row, without a copy where they lie together."""
    return (values.permute(0, 2, 3, 1) if values.dim() == 4 else values).reshape(-1)
