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
        self._stage: str | None = None
        self.staged = True
        """False for a network small enough to be seen whole: stages are passed over."""

    def stage(self, name: str) -> None:
        """The blocks from here on belong to this part of the network, as the paper names it."""
        self._stage = name

    def back_to(self, id: str) -> None:
        """Go on behind an earlier block, from where a branch begins or which it left."""
        self._last = id

    def add(self, block: str, id: str | None = None, **params: Any) -> str:
        """Put a block behind the last one and return its id."""
        if id is None:
            self._counts[block] += 1
            id = f"{block}{self._counts[block]}"
        self._nodes.append(Node(id=id, block=block, stage=self._stage if self.staged else None, params=params))
        if self._last:
            self._edges.append(Edge(source=self._last, target=id))
        self._last = id
        return id

    def input(self, channels: int, height: int, width: int) -> None:
        """Begin with the image."""
        self.add("input", "input", channels=channels, height=height, width=width)

    def output(self, classes: int | None = None) -> None:
        """End, outside all stages; with a dense layer for the classes before it, where a number is given."""
        if classes is not None:
            self.add("dense", "scores", units=classes)
        self._stage = None
        self.add("output", "output")

    def loose_ends(self, channels: int, height: int, width: int) -> None:
        """Input and output with no wire between them."""
        self.input(channels, height, width)
        self._nodes.append(Node(id="output", block="output"))

    def network(self) -> Network:
        """The document."""
        return Network(name=self.name, nodes=self._nodes, edges=self._edges)
