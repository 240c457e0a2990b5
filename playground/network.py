"""The network document: what is saved, exported, shared and trained."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
MAX_NODES = 1024
MAX_EDGES = 4096


class Position(BaseModel):
    """Where the block stands on the drawing, in pixels; the analysis ignores it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    x: float = 0.0
    y: float = 0.0


class Node(BaseModel):
    """A block in the network. `params` holds only what differs from the block's defaults, or all of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")
    block: str = Field(min_length=1, max_length=64)
    label: str | None = Field(None, max_length=80)
    """The user's own name for the block; the drawing falls back to the block's default label."""
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
