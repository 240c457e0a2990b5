"""Random blocks and whole random networks for property tests: what the catalogue allows, small enough to run.

    @given(documents())
    def test_something(document: dict[str, Any]) -> None:
        network = read_network(document)

Every document can train. Values come from the catalogue's own fields: a new block is drawn without a change here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from hypothesis import assume, reject
from hypothesis import strategies as st

from playground.blocks import CATALOGUE
from playground.expansion import check_inputs
from playground.fields import FieldSpec
from playground.measure import measure
from playground.settings import make_block
from playground.shapes import Shape, ShapeError

KINDS = [kind for kind, block in CATALOGUE.items() if block.max_inputs != 0 and block.has_output]
PRIMITIVES = [kind for kind in KINDS if not CATALOGUE[kind].composite]


def values(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that a setting may take, small enough to run."""
    low, high = int(spec.minimum or 0), int(min(spec.maximum or 0, 12))
    if spec.kind == "whole":
        return st.integers(low, high)
    if spec.kind == "real":
        return st.floats(spec.minimum, spec.maximum, allow_subnormal=False)
    if spec.kind == "switch":
        return st.booleans()
    if spec.kind == "choice":
        return st.sampled_from([choice.value for choice in spec.choices])
    if spec.kind == "pair":
        one = st.integers(low, 5)
        return one | st.lists(one, min_size=2, max_size=2)
    if spec.kind == "padding":
        one = st.integers(0, 4)
        return one | st.lists(one, min_size=2, max_size=2) | st.just("same")
    return st.just(spec.default)


