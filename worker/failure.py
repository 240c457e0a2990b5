"""Failure: a training run that cannot go on, in words for the user."""

from __future__ import annotations

import json
from typing import Literal

from playground.protocol import Failed

Code = Literal["not_a_number", "out_of_memory", "data_missing", "device_missing", "not_trainable", "crashed"]


class Failure(Exception):
    """What is wrong (`message`, with the value) and the way out (`hint`); becomes the run's last record."""

    def __init__(self, code: Code, message: str, hint: str, layer: str | None = None) -> None:
        super().__init__(f"{message} {hint}")
        self.code = code
        self.message = message
        self.hint = hint
        self.layer = layer
        """Id of the primitive it happened in, where one is to blame."""

    def record(self, step: int) -> Failed:
        """The last record of the run."""
        return Failed(step=step, code=self.code, message=self.message, hint=self.hint, layer=self.layer)


def read_failure(data: bytes) -> Failure:
    """A failure that another process met while it fetched the data, from its JSON."""
    said = json.loads(data)
    return Failure("data_missing", str(said["message"]), str(said["hint"]))
