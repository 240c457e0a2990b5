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


class Cost(BaseModel):
    """What a whole network costs for one image, as its totals say, and how far its last image sees."""

    model_config = _FROZEN
    parameters: int
    macs: int
    receptive_field: tuple[int, int] | None
    """Of the last output that is still an image and not the mean of a whole one, (vertical, horizontal) in pixels."""


class Fix(BaseModel):
    """A way out that the page offers as one press."""

    model_config = _FROZEN
    label: str
    """What the press does: "Insert flatten"."""
    network: dict[str, Any] | None = None
    """The whole changed document, of the first few notices; `fixed` makes that of the others when it is wanted."""
    before: Cost | None = None
    """Of the network as it is; there where `network` is, and where what is wrong leaves it known."""
    after: Cost | None = None
    """Of the changed network."""


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
    weight_bytes: int = 0
    formulas: dict[str, str] = {}
    """As those of a block."""


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
    weight_bytes: int = 0
    """What it takes in the file of the weights: parameters and the running means and variances of batch norm, as
    float32. Left out: the count of batches (8 bytes for each batch norm) and the file's own table of names."""
    formulas: dict[str, str] = {}
    """How each number is made, values put in, by the number's name: shape, parameters, macs, activation_bytes,
    weight_bytes, receptive_field. Where it has no "=" the value of the formula is the number; a number that is 0 may
    have none. playground/formulas.py says how they are written."""
    inside: list[InnerNode] | None = None
    """For composite blocks that were asked to open."""


class Stage(BaseModel):
    """Sums over the blocks that carry one stage's name, for one image."""

    model_config = _FROZEN
    name: str
    nodes: list[str]
    """Ids in the order of the analysis."""
    shape: list[int] | None
    """Of the output of its last block that leads out of it."""
    parameters: int
    macs: int
    activation_bytes: int
    weight_bytes: int
    depth: int
    """Layers with weights on the longest path inside it."""
    formulas: dict[str, str] = {}
    """The terms of each sum, by name."""


class Totals(BaseModel):
    """Sums over the network for one image; depth counts layers with weights on the longest path."""

    model_config = _FROZEN
    parameters: int
    macs: int
    activation_bytes: int
    """All outputs, which training keeps until the backward pass has used them."""
    depth: int
    weight_bytes: int = 0
    """Size of the model: the file of its weights, as in NodeAnalysis."""
    inference_bytes: int = 0
    """The most that outputs take at once, as float32, while one image runs through the primitives in the plan's order
    and each output is let go after its last reader. The image counts, as the output of the input block; every
    primitive's output counts in full, also where a program could write over its input or hand the same values on
    (ReLU in place, flatten, the output block). Weights and a library's own workspace do not count."""
    training_bytes: int = 0
    """A training step with the recipe's batch, as float32: the outputs of all its images, which the backward pass
    needs, the weights, their gradients, and what the optimiser keeps for each parameter (momentum; running means of
    gradients and of their squares). Left out: gradients of outputs on their way back and a library's own workspace."""
    receptive_field: tuple[int, int] | None = None
    """What a value of the last image sees, before a flatten, global average or dense layer looks at all of it;
    (vertical, horizontal) in pixels. None where no block makes an image."""
    formulas: dict[str, str] = {}
    """How each of these is made, by name."""


class Analysis(BaseModel):
    """The whole answer to one edit."""

    model_config = _FROZEN
    nodes: dict[str, NodeAnalysis]
    order: list[str]
    """Ids from the input on, each after what it depends on; blocks in a cycle come last."""
    totals: Totals
    stages: list[Stage] = []
    """In the order of their first blocks; empty where no block carries a stage."""
    notices: list[Notice]
    trainable: bool
    """No notice of level error."""
