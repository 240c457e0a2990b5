"""What a layer really sees of the probe image: the gradient of its middle, within the theoretical receptive field.

Luo, Li, Urtasun and Zemel, Understanding the Effective Receptive Field in Deep Convolutional Neural Networks, 2016.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground.plan import PlanStep, fields
from playground.protocol import Command, EffectiveField, encode
from playground.receptive_field import Field, Reach
from worker.probes.base import Moment, Probe, Scene

MOST_TOGETHER = 16
"""Layers in one pass, each on an image of its own; never more than a batch, which training had the memory for."""
TURN_SECONDS, END_PASS_SECONDS = 0.05, 0.4
"""How long a pass may take, while training and at the end: after a longer one the next takes half as many layers, after
one of less than half twice as many. One layer it always takes; the next turn goes on with the others."""
END_LAYERS, END_SECONDS, END_BYTES = 128, 2.0, 256 * 1024
"""At the end of a run: so many layers and bytes in all, and no new pass once so much time has gone by."""
MOST_BYTES = 256 * 1024
"""A larger image is not looked at."""


class EffectiveFieldProbe(Probe):
    """While training the watched layers in turn; at the end every layer whose output is an image, within limits."""

    hertz = 1.0
    share = 0.005
    of_weights_alone = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._fields: dict[str, Field] | None = None
        self._together = 1
        self._next = 0

    def frames(self, moment: Moment) -> list[bytes]:
        if self._image_bytes() > MOST_BYTES:
            return []
        return self._at_the_end(moment) if self.scene.over else self._turn(moment)

    def command(self, command: Command) -> bool:
        if command.kind in {"watch", "probe"}:
            self._next = 0
        return command.kind in {"watch", "probe"}

    def _turn(self, moment: Moment) -> list[bytes]:
        """A few of the watched layers."""
        watched = [step for step in self._steps(self.scene.watched) if _has_field(step)]
        if not watched:
            return []
        first = self._next % len(watched)
        chosen = watched[first : first + self._together]
        self._next = first + len(chosen)
        return self._look(chosen, moment, TURN_SECONDS)

    def _at_the_end(self, moment: Moment) -> list[bytes]:
        """The watched layers, then the last layer of every block, which a press on the block shows, then the rest."""
        steps = self.scene.network.steps
        last = {step.owner: step for step in steps}
        wanted = [*self._steps(self.scene.watched), *last.values(), *steps]
        chosen = [step for step in {step.id: step for step in wanted}.values() if _has_field(step)]
        chosen = chosen[: min(END_LAYERS, END_BYTES // self._image_bytes())]
        records: list[bytes] = []
        until = perf_counter() + END_SECONDS
        while len(records) < len(chosen) and perf_counter() < until:
            done = len(records)
            records += self._look(chosen[done : done + self._together], moment, END_PASS_SECONDS)
        return records

    def _image_bytes(self) -> int:
        _, height, width = self.scene.network.steps[0].shape
        return height * width

    def _steps(self, layers: list[str]) -> list[PlanStep]:
        network = self.scene.network
        return [network.steps[network.index[layer]] for layer in layers]

    def _look(self, steps: list[PlanStep], moment: Moment, seconds: float) -> list[bytes]:
        """One pass for these steps, meant to take at most so many seconds."""
        start = perf_counter()
        influence = self._influence(steps).double().cpu().numpy()
        self._fields = self._fields or fields(self.scene.network.plan)
        records = []
        for step, seen in zip(steps, influence, strict=True):
            records.append(self._record(step, self._fields[step.id], seen, moment.step + 1))
        took = perf_counter() - start
        if took > seconds:
            self._together = max(1, len(steps) // 2)
        elif took < seconds / 2:
            self._together = min(2 * self._together, MOST_TOGETHER, self.scene.recipe.batch_size)
        return records

    def _influence(self, steps: list[PlanStep]) -> Tensor:
        """[steps, height, width]: |∂(sum over channels at the step's middle)/∂image|, summed over the image's channels.

        One pass for all: each step has a copy of the image for itself, and in evaluation mode copies know nothing of
        each other. Only the image asks for a gradient, so that none reaches the weights' own.
        """
        network = self.scene.network
        positions = [network.index[step.id] for step in steps]
        images = self.scene.probe_image().repeat(len(steps), 1, 1, 1)
        images = images.contiguous(memory_format=torch.channels_last).requires_grad_()
        network.eval()
        try:
            with torch.enable_grad():
                _, outputs = network.run(images, set(positions))
                total = torch.zeros((), device=images.device)
                for copy, (step, position) in enumerate(zip(steps, positions, strict=True)):
                    output = outputs[position]
                    assert output is not None
                    row, column = middle(step)
                    total = total + output[copy, :, row, column].sum()
                (gradient,) = torch.autograd.grad(total, images)
        finally:
            network.train()
        return torch.nan_to_num(gradient).abs().sum(1)

    def _record(self, step: PlanStep, field: Field, seen: NDArray[np.float64], at: int) -> bytes:
        row, column = middle(step)
        sums = patch_sums(seen, field, row, column)
        peak, total = float(seen.max()), float(seen.sum())
        header = EffectiveField(
            layer=step.id,
            step=at,
            probe=self.scene.probe,
            height=seen.shape[0],
            width=seen.shape[1],
            peak=peak,
            position=(row, column),
            inside=float(sums[-1]) / total if total else 0.0,
            half=patch_holding(0.5, sums, field),
            most=patch_holding(0.9, sums, field),
        )
        scaled = seen * (255 / peak) if peak else seen
        return encode(header, scaled.round().astype(np.uint8).tobytes())


def middle(step: PlanStep) -> tuple[int, int]:
    """Row and column of the output value that is looked at."""
    return step.shape[1] // 2, step.shape[2] // 2


def patch_sums(seen: NDArray[np.float64], field: Field, row: int, column: int) -> NDArray[np.float64]:
    """Influence in the patches around the field's middle, from its middle pixel or pixels to the whole field."""
    vertical = _rings(field.vertical, row, seen.shape[0])
    horizontal = _rings(field.horizontal, column, seen.shape[1])
    rings = np.maximum(vertical[:, None], horizontal[None, :])  # [height, width]: the first patch that holds the pixel
    patches = 1 + max(_last_ring(field.vertical), _last_ring(field.horizontal))
    known = rings < patches
    sums: NDArray[np.float64] = np.bincount(rings[known], seen[known], minlength=patches).cumsum()
    return sums


def patch_holding(share: float, sums: NDArray[np.float64], field: Field) -> tuple[int, int]:
    """Rows and columns of the smallest patch that holds this share of what the field holds."""
    if not sums[-1]:
        return 0, 0
    ring = int(np.argmax(sums >= share * sums[-1]))
    rows, columns = (_size(reach) - 2 * max(0, _last_ring(reach) - ring) for reach in field)
    return rows, columns


def _rings(reach: Reach, place: int, pixels: int) -> NDArray[np.int64]:
    """For each pixel along one direction: the first patch that holds it; outside the field a large number."""
    doubled = np.abs(2 * (np.arange(pixels) - place * reach.stride) - (reach.first + reach.last))  # twice the distance
    rings = doubled // 2
    return np.where(rings > _last_ring(reach), np.iinfo(np.int64).max, rings)


def _last_ring(reach: Reach) -> int:
    return (_size(reach) - 1) // 2


def _size(reach: Reach) -> int:
    return reach.last - reach.first + 1


def _has_field(step: PlanStep) -> bool:
    return step.block not in {"input", "output"} and len(step.shape) == 3
