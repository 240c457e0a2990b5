"""Changes to a document leave the old one as it is and put new blocks where one would look for them."""

from __future__ import annotations

import copy
from typing import Any

from playground import fixes
from playground.network import read_network

LINE: dict[str, Any] = {
    "format": 1,
    "name": "Line",
    "nodes": [
        {"id": "i", "block": "input", "position": {"x": 0, "y": 40}},
        {"id": "d", "block": "dense", "params": {"units": 4}, "position": {"x": 150, "y": 40}},
        {"id": "o", "block": "output", "position": {"x": 300, "y": 40}},
    ],
    "edges": [{"source": "i", "target": "d"}, {"source": "d", "target": "o"}],
}


def places(document: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {node["id"]: (node["position"]["x"], node["position"]["y"]) for node in document["nodes"]}


def wires(document: dict[str, Any]) -> set[str]:
    return {f"{edge['source']}>{edge['target']}" for edge in document["edges"]}


def test_nothing_changes_the_old_document() -> None:
    before = copy.deepcopy(LINE)
    fixes.set_params(LINE, "d", {"units": 5})
    fixes.drop_param(LINE, "d", "units")
    fixes.replace(LINE, "d", "relu", {})
    fixes.insert_before(LINE, "d", "flatten", {})
    fixes.bypass(LINE, "d")
    fixes.bypass_links(LINE, {"d"})
    fixes.move_behind(LINE, "i", "d")
    fixes.change_each(LINE, {"d": {"params": {}}})
    fixes.insert_before_each(LINE, ["d"], "relu")
    fixes.remove(LINE, "d")
    fixes.add_output(LINE, ["d"])
    assert before == LINE


def test_an_inserted_block_takes_the_place_and_the_rest_moves_on() -> None:
    changed = fixes.insert_before(LINE, "d", "flatten", {})
    assert wires(changed) == {"i>flatten", "flatten>d", "d>o"}
    assert places(changed) == {"i": (0, 40), "flatten": (150, 40), "d": (300, 40), "o": (450, 40)}
    again = fixes.insert_before(changed, "d", "flatten", {})
    assert [node["id"] for node in again["nodes"]] == ["i", "flatten", "flatten_2", "d", "o"]
    assert read_network(again)


def test_an_inserted_block_belongs_to_the_stage_of_the_one_it_is_for() -> None:
    line = fixes.change_each(LINE, {"d": {"stage": "Head"}})
    for changed in (fixes.insert_before(line, "d", "flatten", {}), fixes.insert_before_each(line, ["d"], "flatten")):
        assert [node.get("stage") for node in changed["nodes"]] == [None, "Head", "Head", None]
    moved = fixes.move_behind(fixes.insert_before(LINE, "d", "dropout", {}), "dropout", "d")
    assert all("stage" not in node for node in moved["nodes"])
    staged = fixes.change_each(fixes.insert_before(LINE, "d", "dropout", {}), {"d": {"stage": "Head"}})
    moved = fixes.move_behind(staged, "dropout", "d")
    assert moved["nodes"][2]["stage"] == "Head"


def test_blocks_inserted_together_stand_as_if_one_after_the_other() -> None:
    one = fixes.insert_before(LINE, "d", "batch_norm", {})
    two = fixes.insert_before(one, "o", "batch_norm", {})
    both = fixes.insert_before_each(LINE, ["d", "o"], "batch_norm")
    assert places(both) == places(two)
    assert wires(both) == wires(two)
    assert [node["id"] for node in both["nodes"]] == [node["id"] for node in two["nodes"]]
    assert read_network(both)


def test_settings_are_changed_and_dropped() -> None:
    assert fixes.set_params(LINE, "d", {"bias": False})["nodes"][1]["params"] == {"units": 4, "bias": False}
    assert fixes.drop_param(LINE, "d", "units")["nodes"][1]["params"] == {}


def test_a_bypassed_block_leaves_its_neighbours_wired() -> None:
    assert wires(fixes.bypass(LINE, "d")) == {"i>o"}
    assert wires(fixes.remove(LINE, "d")) == set()


def test_ends_stand_beside_what_they_join() -> None:
    bare = fixes.remove(LINE, "o")
    assert places(fixes.add_output(bare, ["d"]))["output"] == (300, 40)
    assert places(fixes.add_input(fixes.remove(LINE, "i"), ["d"]))["input"] == (0, 40)


def test_documents_leave_defaults_out() -> None:
    assert fixes.document(read_network(LINE)) == LINE


def test_a_block_moves_behind_another_and_takes_its_wires_along() -> None:
    line = fixes.insert_before(LINE, "d", "dropout", {})
    changed = fixes.move_behind(line, "dropout", "d")
    assert wires(changed) == {"i>d", "d>dropout", "dropout>o"}
    assert [node["id"] for node in changed["nodes"]] == ["i", "d", "dropout", "o"]
    assert places(changed)["d"] < places(changed)["dropout"] < places(changed)["o"]
    assert read_network(changed)


def test_links_of_a_chain_are_taken_out_together() -> None:
    line = fixes.insert_before(fixes.insert_before(LINE, "d", "relu", {}), "d", "dropout", {})
    changed = fixes.bypass_links(line, {"relu", "dropout"})
    assert wires(changed) == wires(LINE)
    assert read_network(changed)
