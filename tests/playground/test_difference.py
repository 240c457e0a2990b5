"""Differences: nothing between equals, and what is told makes one network of the other."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import fixes
from playground.difference import _settings, applied, difference, in_words, recipe_changes, summary
from playground.difference_drawn import drawn
from playground.network import Network, read_network
from playground.recipe import Recipe
from playground.walk import walk
from playground.zoo import ZOO
from tests.networks import documents


def essence(network: Network) -> tuple[Any, Any]:
    """What applying must give: blocks with all their settings, and the inputs of each in order."""
    blocks = {node.id: (node.block, node.label, node.stage, _settings(node)) for node in network.nodes}
    inputs: dict[str, list[str]] = {node.id: [] for node in network.nodes}
    for edge in network.edges:
        inputs[edge.target].append(edge.source)
    return blocks, inputs


def chain(*blocks: tuple[str, str, dict[str, Any]]) -> Network:
    nodes = [{"id": id, "block": kind, "params": params} for id, kind, params in blocks]
    pairs = itertools.pairwise(nodes)
    return read_network({"nodes": nodes, "edges": [{"source": a["id"], "target": b["id"]} for a, b in pairs]})


INPUT = ("input", "input", {"channels": 1, "height": 8, "width": 8})
OUTPUT = ("output", "output", {})


@settings(max_examples=60, deadline=None)
@given(made=documents())
def test_a_network_does_not_differ_from_itself(made: dict[str, Any]) -> None:
    network = read_network(made)
    change = difference(network, network)
    assert change.empty and in_words(change) == "No change"
    assert essence(applied(network, change)) == essence(network)
    assert {block.mark for block in drawn(network, network, change).blocks} == {"same"}


@settings(max_examples=100, deadline=None)
@given(one=documents(), other=documents())
def test_applying_a_difference_gives_the_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = read_network(one), read_network(other)
    assert essence(applied(before, difference(before, after))) == essence(after)


@settings(max_examples=60, deadline=None)
@given(made=documents(), data=st.data())
def test_one_edit_is_one_difference(made: dict[str, Any], data: st.DataObject) -> None:
    before = read_network(made)
    node = data.draw(st.sampled_from([each.id for each in before.nodes if each.block not in {"input", "output"}]))
    after = read_network(fixes.insert_after(walk(before).document, node, "relu", {}))
    change = difference(before, after)
    assert (len(change.added), len(change.removed), change.changed) == (1, 0, [])
    marks = [wire.mark for wire in drawn(before, after, change).wires]
    assert "removed" not in marks, "wires that only close the gap are not drawn"
    back = difference(after, before)
    assert (len(back.added), len(back.removed)) == (0, 1)


def test_changed_settings_are_told_with_their_words() -> None:
    before = chain(INPUT, ("c", "conv2d", {"filters": 6, "kernel_size": 5}), ("a", "relu", {}), OUTPUT)
    after = chain(INPUT, ("c", "conv2d", {"filters": 8, "kernel_size": [5, 5]}), ("a", "leaky_relu", {}), OUTPUT)
    conv, activation = difference(before, after).changed
    assert [(each.name, each.before_words, each.after_words) for each in conv.changes] == [("filters", "6", "8")]
    assert (activation.changes[0].before_words, activation.changes[0].after_words) == ("ReLU", "Leaky ReLU")


def test_other_ids_are_matched_by_what_the_blocks_are() -> None:
    before = chain(INPUT, ("c", "conv2d", {}), ("a", "relu", {}), ("d", "conv2d", {"filters": 9}), OUTPUT)
    after = chain(INPUT, ("x", "conv2d", {}), ("y", "relu", {}), ("z", "conv2d", {"filters": 7}), OUTPUT)
    change = difference(before, after)
    assert {match.before: match.after for match in change.matches} == {
        "input": "input", "c": "x", "a": "y", "d": "z", "output": "output",
    }  # fmt: skip
    assert [match.after for match in change.changed] == ["z"] and not change.wires_added


def test_an_id_of_another_family_is_another_block() -> None:
    change = difference(chain(INPUT, ("n", "conv2d", {}), OUTPUT), chain(INPUT, ("n", "max_pool", {}), OUTPUT))
    assert ([each.id for each in change.added], [each.id for each in change.removed]) == (["n"], ["n"])
    both = drawn(chain(INPUT, ("n", "conv2d", {}), OUTPUT), chain(INPUT, ("n", "max_pool", {}), OUTPUT), change)
    assert {(block.id, block.mark) for block in both.blocks if block.node == "n"} == {("n", "added"), ("n'", "removed")}


def test_inputs_of_a_concat_in_another_order_are_a_difference() -> None:
    def network(*order: str) -> Network:
        nodes = [
            {"id": "input", "block": "input"}, {"id": "a", "block": "relu"}, {"id": "b", "block": "tanh"},
            {"id": "join", "block": "concat"},
        ]  # fmt: skip
        edges = [{"source": "input", "target": "a"}, {"source": "input", "target": "b"}]
        return read_network(
            {"nodes": nodes, "edges": [*edges, *({"source": each, "target": "join"} for each in order)]}
        )

    before, after = network("a", "b"), network("b", "a")
    change = difference(before, after)
    assert not change.empty and in_words(change) == "Wires changed"
    assert essence(applied(before, change)) == essence(after)


def test_places_are_no_difference() -> None:
    before = chain(INPUT, OUTPUT)
    moved = before.model_copy(
        update={"nodes": [node.model_copy(update={"position": {"x": 1.0, "y": 2.0}}) for node in before.nodes]}
    )
    assert difference(before, moved).empty


@pytest.mark.parametrize(
    ("one", "other"), [("plain-8", "resnet-8"), ("resnet-34", "resnet-152"), ("vgg-16", "alexnet")]
)
def test_networks_of_the_zoo(one: str, other: str) -> None:
    before, after = ZOO[one].network, ZOO[other].network
    change = difference(before, after)
    assert essence(applied(before, change)) == essence(after)
    assert summary(change).endswith("the same")


def test_recipes_differ_in_their_settings() -> None:
    changes = recipe_changes(Recipe(), Recipe(learning_rate=0.01, optimiser="adam", nesterov=True))
    assert [(each.label, each.before_words, each.after_words) for each in changes] == [
        ("Optimiser", "SGD", "Adam"), ("Rate", "0.05", "0.01"), ("Nesterov", "off", "on"),
    ]  # fmt: skip
    assert recipe_changes(Recipe(), Recipe()) == []
    assert in_words(difference(chain(INPUT, OUTPUT), chain(INPUT, OUTPUT)), changes[:2]) == (
        "Optimiser SGD → Adam, rate 0.05 → 0.01"
    )


@pytest.mark.parametrize("own", ["own-" + "3f" * 16, "folder-pets"])
def test_somebodys_own_data_is_not_told_by_its_inner_name(own: str) -> None:
    (change,) = recipe_changes(Recipe(), Recipe(dataset=own))
    assert (change.before_words, change.after_words) == ("MNIST", "own data")
    assert change.after == own


def test_of_two_blocks_of_one_name_it_is_told_which_changed() -> None:
    def two(filters: int) -> Network:
        nodes = [
            {"id": "input", "block": "input"},
            {"id": "one", "block": "conv2d", "params": {"filters": 8, "kernel_size": 3}},
            {"id": "other", "block": "conv2d", "params": {"filters": filters, "kernel_size": 3}},
            {"id": "output", "block": "output"},
        ]
        edges = [{"source": a["id"], "target": b["id"]} for a, b in itertools.pairwise(nodes)]
        return read_network({"format": 1, "name": "Two", "nodes": nodes, "edges": edges})

    assert in_words(difference(two(8), two(16))) == "Conv 3×3 b changed"
