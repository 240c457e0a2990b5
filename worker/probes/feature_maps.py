"""What the watched layers make of the probe image, as grey pictures."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from playground.protocol import Command, Maps, encode
from worker.probes.base import Moment, Probe, Scene

MAX_CHANNELS = 64
MAX_UNITS = 1024
"""Of a vector, which is sent as so many channels of 1×1."""
MAX_BYTES = 256 * 1024
MAX_LAYERS = 16


class FeatureMapProbe(Probe):
    """One forward pass of one image in evaluation mode with the weights of the moment."""

    hertz = 5.0
    share = 0.01
    of_weights_alone = True

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        scene.watched = first_layer(scene)

    def frames(self, moment: Moment) -> list[bytes]:
        watched = self.scene.watched
        if not watched:
            return []
        network = self.scene.network
        positions = [network.index[layer] for layer in watched]
        outputs = self.scene.look(moment.step, positions)
        records = []
        for layer, position in zip(watched, positions, strict=True):
            output = outputs[position]
            assert output is not None
            records.append(self._record(layer, moment.step + 1, output[0].float().cpu()))
        return records

    def command(self, command: Command) -> bool:
        if command.kind == "watch":
            known = [layer for layer in command.layers if layer in self.scene.network.index]
            self.scene.watched = list(dict.fromkeys(known))[:MAX_LAYERS]
        return command.kind in {"watch", "probe"}

    def state(self) -> Any:
        return self.scene.watched

    def restore(self, state: Any) -> None:
        self.scene.watched = [layer for layer in state if layer in self.scene.network.index]

    def _record(self, layer: str, step: int, output: Tensor) -> bytes:
        maps, total = shown_part(output)
        height, width = maps.shape[1:]
        maps = torch.nan_to_num(maps)
        low, high = (float(value) for value in maps.aminmax())
        scaled = (maps - low) * (255 / (high - low)) if high > low else torch.zeros_like(maps)
        header = Maps(
            layer=layer,
            step=step,
            probe=self.scene.probe,
            channels=len(maps),
            total_channels=total,
            height=height,
            width=width,
            low=low,
            high=high,
        )
        return encode(header, scaled.round_().to(torch.uint8).contiguous().numpy().tobytes())


def shown_part(output: Tensor) -> tuple[Tensor, int]:
    """[channels, height, width] of what is sent of a layer's output, and how many channels it has."""
    total = output.shape[0]
    maps = output if output.dim() == 3 else output.view(total, 1, 1)
    limit = MAX_CHANNELS if output.dim() == 3 else MAX_UNITS
    return maps[: max(1, min(limit, MAX_BYTES // (maps.shape[1] * maps.shape[2])))], total


def first_layer(scene: Scene) -> list[str]:
    """What to show while nobody has chosen: the first convolution, else dense layer; its ReLU if it has one."""
    steps = scene.network.steps
    kinds = ("Conv2d", "Linear")
    first = next((step for kind in kinds for step in steps if step.layer and step.layer.module == kind), None)
    if first is None:
        return []
    behind, seen = [first.id], {first.id}
    while behind:
        name = behind.pop(0)
        for step in steps:
            if name in step.inputs and step.id not in seen and step.block in {"relu", "batch_norm"}:
                if step.block == "relu":
                    return [step.id]
                seen.add(step.id)
                behind.append(step.id)
    return [first.id]
