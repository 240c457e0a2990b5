"""Dead channels and units: those that gave zero for every training image of the last N steps. Exact.

A window of N steps starts with the channels that are zero for one image (units: for eight) as candidates. From then on
only the candidates are looked at, so that a layer whose channels all fired costs nothing until the window ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.plan import PlanStep
from playground.protocol import Column, Units, encode
from worker.probes.base import Moment, Probe, Scene

Indices = NDArray[np.int64]
HELD = 8
"""Steps whose vectors are looked at together."""


class _Layer:
    """The window of one ReLU."""

    def __init__(self, position: int, step: PlanStep) -> None:
        self.position = position
        self.id = step.id
        self.units = step.shape[0]
        self.candidates: Indices | None = None
        """The units that were zero so far in this window; None before its first step."""
        self.dead: Indices | None = None
        """Those of the last whole window."""
        self.told: Indices | None = None
        """Those the page was last told."""
        self._held: list[Tensor] = []
        """Vectors that were not looked at yet: they are small, and many at once take the time of one."""

    def see(self, output: Tensor) -> None:
        """output: [batch, units] or [batch, channels, height, width], never negative."""
        if output.dim() == 4:
            self._look(output)
        else:
            self._held.append(output)
            if len(self._held) == HELD:
                self.catch_up()

    def catch_up(self) -> None:
        """Look at all that was seen."""
        if self._held:
            self._look(self._held[0] if len(self._held) == 1 else torch.cat(self._held))
            self._held = []

    def _look(self, output: Tensor) -> None:
        if self.candidates is None:
            few = output[: 1 if output.dim() == 4 else 8]
            self.candidates = np.flatnonzero(_silent(few, np.arange(self.units)))
        if len(self.candidates):
            self.candidates = self.candidates[_silent(output, self.candidates)]

    def close(self) -> None:
        self.catch_up()
        self.dead, self.candidates = self.candidates, None

    def mask(self) -> bytes:
        flags = np.zeros(self.units, np.uint8)
        flags[self.dead] = 1
        return flags.tobytes()


def _silent(output: Tensor, units: Indices) -> NDArray[np.bool_]:
    """[len(units)]: never above zero in this batch."""
    # a sum of values that are never negative is 0 only where all are; to pick units first takes longer
    everywhere = (0, 2, 3) if output.dim() == 4 else (0,)
    return np.asarray(output.sum(everywhere, dtype=torch.float32).cpu().numpy()[units] == 0)


class DeadUnitProbe(Probe):
    """Windows begin at multiples of N = recipe.dead_window steps."""

    stream = "layers"
    hertz = 1.0

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        steps = enumerate(scene.network.steps)
        self._layers = [_Layer(at, step) for at, step in steps if step.block == "relu"]
        self._open: list[_Layer] = []
        self._window = scene.recipe.dead_window

    def columns(self) -> list[Column]:
        return [Column(quantity="dead", layer=layer.id) for layer in self._layers]

    def kept(self) -> set[int]:
        return {layer.position for layer in self._layers}

    def each_output(self, step: int) -> None:
        outputs = self.scene.network.outputs
        if step % self._window == 0:
            self._open = list(self._layers)
        for layer in self._open:
            output = outputs[layer.position]
            assert output is not None
            layer.see(output.detach())
        self._open = [layer for layer in self._open if layer.candidates is None or len(layer.candidates)]
        if (step + 1) % self._window == 0:
            for layer in self._layers:
                layer.close()
            self._open = []

    def sample(self, moment: Moment) -> Sequence[float]:
        return [math.nan if layer.dead is None else float(len(layer.dead)) for layer in self._layers]

    def frames(self, moment: Moment) -> list[bytes]:
        records = []
        for layer in self._layers:
            if layer.dead is not None and (layer.told is None or not np.array_equal(layer.told, layer.dead)):
                layer.told = layer.dead
                header = Units(layer=layer.id, step=moment.step + 1, units=layer.units, window=self._window)
                records.append(encode(header, layer.mask()))
        return records

    def state(self) -> Any:
        for layer in self._layers:
            layer.catch_up()
        return {
            layer.id: {
                "candidates": None if layer.candidates is None else layer.candidates.tolist(),
                "dead": None if layer.dead is None else layer.dead.tolist(),
            }
            for layer in self._layers
        }

    def restore(self, state: Any) -> None:
        for layer in self._layers:
            kept = state[layer.id]
            layer.candidates = _indices(kept["candidates"])
            layer.dead = _indices(kept["dead"])
        self._open = [layer for layer in self._layers if layer.candidates is not None and len(layer.candidates)]


def _indices(values: list[int] | None) -> Indices | None:
    return None if values is None else np.array(values, np.int64)
