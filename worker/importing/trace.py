"""traced(module): the module's operations in order, each with the value it gives for images of one size."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor, fx, nn

from worker.importing.load import told
from worker.importing.refusal import NotImportable

BATCH = 3
"""Images that run through: a number that hides in no ordinary size."""
SIDES = {1: (28, 32, 64), 3: (224, 32, 227, 299, 64, 96, 128)}
"""Sizes that are tried where none is given, by channels."""


class Traced(NamedTuple):
    """What the module does."""

    graph: fx.Graph
    module: nn.Module
    values: dict[fx.Node, Any]
    """What each operation gives; tensors have shapes and no data."""
    shape: tuple[int, int, int]
    """Of the image: channels, height, width."""
    guessed: bool
    """Nobody said the size."""


class _Alone(nn.Module):
    """Calls the module with images alone, so that its other arguments keep their defaults."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Any:
        return self.network(images)


def traced(module: nn.Module, shape: tuple[int, int, int] | None = None) -> Traced:
    """Trace the module as it works in evaluation; its weights are let go. Raises NotImportable."""
    alone = _Alone(module.eval()).eval()
    graph = _graph(alone)
    hollow = fx.GraphModule(alone.to("meta"), graph)
    shapes = [shape] if shape else list(_likely(module))
    failure: Exception | None = None
    for each in shapes:
        try:
            recorder = _Recorder(hollow)
            recorder.run(torch.zeros(BATCH, *each, device="meta"))
            return Traced(graph, alone, recorder.values, each, shape is None)
        except Exception as error:  # any layer may refuse a size, each in its own way
            failure = failure or error
    sizes = ", ".join("×".join(map(str, each)) for each in shapes)
    assert failure is not None
    raise NotImportable(
        f"Images of {sizes} do not go through: {told(failure)} Say which do: --input"
        f" {'x'.join(map(str, shapes[0]))}, channels first."
    ) from failure


def _graph(alone: _Alone) -> fx.Graph:
    name = type(alone.network).__name__
    parameters = list(inspect.signature(alone.network.forward).parameters.values())
    needed = [each for each in parameters if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD]
    if not parameters or len(needed) > 1:
        takes = ", ".join(each.name for each in parameters) or "nothing"
        raise NotImportable(f"The forward of {name} takes {takes}; a network here takes one batch of images.")
    try:
        return fx.Tracer().trace(alone)
    except Exception as error:  # torch.fx stops in many ways at what it cannot follow
        raise NotImportable(
            f"The forward of {name} cannot be followed: {told(error)} What it does may depend on constants, but not on"
            " values or sizes of its input; write it without if, for and while over them."
        ) from error


def _likely(module: nn.Module) -> Iterator[tuple[int, int, int]]:
    first = next((each for each in module.modules() if isinstance(each, (nn.Conv2d, nn.Linear))), None)
    channels = first.in_channels if isinstance(first, nn.Conv2d) else 1
    for side in SIDES.get(channels, SIDES[3]):
        yield channels, side, side


class _Recorder(fx.Interpreter):
    """Runs the graph and keeps what each operation gives."""

    def __init__(self, module: fx.GraphModule) -> None:
        super().__init__(module)
        self.values: dict[fx.Node, Any] = {}
        self.extra_traceback = False

    def run_node(self, n: fx.Node) -> Any:
        result = super().run_node(n)
        self.values[n] = result
        return result


def is_image(value: Any) -> bool:
    """Whether it is a tensor with one entry for each image."""
    return isinstance(value, Tensor) and value.dim() >= 1 and value.shape[0] == BATCH
