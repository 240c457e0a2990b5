"""Drawing a network in code: each block is put behind the last one. The page finds places for them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playground.network import Edge, Network, Node


class Sketch:
    """A network that grows block by block."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._nodes: list[Node] = []
        self._edges: list[Edge] = []
        self._counts: Counter[str] = Counter()
        self._last = ""

    def add(self, block: str, id: str | None = None, *, after: str | None = None, **params: Any) -> str:
        """Put a block behind the last one, or behind the one named, and return its id."""
        if id is None:
            self._counts[block] += 1
            id = f"{block}{self._counts[block]}"
        source = self._last if after is None else after
        self._nodes.append(Node(id=id, block=block, params=params))
        if source:
            self._edges.append(Edge(source=source, target=id))
        self._last = id
        return id

    def input(self, channels: int, height: int, width: int) -> None:
        """Begin with the image."""
        self.add("input", "input", channels=channels, height=height, width=width)

    def output(self, classes: int | None = None) -> None:
        """End; with a dense layer for the classes before it, where a number is given."""
        if classes is not None:
            self.add("dense", "scores", units=classes)
        self.add("output", "output")

    def loose_ends(self, channels: int, height: int, width: int) -> None:
        """Input and output with no wire between them."""
        self.input(channels, height, width)
        self._nodes.append(Node(id="output", block="output"))

    def network(self) -> Network:
        """The document."""
        return Network(name=self.name, nodes=self._nodes, edges=self._edges)
