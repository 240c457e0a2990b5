"""A network of the user's as one block; what is wrong inside is told with the inner block's name."""

from __future__ import annotations

from typing import Any

import pytest

from playground.settings import make_block
from playground.shapes import ShapeError

RELU = {"id": "a", "block": "relu"}


def inside(nodes: list[dict[str, Any]], wires: str) -> dict[str, Any]:
    ends = [wire.split(">") for wire in wires.split()]
    return {"nodes": nodes, "edges": [{"source": source, "target": target} for source, target in ends]}


def group(nodes: list[dict[str, Any]], wires: str) -> Any:
    return make_block("group", {"name": "Stem", "network": inside(nodes, wires)})


def test_a_group_does_what_is_inside() -> None:
    conv = {"id": "c", "block": "conv2d", "params": {"filters": 8, "padding": "same"}}
    side = {"id": "s", "block": "conv2d", "params": {"filters": 8, "kernel_size": 1}}
    block = group([{"id": "j", "block": "add"}, conv, side, RELU], "in>c in>s c>j s>j j>a a>out")
    assert block.shape((3, 6, 6)) == (8, 6, 6)
    assert block.parameters((3, 6, 6)) == 3 * 3 * 3 * 8 + 8 + 3 * 8 + 8
    assert block.default_label() == "Stem"
    assert [step.name for step in block.expand((3, 6, 6))] == ["c", "s", "j", "a"]


@pytest.mark.parametrize(
    ("nodes", "wires", "id", "message"),
    [
        ([], "", "group.E002", "Stem is empty."),
        ([RELU, {"id": "b", "block": "tanh"}], "in>a a>b b>a b>out", "group.E003",
         "The wires inside Stem run in a circle: b → a → b."),
        ([RELU], "in>a", "group.E004", 'Stem needs one wire to its "out", but has 0.'),
        ([RELU, {"id": "b", "block": "tanh"}], "in>a in>b a>out b>out", "group.E004",
         'Stem needs one wire to its "out", but has 2.'),
        ([RELU, {"id": "b", "block": "add"}], "a>b in>b b>out", "group.E005", "Inside Stem, 'a' gets no input."),
        ([RELU, {"id": "b", "block": "tanh"}], "in>a in>b b>out", "group.E006", "Inside Stem, 'a' leads nowhere."),
        ([RELU, {"id": "b", "block": "dense"}], "in>a a>b b>out", "group.E008",
         "Inside Stem, at 'b': Dense 10 takes a vector, but gets 3 channels of 6×6."),
        ([{"id": "a", "block": "conv2d", "params": {"filters": 0}}], "in>a a>out", "group.E008",
         "Inside Stem, at 'a': Channels out of Conv is 0."),
        ([{"id": "a", "block": "magic"}], "in>a a>out", "group.E008",
         "Inside Stem, at 'a': There is no block named 'magic'."),
        ([{"id": "a", "block": "input"}], "in>a a>out", "group.E009",
         "Inside Stem, 'a' is an end of a whole network."),
        ([{"id": "a", "block": "output"}], "in>a a>out", "group.E009",
         "Inside Stem, 'a' is an end of a whole network."),
    ],
)  # fmt: skip
def test_faults_inside(nodes: list[dict[str, Any]], wires: str, id: str, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        group(nodes, wires).shape((3, 6, 6))
    assert (caught.value.id, caught.value.message) == (id, message)


def test_an_inside_that_is_no_network() -> None:
    with pytest.raises(ShapeError, match=r"cannot be read: network.nodes: Input should be a valid list"):
        make_block("group", {"network": {"nodes": 3}}).shape((3, 6, 6))
