"""Ways out, carried out on the document: each gives a whole changed document, the old one stays as it is."""

from __future__ import annotations

from typing import Any

from playground.network import Edge, Network, Node, Position

STEP = 150.0
"""Pixels between neighbouring blocks on the drawing."""


def document(network: Network) -> dict[str, Any]:
    """The document as JSON-like data, with nothing in it that was left to its default."""
    return network.model_dump(mode="json", exclude_defaults=True) | {"format": network.format, "name": network.name}


def set_params(network: Network, node: str, values: dict[str, Any]) -> dict[str, Any]:
    """Some settings of one block changed."""
    nodes = [
        each.model_copy(update={"params": {**each.params, **values}}) if each.id == node else each
        for each in network.nodes
    ]
    return document(network.model_copy(update={"nodes": nodes}))


def replace_params(network: Network, node: str, params: dict[str, Any]) -> dict[str, Any]:
    """All settings of one block replaced."""
    nodes = [each.model_copy(update={"params": params}) if each.id == node else each for each in network.nodes]
    return document(network.model_copy(update={"nodes": nodes}))


def insert_before(network: Network, target: str, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """A block in the place of `target`, on every wire into it; `target` and what stands after it move on."""
    name = free_id(network, kind)
    at = next((each.position for each in network.nodes if each.id == target), None)
    new = Node(id=name, block=kind, params=params, position=at)
    nodes: list[Node] = []
    for each in network.nodes:
        if each.id == target:
            nodes.append(new)
        nodes.append(_moved(each, target, at))
    edges = [each.model_copy(update={"target": name}) if each.target == target else each for each in network.edges] + [
        Edge(source=name, target=target)
    ]
    return document(network.model_copy(update={"nodes": nodes, "edges": edges}))


def _moved(node: Node, target: str, at: Position | None) -> Node:
    """To the right, if it is the target or stands at least as far right."""
    if at is None or node.position is None or (node.id != target and node.position.x < at.x):
        return node
    return node.model_copy(update={"position": Position(x=node.position.x + STEP, y=node.position.y)})


def add_input(network: Network, targets: list[str]) -> dict[str, Any]:
    """An input block put before the blocks that have none."""
    return _with_end(network, "input", [], targets)


def add_output(network: Network, sources: list[str]) -> dict[str, Any]:
    """An output block put behind a block that leads nowhere."""
    return _with_end(network, "output", sources, [])


def _with_end(network: Network, kind: str, sources: list[str], targets: list[str]) -> dict[str, Any]:
    name = free_id(network, kind)
    beside = next((each.position for each in network.nodes if each.id in {*sources, *targets}), None)
    shift = STEP if sources else -STEP
    position = Position(x=beside.x + shift, y=beside.y) if beside else None
    nodes = [*network.nodes, Node(id=name, block=kind, position=position)]
    edges = [
        *network.edges,
        *(Edge(source=source, target=name) for source in sources),
        *(Edge(source=name, target=target) for target in targets),
    ]
    return document(network.model_copy(update={"nodes": nodes, "edges": edges}))


def remove(network: Network, node: str) -> dict[str, Any]:
    """A block and its wires taken away."""
    nodes = [each for each in network.nodes if each.id != node]
    edges = [each for each in network.edges if node not in {each.source, each.target}]
    return document(network.model_copy(update={"nodes": nodes, "edges": edges}))


def replace(network: Network, node: str, kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """Another block in the place of one."""
    nodes = [
        each.model_copy(update={"block": kind, "params": params, "label": None}) if each.id == node else each
        for each in network.nodes
    ]
    return document(network.model_copy(update={"nodes": nodes}))


def bypass(network: Network, node: str) -> dict[str, Any]:
    """A block taken out; what fed it feeds what it fed."""
    sources = [each.source for each in network.edges if each.target == node]
    edges: list[Edge] = []
    for each in network.edges:
        if each.source == node:
            edges.extend(Edge(source=source, target=each.target) for source in sources)
        elif each.target != node:
            edges.append(each)
    nodes = [each for each in network.nodes if each.id != node]
    return document(network.model_copy(update={"nodes": nodes, "edges": edges}))


def free_id(network: Network, stem: str) -> str:
    """An id that is not taken: "flatten", "flatten_2", …"""
    taken = {node.id for node in network.nodes}
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
