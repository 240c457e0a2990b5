"""Random networks that can train: any blocks of the catalogue, branches that meet again, a head."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from playground.analysis import analyse
from playground.blocks import CATALOGUE
from playground.expansion import check_inputs
from playground.fields import FieldSpec
from playground.network import Network, read_network
from playground.settings import SettingError, make_block
from playground.shapes import Shape, ShapeError

INNER = [
    kind
    for kind, block in CATALOGUE.items()
    if block.family != "data" and block.has_output and block.max_inputs == 1 and kind != "flatten"
]
LARGEST = 4096
"""Values of one output."""


def value(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """A value for a setting, small enough to run."""
    low, high = int(spec.minimum or 0), int(min(spec.maximum or 0, 8))
    if spec.kind == "whole":
        return st.integers(low, high)
    if spec.kind == "real":
        nice = st.integers(0, 100).map(lambda part: part / 100)
        return nice.filter(lambda number: (spec.minimum or 0) <= number <= (spec.maximum or 0)) | st.just(spec.default)
    if spec.kind == "switch":
        return st.booleans()
    if spec.kind == "choice":
        return st.sampled_from([choice.value for choice in spec.choices])
    if spec.kind == "pair":
        one = st.integers(max(low, 1), 3)
        return one | st.lists(one, min_size=2, max_size=2)
    if spec.kind == "padding":
        one = st.integers(0, 2)
        return one | st.lists(one, min_size=2, max_size=2) | st.just("same")
    return st.just(spec.default)


def params(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of a block, some left to their defaults."""
    return st.fixed_dictionaries({}, optional={spec.name: value(spec) for spec in CATALOGUE[kind].fields()})


class _Drawing:
    """A document that grows."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[dict[str, str]] = []

    def add(self, kind: str, settings: dict[str, Any], sources: list[str]) -> str:
        name = self.draw(st.sampled_from(["n", "a.b-", "x", kind])) + str(len(self.nodes))
        node: dict[str, Any] = {"id": name, "block": kind, "params": settings}
        if self.draw(st.integers(0, 3)) == 0:
            node["label"] = self.draw(st.sampled_from(["First", 'My "own"', "×"]))
        if self.draw(st.booleans()):
            node["stage"] = self.draw(st.sampled_from(["Stem", "Stage 1", "class"]))
        self.nodes.append(node)
        self.edges += [{"source": source, "target": name} for source in sources]
        return name

    def some_block(self, source: str, shape: Shape) -> tuple[str, Shape]:
        """A random block behind a value; where its settings do not fit, the value stays as it is."""
        kind = self.draw(st.sampled_from(INNER))
        settings = self.draw(params(kind))
        try:
            block = make_block(kind, settings)
            check_inputs(block, [shape])
            after = block.shape(shape)
        except (ShapeError, SettingError):
            return source, shape
        size = 1
        for side in after:
            size *= side
        if size > LARGEST:
            return source, shape
        return self.add(kind, settings, [source]), after

    def branches(self, source: str, shape: Shape) -> tuple[str, Shape]:
        """Two or three ways that meet in a sum or side by side."""
        ends = [source]
        if len(shape) == 3:
            for _ in range(self.draw(st.integers(1, 2))):
                layer = self.add("conv2d", {"filters": shape[0], "kernel_size": 1}, [source])
                ends.append(self.add("relu", {}, [layer]) if self.draw(st.booleans()) else layer)
        else:
            ends.append(self.add("dense", {"units": shape[0]}, [source]))
        kind = self.draw(st.sampled_from(["add", "concat"]))
        ends = self.draw(st.permutations(ends))
        return self.add(kind, {}, ends), make_block(kind, {}).shape(*[shape] * len(ends))


@st.composite
def networks(draw: st.DrawFn, largest: int = 8) -> Network:
    """A network that can train."""
    drawing = _Drawing(draw)
    shape: Shape = (draw(st.integers(1, 3)), draw(st.integers(5, 12)), draw(st.integers(5, 12)))
    size = dict(zip(("channels", "height", "width"), shape, strict=True))
    source = drawing.add("input", size, [])
    for _ in range(draw(st.integers(0, largest))):
        step = drawing.branches if draw(st.integers(0, 3)) == 0 else drawing.some_block
        source, shape = step(source, shape)
    source = drawing.add("flatten", {}, [source])
    shape = (shape[0] * shape[1] * shape[2],) if len(shape) == 3 else shape
    for _ in range(draw(st.integers(0, 2))):
        source, shape = drawing.some_block(source, shape)
    source = drawing.add("dense", {"units": 4, "bias": draw(st.booleans())}, [source])
    drawing.add("output", {}, [source])
    name = draw(st.sampled_from(["Net", "my net 2", '"""', "×"]))
    network = read_network({"name": name, "nodes": drawing.nodes, "edges": drawing.edges})
    assert analyse(network).trainable, analyse(network).notices
    return network
