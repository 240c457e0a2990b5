"""Two documents are the same network when they compute the same, whatever is there for the drawing alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from playground.network import Edge, Network, Node
from playground.plan import plan
from playground.sameness import signature


def chain(*blocks: tuple[str, dict[str, object]]) -> Network:
    size = {"channels": 3, "height": 1, "width": 1}
    ends = [("input", size), *blocks, ("flatten", {}), ("dense", {"units": 4}), ("output", {})]
    nodes = [Node(id=f"n{place}", block=block, params=params) for place, (block, params) in enumerate(ends)]
    edges = [Edge(source=one.id, target=two.id) for one, two in pairwise(nodes)]
    return Network(name="Chain", nodes=nodes, edges=edges)


def found(*blocks: tuple[str, dict[str, object]]) -> str:
    return signature(plan(chain(*blocks)))


@pytest.mark.parametrize("block", [("pad_shortcut", {"channels": 3}), ("global_avg_pool", {})])
def test_a_block_that_changes_neither_shape_nor_values_is_not_counted(block: tuple[str, dict[str, object]]) -> None:
    assert found(block) == found()


def test_a_block_that_changes_the_shape_or_the_values_is_counted() -> None:
    names = [found(), found(("pad_shortcut", {"channels": 5})), found(("relu", {})), found(("tanh", {}))]
    assert len(set(names)) == len(names)
