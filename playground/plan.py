"""plan(network): the network as a flat list of primitives in order, which the worker builds and the exporter prints."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from playground.blocks.base import Layer


class PlanStep(BaseModel):
    """One primitive. Composite blocks have been opened: their steps are named "owner/name"."""

    model_config = ConfigDict(frozen=True)
    id: str
    owner: str
    """The node of the document it belongs to; equal to id for a primitive block."""
    block: str
    label: str
    """Unique in the plan: "Conv 3×3", "Residual 2 · Conv 3×3 a"."""
    inputs: tuple[str, ...]
    layer: Layer | None
    """None for input and output, which only hand their value on."""
    input_shapes: tuple[tuple[int, ...], ...]
    shape: tuple[int, ...]
    parameters: int
    macs: int
    params: dict[str, Any]


class Plan(BaseModel):
    """A network that can train, in topological order; the first step is the input, the last the output."""

    model_config = ConfigDict(frozen=True)
    steps: tuple[PlanStep, ...]


class NotTrainable(ValueError):
    """The network has notices of level error; the message joins them."""
