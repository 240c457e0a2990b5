"""Documents in one line, for tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playground.analysis import Analysis, Notice, analyse
from playground.network import Network, read_network

BlockOrSettings = str | tuple[str, dict[str, Any]]


def wired(wires: str, **blocks: BlockOrSettings) -> Network:
    """wired("i>c c>o", i="input", c=("conv2d", {"filters": 3}), o="output")"""
    nodes = []
    for name, block in blocks.items():
        kind, params = (block, {}) if isinstance(block, str) else block
        nodes.append({"id": name, "block": kind, "params": params})
    ends = [wire.split(">") for wire in wires.split()]
    return read_network({"nodes": nodes, "edges": [{"source": source, "target": target} for source, target in ends]})


def chain(**blocks: BlockOrSettings) -> Network:
    """The blocks one behind the other."""
    names = list(blocks)
    return wired(" ".join(f"{a}>{b}" for a, b in pairwise(names)), **blocks)


def image(channels: int, height: int, width: int | None = None) -> BlockOrSettings:
    """An input block of that size."""
    return ("input", {"channels": channels, "height": height, "width": height if width is None else width})


def errors(network: Network, classes: int | None = None) -> list[Notice]:
    """Notices of level error."""
    return [notice for notice in analyse(network, classes).notices if notice.level == "error"]


def texts(network: Network, classes: int | None = None) -> list[tuple[str, str | None, str]]:
    """(id, block, message and hint) of every error."""
    return [(each.id, each.node, f"{each.message} {each.hint}") for each in errors(network, classes)]


def shape(analysis: Analysis, node: str) -> list[int] | None:
    """Output shape of a block."""
    return analysis.nodes[node].shape
