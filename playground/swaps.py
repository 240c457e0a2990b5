"""One activation in place of another, throughout a network; inside of composite blocks and groups too."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from playground import fixes
from playground.blocks.base import Block
from playground.fixes import Document
from playground.settings import SettingError, make_block
from playground.walk import Walked


def with_activation(walked: Walked, kinds: Collection[str], wanted: str) -> Document | None:
    """The document with `wanted` in place of every activation of these kinds; None where there is none."""
    document = walked.document
    for node, found in walked.measures.items():
        if found.block.kind in kinds:
            document = fixes.replace(document, node, wanted, {})
        else:
            params = _inside(found.block, kinds, wanted)
            document = fixes.set_params(document, node, params) if params else document
    return None if document is walked.document else document


def _inside(block: Block, kinds: Collection[str], wanted: str) -> dict[str, Any]:
    """The settings that change: of a block with an activation of its own, or of a group that has some inside."""
    if getattr(block, "activation", "") in kinds:
        return {"activation": wanted}
    if block.kind != "group":
        return {}
    inside: dict[str, Any] = block.network  # type: ignore[attr-defined]
    nodes = [_swapped(node, kinds, wanted) for node in inside["nodes"]]
    return {"network": {**inside, "nodes": nodes}} if nodes != inside["nodes"] else {}


def _swapped(node: dict[str, Any], kinds: Collection[str], wanted: str) -> dict[str, Any]:
    if node["block"] in kinds:
        kept = {key: value for key, value in node.items() if key not in {"params", "label"}}
        return {**kept, "block": wanted}
    try:
        params = _inside(make_block(node["block"], node.get("params", {})), kinds, wanted)
    except SettingError:
        return node
    return {**node, "params": {**node.get("params", {}), **params}} if params else node
