"""Small networks, jobs, and a listener that reads what a run tells."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from playground.datasets import DATASETS
from playground.protocol import TELEMETRY, Command, Job, Message, Rows, Started, decode

T = TypeVar("T", bound=Message)
Layer = tuple[str, dict[str, Any]]


def network(*layers: Layer, dataset: str = "digits") -> dict[str, Any]:
    """A chain of blocks between the data set's input and the output; ids are "1_conv2d", "2_relu", …"""
    channels, height, width = DATASETS[dataset].shape
    size = {"channels": channels, "height": height, "width": width}
    nodes = [{"id": "input", "block": "input", "params": size}]
    nodes += [{"id": f"{n}_{kind}", "block": kind, "params": params} for n, (kind, params) in enumerate(layers, 1)]
    nodes += [{"id": "output", "block": "output"}]
    edges = [{"source": a["id"], "target": b["id"]} for a, b in pairwise(nodes)]
    return {"format": 1, "name": "Test", "nodes": nodes, "edges": edges}


CONVNET: tuple[Layer, ...] = (
    ("conv2d", {"filters": 6, "kernel_size": 3, "padding": 1}),
    ("relu", {}),
    ("max_pool", {"kernel_size": 2, "stride": 2}),
    ("flatten", {}),
    ("dense", {"units": 20}),
    ("relu", {}),
    ("dense", {"units": 10}),
)
STEADY: tuple[Layer, ...] = (
    ("conv2d", {"filters": 4, "kernel_size": 3}),
    ("batch_norm", {}),
    ("relu", {}),
    ("flatten", {}),
    ("dropout", {"p": 0.3}),
    ("dense", {"units": 10}),
)
"""With running statistics and random masks: what a restart may get wrong."""


def job(*layers: Layer, attempt: int = 1, **recipe: Any) -> Job:
    """A job on the small digits unless the recipe says otherwise."""
    recipe = {"dataset": "digits", "epochs": 1, "learning_rate": 0.02, "device": "cpu"} | recipe
    document = network(*(layers or CONVNET), dataset=recipe["dataset"])
    return Job(run="test", attempt=attempt, network=document, recipe=recipe)


class Listener:
    """Takes packets, and has their records by kind."""

    def __init__(self, then: Callable[[Message], None] = lambda message: None) -> None:
        self.told: list[tuple[Message, bytes]] = []
        self._then = then

    def __call__(self, records: list[bytes]) -> None:
        for record in records:
            message, payload = decode(record, TELEMETRY)
            assert message is not None
            self.told.append((message, bytes(payload)))
            self._then(message)

    def of(self, kind: type[T]) -> list[T]:
        return [message for message, _ in self.told if isinstance(message, kind)]

    def with_payload(self, kind: type[T]) -> list[tuple[T, bytes]]:
        return [(message, payload) for message, payload in self.told if isinstance(message, kind)]

    def series(
        self, stream: str, quantity: str, layer: str | None = None
    ) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """Steps and values of a column over all packets."""
        columns = next(s.columns for s in self.of(Started)[0].streams if s.name == stream)
        index = next(i for i, c in enumerate(columns) if (c.quantity, c.layer) == (quantity, layer))
        steps, values = [], []
        for rows, payload in self.with_payload(Rows):
            if rows.stream == stream:
                steps.append(np.frombuffer(payload, np.uint32, rows.count))
                numbers = np.frombuffer(payload, np.float32, rows.count * rows.columns, 4 * rows.count)
                values.append(numbers.reshape(rows.columns, rows.count)[index])
        return np.concatenate(steps), np.concatenate(values)


class Script:
    """A user whose commands come at given polls: {3: [Command(...)]}; poll n comes before step n − 1."""

    def __init__(self, commands: dict[int, list[Command]], waiting: list[list[Command]] | None = None) -> None:
        self._commands = commands
        self._waiting = list(waiting or [])
        self._polls = 0
        self._next: list[Command] = []

    def poll(self) -> list[Command]:
        if self._next:
            found, self._next = self._next, []
            return found
        self._polls += 1
        return self._commands.get(self._polls, [])

    def wait(self, seconds: float) -> bool:
        """While paused the next of `waiting` comes; after the last, resume."""
        self._next = self._waiting.pop(0) if self._waiting else [Command(kind="resume")]
        return True