def params(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of a block, each given or left to its default."""
    return st.fixed_dictionaries({}, optional={spec.name: values(spec) for spec in CATALOGUE[kind].fields()})


def mended(kind: str, chosen: dict[str, Any], shapes: tuple[Shape, ...]) -> dict[str, Any] | None:
    """Settings that fit the inputs, by the errors' own fixes; None where an error has no such fix."""
    for _ in range(4):
        try:
            made = make_block(kind, chosen)
            check_inputs(made, shapes)
            made.shape(*shapes)
            return chosen
        except ShapeError as error:
            if "set" not in error.fix:
                return None
            chosen = {**chosen, **error.fix["set"]}
    raise AssertionError(f"The fixes of {kind} with {chosen} on {shapes} lead nowhere.")


@st.composite
def cases(draw: st.DrawFn, kind: str) -> tuple[dict[str, Any], tuple[Shape, ...]]:
    """Settings of one block and input shapes that fit."""
    block = CATALOGUE[kind]
    chosen = draw(params(kind))
    image = block.takes == "image" or (block.takes == "any" and draw(st.booleans()))
    sides = (draw(st.integers(1, 20)), draw(st.integers(1, 20))) if image else ()
    count = draw(st.integers(2, 4)) if block.max_inputs is None else 1
    channels = draw(st.integers(1, 6))
    widths = [channels if kind != "concat" else draw(st.integers(1, 6)) for _ in range(count)]
    shapes = tuple((width, *sides) for width in widths)
    fitting = mended(kind, chosen, shapes)
    assume(fitting is not None)
    assert fitting is not None
    return fitting, shapes


def around(kind: str, chosen: dict[str, Any], shapes: tuple[Shape, ...]) -> dict[str, Any]:
    """A network with the block in it: each input is made by a 1×1 convolution, or by a dense layer."""
    image = len(shapes[0]) == 3
    _, height, width = shapes[0] if image else (0, 2, 3)
    nodes: list[dict[str, Any]] = [
        {"id": "input", "block": "input", "params": {"channels": 2, "height": height, "width": width}}
    ]
    edges = []
    for index, shape in enumerate(shapes):
        source = "input"
        if not image:
            nodes.append({"id": f"flat{index}", "block": "flatten"})
            edges.append((source, f"flat{index}"))
            source = f"flat{index}"
        made = {"filters": shape[0], "kernel_size": 1} if image else {"units": shape[0]}
        nodes.append({"id": f"in{index}", "block": "conv2d" if image else "dense", "params": made})
        edges += [(source, f"in{index}"), (f"in{index}", "block")]
    nodes.append({"id": "block", "block": kind, "params": chosen})
    nodes += [{"id": "flat", "block": "flatten"}, {"id": "output", "block": "output"}]
    edges += [("block", "flat"), ("flat", "output")]
    return {"nodes": nodes, "edges": wires(edges)}


def wires(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Edges of a document."""
    return [{"source": source, "target": target} for source, target in pairs]


@st.composite
def documents(
    draw: st.DrawFn,
    *,
    blocks: int = 6,
    side: int = 20,
    kinds: Collection[str] = KINDS,
    classes: int | None = None,
    tame: bool = True,
) -> dict[str, Any]:
    """A whole network: chains, branches that join, composite blocks, groups within groups, stages.

    `blocks`: steps of the main line at most, a branch counting one; `side`: of the image, at most; `kinds`: the blocks
    to draw from, beside those that ends and joins need; `classes`: scores at the end, by a dense layer; `tame`: real
    settings (slopes, rates) stay at ordinary values, under which outputs stay finite.
    """
    image = (draw(st.integers(1, 4)), draw(st.integers(1, side)), draw(st.integers(1, side)))
    drawing = _Drawing(draw, kinds, tame)
    size = dict(zip(("channels", "height", "width"), image, strict=True))
    drawing.nodes.append({"id": "input", "block": "input", "params": size})
    drawing.shapes["input"] = image
    end = drawing.line("input", draw(st.integers(0, blocks)), level=0)
    if len(drawing.shapes[end]) == 3:
        if draw(st.booleans()):
            end = drawing.put("global_avg_pool", {}, end)
        end = drawing.put("flatten", {}, end)
        end = drawing.line(end, draw(st.integers(0, 2)), level=0)
    if classes is not None:
        end = drawing.put("dense", {"units": classes}, end)
    drawing.put("output", {}, end)
    stages = draw(st.sampled_from([0, 0, 2, 3]))
    for place, node in enumerate(drawing.nodes):
        if stages and (part := place * (stages + 1) // len(drawing.nodes)):
            node["stage"] = f"Stage {part}"
    return {"name": "Random", "nodes": drawing.nodes, "edges": wires(drawing.edges)}


class _Drawing:
    """Nodes and edges as they are drawn, and the shape behind each node."""

    def __init__(self, draw: st.DrawFn, kinds: Collection[str], tame: bool) -> None:
        self.draw = draw
        self.kinds = kinds
        self.tame = tame
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[tuple[str, str]] = []
        self.shapes: dict[str, Shape] = {}
        self.lines = {True: self._usable("image"), False: self._usable("vector")}

    def _usable(self, takes: str) -> list[list[str]]:
        """What may follow an image or a vector in a line, a list for each category."""
        found: dict[str, list[str]] = {}
        for kind in self.kinds:
            block = CATALOGUE[kind]
            if block.max_inputs == 1 and block.takes in {takes, "any"} and kind not in {"group", "flatten"}:
                found.setdefault(block.category, []).append(kind)
        return list(found.values())

    def put(self, kind: str, chosen: dict[str, Any], *sources: str) -> str:
        """Another node, fed by these."""
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append({"id": name, "block": kind, "params": chosen})
        self.edges += [(source, name) for source in sources]
        try:
            self.shapes[name] = measure(kind, chosen, tuple(self.shapes[source] for source in sources)).shape
        except ShapeError:  # what makes branches alike may need more weights than can be trained here
            reject()
        return name

    def line(self, end: str, steps: int, level: int) -> str:
        """Blocks one behind the other, branches and groups among them. Returns the last."""
        for _ in range(steps):
            what = self.draw(st.integers(0, 7))
            if what == 0 and level < 3:
                end = self.branches(end, level + 1)
            elif what == 1 and level < 2 and "group" in self.kinds:
                end = self.group(end, level + 1)
            else:
                end = self.block(end)
        return end

    def block(self, end: str) -> str:
        """Any block that takes what is there."""
        shape = self.shapes[end]
        usable = self.lines[len(shape) == 3]
        if not usable:
            return end
        kind = self.draw(st.sampled_from(self.draw(st.sampled_from(usable))))
        fitting = mended(kind, self.settings(kind), (shape,))
        return end if fitting is None else self.put(kind, fitting, end)

    def settings(self, kind: str) -> dict[str, Any]:
        """Some settings of a block."""
        specs = [spec for spec in CATALOGUE[kind].fields() if not (self.tame and spec.kind == "real")]
        return {spec.name: self.draw(values(spec)) for spec in specs if self.draw(st.booleans())}

    def branches(self, start: str, level: int) -> str:
        """Two or three lines from one block, made alike and joined. An empty one is a shortcut."""
        ends = [self.line(start, self.draw(st.integers(0, 2)), level) for _ in range(self.draw(st.integers(2, 3)))]
        if len({len(self.shapes[end]) for end in ends}) > 1:
            ends = [end if len(self.shapes[end]) == 1 else self.put("flatten", {}, end) for end in ends]
        kind = self.draw(st.sampled_from(["add", "concat"]))
        least = tuple(map(min, zip(*(self.shapes[end] for end in ends), strict=True)))
        return self.put(kind, {}, *(self.alike(end, least, kind == "add") for end in ends))

    def alike(self, end: str, wanted: Shape, channels: bool) -> str:
        """What comes after a convolution that leaves images of the wanted size, or a dense layer."""
        shape = self.shapes[end]
        filters = wanted[0] if channels else shape[0]
        if (filters, *wanted[1:]) == shape:
            return end
        if len(shape) == 1:
            return self.put("dense", {"units": filters}, end)
        kernel = [have - want + 1 for have, want in zip(shape[1:], wanted[1:], strict=True)]
        return self.put("conv2d", {"filters": filters, "kernel_size": kernel}, end)

    def group(self, end: str, level: int) -> str:
        """A subnetwork as one block."""
        inside = _Drawing(self.draw, self.kinds, self.tame)
        inside.shapes["in"] = self.shapes[end]
        last = inside.line("in", self.draw(st.integers(1, 3)), level)
        if last == "in":
            last = inside.put("relu", {}, "in")
        edges = [*inside.edges, (last, "out")]
        network = {"nodes": inside.nodes, "edges": wires(edges)}
        return self.put("group", {"name": "Own", "network": network}, end)
