"""Ways out, carried out on the document: each gives a whole changed document, the old one stays as it is.

Documents here are JSON-like data. What a change leaves alone is shared between the old document and the new one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from typing import Any

from playground.network import Network, Node

Document = dict[str, Any]
STEP = 150.0
"""Pixels between neighbouring blocks on the drawing."""


def document(network: Network) -> Document:
    """The document without what was left to its default."""
    return {
        "format": network.format,
        "name": network.name,
        "nodes": [_node(node) for node in network.nodes],
        "edges": [{"source": edge.source, "target": edge.target} for edge in network.edges],
    }


def _node(node: Node) -> dict[str, Any]:
    data: dict[str, Any] = {"id": node.id, "block": node.block}
    if node.label is not None:
        data["label"] = node.label
    if node.stage is not None:
        data["stage"] = node.stage
    if node.params:
        data["params"] = dict(node.params)
    if node.position is not None:
        data["position"] = {"x": node.position.x, "y": node.position.y}
    return data


def _changed(network: Document, id: str, change: dict[str, Any]) -> Document:
    nodes = [{**node, **change} if node["id"] == id else node for node in network["nodes"]]
    return {**network, "nodes": nodes}


def _params(network: Document, id: str) -> dict[str, Any]:
    return next((node.get("params", {}) for node in network["nodes"] if node["id"] == id), {})


def set_params(network: Document, id: str, values: dict[str, Any]) -> Document:
    """Some settings of one block changed."""
    return _changed(network, id, {"params": {**_params(network, id), **values}})


def drop_param(network: Document, id: str, name: str) -> Document:
    """One setting of a block back to its default."""
    kept = {key: value for key, value in _params(network, id).items() if key != name}
    return _changed(network, id, {"params": kept})


def replace(network: Document, id: str, kind: str, params: dict[str, Any]) -> Document:
    """Another block in the place of one."""
    return _changed(network, id, {"block": kind, "params": params, "label": None})


def insert_before(network: Document, target: str, kind: str, params: dict[str, Any]) -> Document:
    """A block in the place of `target` and in its stage, on every wire into it; `target` and what is behind move on."""
    name = free_id(network, kind)
    before: dict[str, Any] = next((node for node in network["nodes"] if node["id"] == target), {})
    at = before.get("position")
    nodes: list[dict[str, Any]] = []
    for node in network["nodes"]:
        if node["id"] == target:
            kept = {key: before[key] for key in ("stage", "position") if before.get(key)}
            nodes.append({"id": name, "block": kind, "params": params, **kept})
        nodes.append(_moved(node, target, at))
    edges = [{**edge, "target": name} if edge["target"] == target else edge for edge in network["edges"]]
    return {**network, "nodes": nodes, "edges": [*edges, {"source": name, "target": target}]}


def insert_after(network: Document, source: str, kind: str, params: dict[str, Any]) -> Document:
    """A block behind `source`, on every wire out of it; what stands to the right of `source` moves on."""
    name = free_id(network, kind)
    at = next((node.get("position") for node in network["nodes"] if node["id"] == source), None)
    place = {"x": at["x"] + STEP, "y": at["y"]} if at else None
    nodes: list[dict[str, Any]] = []
    for node in network["nodes"]:
        nodes.append(_moved(node, "", place))
        if node["id"] == source:
            nodes.append({"id": name, "block": kind, "params": params, **({"position": place} if place else {})})
    edges = [{**edge, "source": name} if edge["source"] == source else edge for edge in network["edges"]]
    return {**network, "nodes": nodes, "edges": [*edges, {"source": source, "target": name}]}


def _moved(node: dict[str, Any], target: str, at: dict[str, float] | None) -> dict[str, Any]:
    """To the right, if it is the target or stands at least as far right."""
    position = node.get("position")
    if at is None or position is None or (node["id"] != target and position["x"] < at["x"]):
        return node
    return {**node, "position": {"x": position["x"] + STEP, "y": position["y"]}}


def change_each(network: Document, changes: Mapping[str, Mapping[str, Any]]) -> Document:
    """Several blocks changed at once: what of each is another, by its id."""
    nodes = [{**node, **changes[node["id"]]} if node["id"] in changes else node for node in network["nodes"]]
    return {**network, "nodes": nodes}


def insert_before_each(network: Document, targets: Collection[str], kind: str) -> Document:
    """A block of a kind before each of several, each as `insert_before` puts it."""
    taken = {node["id"] for node in network["nodes"]}
    names: dict[str, str] = {}
    for number, target in enumerate(targets, start=1):
        name = kind if number == 1 and kind not in taken else f"{kind}_{number}"
        while name in taken:
            name += "_"
        names[target] = name
        taken.add(name)
    at = {node["id"]: node["position"] for node in network["nodes"] if node["id"] in names and node.get("position")}
    starts = sorted(position["x"] for position in at.values())
    nodes: list[dict[str, Any]] = []
    for node in network["nodes"]:
        if node.get("position"):
            x = node["position"]["x"]
            before = bisect_right(starts, x)
            node = {**node, "position": {**node["position"], "x": x + STEP * before}}
        if node["id"] in names:
            new = {"id": names[node["id"]], "block": kind, **({"stage": node["stage"]} if node.get("stage") else {})}
            if node.get("position"):
                new["position"] = {**node["position"], "x": node["position"]["x"] - STEP}
            nodes.append(new)
        nodes.append(node)
    edges = [
        {**edge, "target": names[edge["target"]]} if edge["target"] in names else edge for edge in network["edges"]
    ]
    wires = [{"source": name, "target": target} for target, name in names.items()]
    return {**network, "nodes": nodes, "edges": [*edges, *wires]}


def add_input(network: Document, targets: list[str]) -> Document:
    """An input block put before the blocks that have none."""
    return _with_end(network, "input", [], targets)


def add_output(network: Document, sources: list[str]) -> Document:
    """An output block put behind a block that leads nowhere."""
    return _with_end(network, "output", sources, [])


def _with_end(network: Document, kind: str, sources: list[str], targets: list[str]) -> Document:
    name = free_id(network, kind)
    beside = next((node.get("position") for node in network["nodes"] if node["id"] in {*sources, *targets}), None)
    new: dict[str, Any] = {"id": name, "block": kind}
    if beside:
        new["position"] = {"x": beside["x"] + (STEP if sources else -STEP), "y": beside["y"]}
    wires = [
        *({"source": source, "target": name} for source in sources),
        *({"source": name, "target": target} for target in targets),
    ]
    return {**network, "nodes": [*network["nodes"], new], "edges": [*network["edges"], *wires]}


def remove(network: Document, id: str) -> Document:
    """A block and its wires taken away."""
    nodes = [node for node in network["nodes"] if node["id"] != id]
    edges = [edge for edge in network["edges"] if id not in {edge["source"], edge["target"]}]
    return {**network, "nodes": nodes, "edges": edges}


def bypass(network: Document, id: str) -> Document:
    """A block taken out; what fed it feeds what it fed."""
    sources = [edge["source"] for edge in network["edges"] if edge["target"] == id]
    edges: list[dict[str, str]] = []
    for edge in network["edges"]:
        if edge["source"] == id:
            edges.extend({"source": source, "target": edge["target"]} for source in sources)
        elif edge["target"] != id:
            edges.append(edge)
    nodes = [node for node in network["nodes"] if node["id"] != id]
    return {**network, "nodes": nodes, "edges": edges}


def bypass_links(network: Document, ids: Collection[str]) -> Document:
    """Many blocks taken out at once, each fed by one wire; what fed the first of a chain feeds what the last fed."""
    feeds = {edge["target"]: edge["source"] for edge in network["edges"] if edge["target"] in ids}
    edges = []
    for edge in network["edges"]:
        if edge["target"] not in ids:
            source = edge["source"]
            while source in ids:
                source = feeds[source]
            edges.append({"source": source, "target": edge["target"]})
    return {**network, "nodes": [node for node in network["nodes"] if node["id"] not in ids], "edges": edges}


def move_behind(network: Document, id: str, target: str) -> Document:
    """A block taken out where it is and put behind `target` and into its stage, on every wire out of it."""
    node = next(each for each in network["nodes"] if each["id"] == id)
    end = next(each for each in network["nodes"] if each["id"] == target)
    at = end.get("position")
    if node.get("stage") != end.get("stage"):
        node = {**node, "stage": end.get("stage")}
    if at and "position" in node:
        node = {**node, "position": {"x": at["x"] + STEP / 2, "y": at["y"]}}
    without = bypass(network, id)
    nodes: list[dict[str, Any]] = []
    for each in without["nodes"]:
        nodes += [each, node] if each["id"] == target else [each]
    edges = [{**edge, "source": id} if edge["source"] == target else edge for edge in without["edges"]]
    return {**without, "nodes": nodes, "edges": [*edges, {"source": target, "target": id}]}


def free_id(network: Document, stem: str) -> str:
    """An id that is not taken: "flatten", "flatten_2", …"""
    taken = {node["id"] for node in network["nodes"]}
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
