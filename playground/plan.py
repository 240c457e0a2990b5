"""plan(network): the network as a flat list of primitives in order, which the worker builds and the exporter prints."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from playground import receptive_field
from playground.analysis import analyse
from playground.blocks.base import Layer
from playground.labels import unique
from playground.measure import Part
from playground.network import Network
from playground.receptive_field import PIXEL, Field
from playground.settings import make_block
from playground.walk import Walked, walk


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
    auxiliary: bool = False
    """Only auxiliary outputs read it: it runs while training, and is thrown away for inference."""


class Plan(BaseModel):
    """A network that can train, in topological order; the first step is the input, the last the output."""

    model_config = ConfigDict(frozen=True)
    steps: tuple[PlanStep, ...]


class NotTrainable(ValueError):
    """The network has notices of level error; the message joins them."""


def plan(network: Network, classes: int | None = None) -> Plan:
    """The flat list of primitives. Raises NotTrainable where the network has notices of level error."""
    errors = [notice for notice in analyse(network, classes).notices if notice.level == "error"]
    if errors:
        raise NotTrainable(" ".join(f"{notice.message} {notice.hint}" for notice in errors[:10]))
    walked = walk(network)
    order = walked.run_order
    needed = walked.wiring.reachable(order[-1], forward=False)
    names = dict(zip(order, unique([walked.label(walked.nodes[node]) for node in order]), strict=True))
    steps: list[PlanStep] = []
    ends: dict[str, str] = {}
    """The step that holds each node's output."""
    for node in order:
        sources = tuple(ends[source] for source in walked.wiring.inputs[node])
        steps.extend(_steps(walked, node, names[node], sources, node not in needed))
        ends[node] = steps[-1].id
    return Plan(steps=tuple(steps))


def fields(layout: Plan) -> dict[str, Field]:
    """What each step's output sees of the image, by the step's id."""
    found: dict[str, Field] = {}
    for step in layout.steps:
        field = PIXEL
        if step.inputs:
            window = make_block(step.block, step.params).window(*step.input_shapes)
            field = receptive_field.union([found[name] for name in step.inputs], step.input_shapes[0])
            field = field.after(receptive_field.of_window(window, step.input_shapes[0]))
        found[step.id] = field
    return found


def _steps(walked: Walked, node: str, name: str, sources: tuple[str, ...], auxiliary: bool) -> list[PlanStep]:
    measure = walked.measures[node]
    if not measure.block.composite:
        return [_step(measure.parts[0], node, node, name, sources, auxiliary)]
    inner = unique([part.primitive.block.default_label() for part in measure.parts])
    return [
        _step(
            part,
            node,
            f"{node}/{part.primitive.name}",
            f"{name} · {label}",
            tuple(sources[0] if each == "in" else f"{node}/{each}" for each in part.primitive.inputs),
            auxiliary,
        )
        for part, label in zip(measure.parts, inner, strict=True)
    ]


def _step(part: Part, owner: str, id: str, label: str, inputs: tuple[str, ...], auxiliary: bool) -> PlanStep:
    block, shapes = part.primitive.block, part.primitive.input_shapes
    return PlanStep(
        id=id,
        owner=owner,
        block=block.kind,
        label=label,
        inputs=inputs,
        layer=None if block.family == "data" else block.torch(*shapes),
        input_shapes=shapes,
        shape=part.primitive.shape,
        parameters=part.parameters,
        macs=part.macs,
        params=block.model_dump(mode="json"),
        auxiliary=auxiliary,
    )
