"""What an analysis answers: the records that the page, the command line and the worker read."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

_FROZEN = ConfigDict(frozen=True, defer_build=True)


class ReceptiveField(BaseModel):
    """The patch of the image that one output value sees, (vertical, horizontal) in pixels (Araujo et al., 2019)."""

    model_config = _FROZEN
    size: tuple[int, int]
    stride: tuple[int, int]
    offset: tuple[float, float]
    """Centre of the first output's field, in pixels from the centre of the image's first pixel."""


class Fix(BaseModel):
    """A way out that the page offers as one press."""

    model_config = _FROZEN
    label: str
    """What the press does: "Insert flatten"."""
    network: dict[str, Any] | None = None
    """The whole changed document, of the first few notices; `fixed` makes that of the others when it is wanted."""


class Notice(BaseModel):
    """A finding about the design, as a value. Error: cannot train. Warning: unwise. Advice: could be better."""

    model_config = _FROZEN
    level: Literal["error", "warning", "advice"]
    id: str
    """Stable name such as wiring.E003."""
    node: str | None
    message: str
    hint: str
    fix: Fix | None = None


class InnerNode(BaseModel):
    """One primitive inside a composite block; `id` is "owner/name"."""

    model_config = _FROZEN
    id: str
    block: str
    label: str
    params: dict[str, Any]
    inputs: list[str]
    """Ids of inner nodes of the same owner, or "in"."""
    shape: list[int] | None
    parameters: int
    macs: int
    receptive_field: ReceptiveField | None
    activation_bytes: int


class NodeAnalysis(BaseModel):
    """What the page shows of one block. Shapes are [channels, height, width] or [units] for one image."""

    model_config = _FROZEN
    block: str
    label: str
    """The user's name for it, else the default: "Conv 3×3"."""
    inputs: list[list[int]]
    shape: list[int] | None
    """None where an error before or on the block leaves it unknown."""
    parameters: int
    macs: int
    receptive_field: ReceptiveField | None
    activation_bytes: int
    """float32 output for one image."""
    formulas: dict[str, str] = {}
    inside: list[InnerNode] | None = None
    """For composite blocks that were asked to open."""


class Totals(BaseModel):
    """Sums over the network for one image; depth counts layers with weights on the longest path."""

    model_config = _FROZEN
    parameters: int
    macs: int
    activation_bytes: int
    depth: int


class Analysis(BaseModel):
    """The whole answer to one edit."""

    model_config = _FROZEN
    nodes: dict[str, NodeAnalysis]
    order: list[str]
    """Ids from the input on, each after what it depends on; blocks in a cycle come last."""
    totals: Totals
    notices: list[Notice]
    trainable: bool
    """No notice of level error."""
