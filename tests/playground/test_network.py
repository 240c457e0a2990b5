"""Documents are read or refused with the path of what is wrong; nothing else ever happens."""

from __future__ import annotations

import json
import time
import tracemalloc
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground import upgrades
from playground.analysis import analyse
from playground.fixes import document
from playground.network import DocumentError, Network, load_network, read_network
from playground.plan import NotTrainable, plan
from playground.zoo import ZOO

NODE = {"id": "i", "block": "input"}


def refusal(data: object) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        read_network(data)
    return caught.value.path, caught.value.message


def with_node(**changes: Any) -> dict[str, Any]:
    return {"nodes": [{**NODE, **changes}], "edges": []}


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("name", list(ZOO))
def test_what_is_written_is_read_again(name: str) -> None:
    network = ZOO[name].network
    assert read_network(json.loads(json.dumps(document(network)))) == network


REFUSED: list[tuple[object, str, str]] = [
    ([], "", "A network is an object with nodes and edges."),
    ({"nodes": [], "extra": 1}, "extra", "There is no such key. Remove it."),
    (with_node(colour="red"), "nodes[0].colour", "There is no such key. Remove it."),
    ({"nodes": [{"id": "i"}]}, "nodes[0].block", "This key is missing. Add it."),
    (with_node(id="a b"), "nodes[0].id", "Use letters, digits, '_', '-' and '.' only."),
    (with_node(id=""), "nodes[0].id", "String should have at least 1 character."),
    (with_node(id=7), "nodes[0].id", "Input should be a valid string."),
    (with_node(position={"x": "1"}), "nodes[0].position.x", "Input should be a valid number."),
    (with_node(position={"x": 1e9}), "nodes[0].position.x", "Input should be less than or equal to 1000000."),
    (with_node(position={"x": float("nan")}), "nodes[0].position.x", "nan is not a number that can be used."
     " Use a finite number."),
    (with_node(params={"depth": 3}), "nodes[0].params.depth", "'input' has no setting of that name."
     " It has: channels, height, width."),
    (with_node(params=[]), "nodes[0].params", "Input should be a valid dictionary."),
    ({"nodes": [NODE, NODE]}, "nodes[1].id", "The id 'i' is already that of nodes[0]."),
    ({"nodes": [NODE], "edges": [{"source": "i", "target": "x"}]}, "edges[0].target",
     "There is no block with the id 'x'."),
    ({"nodes": [NODE], "edges": [{"source": "x", "target": "i"}]}, "edges[0].source",
     "There is no block with the id 'x'."),
    ({"format": 9}, "format", "The document has format 9, written by a newer playground; this one reads up to 1."
     " Update the playground."),
    ({"format": 0}, "format", "There is no such format; the newest is 1."),
    ({"format": "1"}, "format", "There is no such format; the newest is 1."),
    ({"format": True}, "format", "There is no such format; the newest is 1."),
    ({"name": "x" * 1_000_000}, "name", "A text of 1,000,000 characters. Use at most 10,000."),
    ({"name": "x" * 200}, "name", "String should have at most 120 characters."),
    ({"name": "\ud800"}, "name", "Holds half of a surrogate pair, which is no character. Remove it."),
    (with_node(params={"channels": 10**400}), "nodes[0].params.channels", "A number beyond 2^53. Use a smaller one."),
    (with_node(params={"channels": b"x"}), "nodes[0].params.channels", "Holds a bytes, which JSON does not have."),
    ({"nodes": [{**NODE, "id": f"n{i}"} for i in range(2000)]}, "nodes",
     "List should have at most 1024 items after validation, not 2000."),
    ({"nodes": [1] * 10_000}, "nodes", "Holds 10,000 values; at most 8,192 can be read."),
    ({"nodes": [1] * 100_000}, "", "The document holds more than 60,000 values. Split the network."),
    ({1: 2}, "", "Has a key that is not a text."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "path", "message"), REFUSED, ids=range(len(REFUSED)))
def test_refusals_have_path_and_message(data: object, path: str, message: str) -> None:
    assert refusal(data) == (path, message)


