"""The network document: what is saved, exported, shared and trained."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground import blocks, upgrades
from playground.hostile import LimitError, check_limits

FORMAT = 1
MAX_NODES = 1024
MAX_EDGES = 4096
MAX_BYTES = 4 * 1024 * 1024

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6)]


class Position(BaseModel):
    """Where the block stands on the drawing, in pixels; the analysis ignores it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    x: Coordinate = 0.0
    y: Coordinate = 0.0


class Node(BaseModel):
    """A block in the network. `params` holds only what differs from the block's defaults, or all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")
    block: str = Field(min_length=1, max_length=64)
    label: str | None = Field(None, max_length=80)
    """The user's own name for the block; the drawing falls back to the block's default label."""
    stage: str | None = Field(None, min_length=1, max_length=40)
    """The part of the network it belongs to, as a paper names it: "Stage 3". Costs are summed over a stage, the drawing
    folds it; shapes and training ignore it."""
    params: dict[str, Any] = {}
    position: Position | None = None


class Edge(BaseModel):
    """A wire. Edges into add and concat are ordered by their place in the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str = Field(max_length=64)
    target: str = Field(max_length=64)


class Network(BaseModel):
    """The document. Read one with `read_network`, which upgrades old formats and words what is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int = FORMAT
    name: str = Field("Untitled", max_length=120)
    nodes: list[Node] = Field([], max_length=MAX_NODES)
    edges: list[Edge] = Field([], max_length=MAX_EDGES)


class DocumentError(ValueError):
    """The document cannot be read. `path` is where: nodes[3].params.filters."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.message = message
        self.path = path


class Inside(BaseModel):
    """The network inside a group block. Edges from "in" bring the group's input, one edge to "out" its output."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    nodes: list[Node] = Field([], max_length=MAX_NODES)
    edges: list[Edge] = Field([], max_length=MAX_EDGES)


def load_network(text: str | bytes) -> Network:
    """Read a document from JSON text. Raises DocumentError with the line for what is not JSON."""
    if len(text) > MAX_BYTES:
        raise DocumentError(f"The document is {len(text):,} bytes long; at most {MAX_BYTES:,} can be read.")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.") from error
    except UnicodeDecodeError as error:
        raise DocumentError("This is not text in UTF-8. Save the file as JSON in UTF-8.") from error
    except RecursionError as error:
        raise DocumentError("The document is nested too deeply. Flatten it.") from error
    except ValueError as error:
        raise DocumentError("A number has too many digits. Use a smaller one.") from error
    return read_network(data)


def read_network(data: object) -> Network:
    """The network in parsed JSON, upgraded to the newest format. Raises DocumentError with the path of what is wrong.

    Wiring and the values of settings are not judged here: `analyse` does, with notices on the blocks.
    """
    try:
        check_limits(data)
    except LimitError as error:
        raise DocumentError(error.message, error.path) from error
    if not isinstance(data, dict):
        raise DocumentError("A network is an object with nodes and edges.")
    document = _upgraded(data)
    try:
        network = Network.model_validate(document, strict=True)
    except ValidationError as error:
        raise _worded(error) from error
    _check_graph(network.nodes, network.edges, "", frozenset())
    return network


def read_inside(data: Mapping[str, Any], path: str = "") -> Inside:
    """The network inside a group. Raises DocumentError with the path of what is wrong."""
    try:
        inside = Inside.model_validate(data, strict=True)
    except ValidationError as error:
        raise _worded(error, path) from error
    _check_graph(inside.nodes, inside.edges, path, frozenset({"in", "out"}))
    return inside


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    version = data.get("format", FORMAT)
    if type(version) is not int or version < min([FORMAT, *upgrades.UPGRADES]):
        raise DocumentError(f"There is no such format; the newest is {FORMAT}.", "format")
    if version > FORMAT:
        raise DocumentError(
            f"The document has format {version}, written by a newer playground; this one reads up to {FORMAT}."
            " Update the playground.",
            "format",
        )
    return upgrades.upgrade(data, version, FORMAT)


def _check_graph(nodes: list[Node], edges: list[Edge], path: str, reserved: Collection[str]) -> None:
    """Ids are unique, edges name blocks that are there, settings exist."""
    ids: dict[str, int] = {}
    for index, node in enumerate(nodes):
        where = f"{path}nodes[{index}]"
        if node.id in ids:
            raise DocumentError(f"The id '{node.id}' is already that of nodes[{ids[node.id]}].", f"{where}.id")
        if node.id in reserved:
            raise DocumentError(f"The id '{node.id}' stands for the group's own ends. Use another.", f"{where}.id")
        ids[node.id] = index
        _check_settings(node, f"{where}.params")
    for index, edge in enumerate(edges):
        for end, name, extra in (("source", edge.source, "in"), ("target", edge.target, "out")):
            if name not in ids and not (name == extra and extra in reserved):
                raise DocumentError(f"There is no block with the id '{name}'.", f"{path}edges[{index}].{end}")


def _check_settings(node: Node, path: str) -> None:
    block = blocks.CATALOGUE.get(node.block)
    if block is None:
        return
    specs = {spec.name: spec for spec in block.fields()}
    for name, value in node.params.items():
        if name not in specs:
            known = ", ".join(specs) or "none"
            raise DocumentError(f"'{node.block}' has no setting of that name. It has: {known}.", f"{path}.{name[:64]}")
        if specs[name].kind == "network" and isinstance(value, dict):
            read_inside(value, f"{path}.{name}.")


def _worded(error: ValidationError, path: str = "") -> DocumentError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = path
    for part in first["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f"{'' if where.endswith('.') else '.'}{part}"
    where = where.removeprefix(".").rstrip(".")
    messages = {
        "extra_forbidden": "There is no such key. Remove it.",
        "missing": "This key is missing. Add it.",
        "string_pattern_mismatch": "Use letters, digits, '_', '-' and '.' only.",
    }
    return DocumentError(messages.get(first["type"], f"{first['msg']}."), where[:200])
