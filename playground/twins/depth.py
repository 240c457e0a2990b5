"""Twice as deep: each layer a second time, behind the first."""

from __future__ import annotations

from typing import Any

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.blocks.dense import Dense
from playground.fixes import Document
from playground.shapes import both
from playground.twins.registry import Original, Variant, twin
from playground.walk import Walked
from playground.words import counted

AGAIN = {"residual_basic", "residual_bottleneck", "inception", "inception_naive"}
"""Composite blocks that can stand behind themselves."""


@twin(
    "depth",
    title="Twice as deep",
    asks="Do more layers help, or do they get in each other's way?",
    lecture=("L22", "L36"),
)
def doubled(original: Original) -> list[Variant]:
    """A copy behind every layer that an activation follows, and behind every inception and residual block."""
    walked = original.walked
    document, count = walked.document, 0
    for node in walked.wiring.order:
        unit = _unit(walked, node)
        if unit:
            document, count = _again(document, walked, unit), count + 1
    if not count:
        return []
    what = counted(count, "layer or block is", "layers and blocks are")
    says = f"{what} there a second time, behind the first and keeping its size."
    return [Variant("double", "Each layer twice", "twice as deep", says, document)]


def _unit(walked: Walked, node: str) -> list[str]:
    """A block that can be there twice, with the batch norm and the activation that follow it alone; or nothing."""
    if node not in walked.measures:
        return []
    block = walked.measures[node].block
    if block.kind in AGAIN:
        return [node]
    if not isinstance(block, Conv2d | Dense):
        return []
    unit = [node]
    after = _next(walked, node)
    if after is not None and walked.nodes[after].block == "batch_norm":
        unit.append(after)
        after = _next(walked, after)
    if after is None or walked.measures[after].block.family != "activation":
        return []
    bent = walked.nodes[after].block not in {"softmax", "linear_activation"}
    return [*unit, after] if bent and _next(walked, after) is not None else []


def _next(walked: Walked, node: str) -> str | None:
    after = walked.wiring.outputs[node]
    return after[0] if len(after) == 1 and after[0] in walked.measures else None


def _again(document: Document, walked: Walked, unit: list[str]) -> Document:
    end = unit[-1]
    for node in unit:
        taken = {each["id"] for each in document["nodes"]}
        document = fixes.insert_after(document, end, walked.nodes[node].block, _settings(walked, node))
        end = next(each["id"] for each in document["nodes"] if each["id"] not in taken)
        stage = walked.nodes[node].stage
        document = fixes.change_each(document, {end: {"stage": stage}}) if stage else document
    return document


def _settings(walked: Walked, node: str) -> dict[str, Any]:
    """Of the copy: as the first, but leaving the size as it is."""
    params = dict(walked.nodes[node].params)
    block = walked.measures[node].block
    if isinstance(block, Conv2d):
        return {**params, "stride": 1, "padding": "same", "groups": _groups(block)}
    return {**params, "stride": 1} if both(getattr(block, "stride", 1)) != (1, 1) else params


def _groups(block: Conv2d) -> int:
    return block.groups if block.filters % block.groups == 0 else 1