def test_deep_nesting_is_refused() -> None:
    path, message = refusal(with_node(params={"channels": deep(10_000)}))
    assert path.startswith("nodes[0].params.channels[0][0]")
    assert message == "Nested more than 32 levels deep. Flatten it."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "This is not JSON: Expecting property name enclosed in double quotes in line 1, column 2."),
        ("[" * 100_000, "The document is nested too deeply. Flatten it."),
        (b"\xff\xfe{", "This is not text in UTF-8. Save the file as JSON in UTF-8."),
        ('{"format": ' + "9" * 5000 + "}", "A number has too many digits. Use a smaller one."),
        (" " * 5_000_000, "The document is 5,000,000 bytes long; at most 4,194,304 can be read."),
        ('{"nodes": NaN}', "nan is not a number that can be used. Use a finite number."),
    ],
)
def test_text_that_is_no_document(text: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load_network(text)
    assert caught.value.message == message


def test_ids_and_wires_inside_a_group_have_their_path() -> None:
    inside = {"nodes": [{"id": "c", "block": "conv2d", "params": {"filter": 3}}], "edges": []}
    data = {"nodes": [{"id": "g", "block": "group", "params": {"network": inside}}]}
    assert refusal(data)[0] == "nodes[0].params.network.nodes[0].params.filter"
    inside["nodes"] = [{"id": "in", "block": "relu"}]
    assert refusal(data) == (
        "nodes[0].params.network.nodes[0].id",
        "The id 'in' stands for the group's own ends. Use another.",
    )
    inside["nodes"], inside["edges"] = [], [{"source": "in", "target": "nobody"}]
    assert refusal(data)[0] == "nodes[0].params.network.edges[0].target"


def test_old_formats_go_through_each_upgrade_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        return {"name": old["title"], "nodes": old["blocks"]}

    monkeypatch.setitem(upgrades.UPGRADES, 0, renamed)
    old = {"format": 0, "title": "Old", "blocks": [NODE]}
    assert read_network(old) == Network(name="Old", nodes=read_network({"nodes": [NODE]}).nodes)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["conv2d", "input", "output", "group", "in", "out", "same", "i", 2**63, -1, 1e308])
)  # fmt: skip
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
SEEDS = ["lenet-5", "resnet-8", "small-inception", "empty"]


@st.composite
def mutated(draw: st.DrawFn) -> object:
    """A document of the zoo with up to five values changed, removed or moved."""
    data: Any = json.loads(json.dumps(document(ZOO[draw(st.sampled_from(SEEDS))].network)))
    for _ in range(draw(st.integers(1, 5))):
        place, key = data, None
        while isinstance(place, (dict, list)) and place:
            holder = place
            key = draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
            place = holder[key]
            if draw(st.integers(0, 3)) == 0:
                break
        if key is None:
            continue
        match draw(st.integers(0, 3)):
            case 0:
                holder[key] = draw(anything)
            case 1:
                del holder[key]
            case 2 if isinstance(holder, list):
                holder.append(holder[draw(st.integers(0, len(holder) - 1))])
            case _:
                if isinstance(holder, dict):
                    holder[draw(st.sampled_from(["filters", "kernel_size", "network", "x", "block"]))] = draw(anything)
    return data


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything | mutated())
def test_any_document_is_read_or_refused_and_what_is_read_is_analysed(data: object) -> None:
    try:
        network = read_network(data)
    except DocumentError as error:
        assert error.message
        return
    analysis = analyse(network, classes=10, open=[node.id for node in network.nodes])
    assert json.loads(analysis.model_dump_json())
    assert list(analysis.nodes) == [node.id for node in network.nodes]
    assert sorted(analysis.order) == sorted(analysis.nodes)
    for notice in analysis.notices:
        if notice.fix:
            assert read_network(notice.fix.network)
    if analysis.trainable:
        assert plan(network, 10).steps[-1].shape == (10,)
    else:
        with pytest.raises(NotTrainable):
            plan(network, 10)


def star(kind: str, count: int) -> dict[str, Any]:
    nodes = [{"id": f"n{index}", "block": kind} for index in range(count)]
    edges = [{"source": f"n{index % count}", "target": f"n{(index * 7 + 1) % count}"} for index in range(4 * count)]
    return {"nodes": nodes, "edges": edges}


HUGE = {
    "numbers": with_node(params={"channels": 2**50, "height": 2**50, "width": 2**50}),
    "loops": star("add", 1024),
    "groups": star("group", 1024),
    "inceptions": star("inception", 1024),
    "text": {"name": "x" * 1_000_000},
    "deep": with_node(params={"channels": deep(50_000)}),
    "many": {"nodes": [NODE] * 50_000},
}


@pytest.mark.parametrize("name", HUGE)
def test_hostile_documents_are_answered_at_once_and_without_memory(name: str) -> None:
    def answer() -> None:
        with suppress(DocumentError):
            analyse(read_network(HUGE[name]), classes=10)

    def seconds() -> float:
        start = time.process_time()
        answer()
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.15
    tracemalloc.start()
    answer()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32_000_000
