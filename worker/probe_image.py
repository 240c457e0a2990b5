"""The image that is looked at: one of the data set, or one that somebody gave by hand."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from playground.protocol import Command

Source = Literal["drawn", "uploaded"]


@dataclass
class ProbeChoice:
    """Survives a checkpoint, as JSON."""

    index: int = 0
    """Into Started.probes; below zero for images given by hand, which count down."""
    given: int = 0
    """Images that were given by hand so far."""
    image: str | None = None
    """The one given by hand, in base64; None for one of the data set."""
    source: Source = "drawn"
    target: int | None = None
    """The class whose loss is followed back; None: the true one, else the predicted one."""

    def obey(self, command: Command, *, images: int, shape: tuple[int, ...], classes: int) -> str | None:
        """Take in a "probe" command. Gives why it was refused, None where it was not."""
        if command.target is not None and not 0 <= command.target < classes:
            return f"There is no class {command.target}; the probe image stays."
        if command.image is not None:
            if read(command.image, shape) is None:
                return "The probe image is not of the network's size; the one before stays."
            self.given += 1
            self.index, self.image, self.source = -self.given, command.image, command.source
        elif command.value is not None:
            self.index, self.image = min(max(0, int(command.value)), images - 1), None
        self.target = command.target
        return None

    def pixels(self, shape: tuple[int, ...]) -> Tensor | None:
        """uint8 [1, channels, height, width] of an image given by hand; None for one of the data set."""
        return None if self.image is None else read(self.image, shape)

    def state(self) -> dict[str, Any]:
        return asdict(self)


def read(image: str, shape: tuple[int, ...]) -> Tensor | None:
    """uint8 [1, *shape] from base64; None where the bytes are not as many."""
    try:
        data = base64.b64decode(image, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) != torch.Size(shape).numel():
        return None
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).view(1, *shape)
