"""read_module(module): a traced module as a network document, with a word on what was read in another way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

from torch import Tensor, fx, nn

from playground.blocks import CATALOGUE
from playground.blocks.base import Settings
from playground.network import MAX_EDGES, MAX_NODES, DocumentError, Network, read_network
from playground.settings import SettingError, make_block
from playground.shapes import Shape, ShapeError
from worker.importing.layers import NoBlock, arguments_of, block_of, called
from worker.importing.refusal import NotImportable
from worker.importing.trace import Traced, is_image, traced

MOST_SAID = 12
"""Sentences in one refusal."""
MOST_NAMED = 4
"""Places of an operation that are named."""
Chain = list[tuple[str, Settings]]


class Imported(NamedTuple):
    """The document and a sentence for each thing that was read in another way."""

    network: Network
    remarks: list[str]


def read_module(module: nn.Module, name: str, shape: tuple[int, int, int] | None = None) -> Imported:
    """The network that a module is. `shape`: channels, height and width of its images. Raises NotImportable."""
    reading = _Reading(traced(module, shape), name)
    return Imported(reading.network(), reading.remarks)


class _Reading:
    """A traced module while it is read: each operation in order becomes blocks, or waits for one that takes it."""

    def __init__(self, found: Traced, name: str) -> None:
        self.values, self.graph, self.module, self.name = found.values, found.graph, found.module, name
        self.modules = dict(found.module.named_modules())
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[tuple[str, str]] = []
        self.sources: dict[fx.Node, str] = {}
        self.missing: dict[fx.Node, str] = {}
        """Operations that no block is, with what is in the way."""
        self.sums: dict[fx.Node, list[fx.Node]] = {}
        """What each sum adds."""
        self.used: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.remarks: list[str] = []
        size = dict(zip(("channels", "height", "width"), found.shape, strict=True))
        if found.guessed:
            words = "×".join(map(str, found.shape))
            self.remarks.append(f"Images were taken to be {words}; --input says otherwise.")
        image = next(node for node in self.graph.nodes if node.op == "placeholder")
        try:
            make_block("input", size)
        except SettingError as error:
            raise NotImportable(f"{error.message} {error.hint}") from error
        self.sources[image] = self._block("input", size, [], "input")

    def network(self) -> Network:
        """The document. Raises NotImportable, with all that has no block here named at once."""
        end: fx.Node | None = None
        for node in self.graph.nodes:
            if node.op == "output":
                end = self._end(node.args[0])
            elif node not in self.sources and isinstance(self.values[node], Tensor) and is_image(self.values[node]):
                self._read(node)
        assert end is not None
        if end in self.missing:
            raise NotImportable(self._no_block(end))
        if end not in self.sources:
            raise NotImportable("What the module gives does not depend on its images.")
        self._block("output", {}, [self.sources[end]], "output")
        if self.values[end].dim() != 2:
            self.remarks.append("It gives an image, not scores. Add what turns it into one score for each class.")
        if any(count > 1 for count in self.used.values()):
            names = ", ".join(name for name, count in self.used.items() if count > 1)
            self.remarks.append(f"Used more than once with the same weights, which blocks here do not share: {names}.")
        return self._document()

    def _end(self, result: Any) -> fx.Node:
        """The node of the scores; of several results the first."""
        if isinstance(result, dict):
            result = tuple(result.values())
        if isinstance(result, (tuple, list)):
            self.remarks.append(f"It gives {len(result)} results; only the first was read.")
            result = result[0] if result else None
        if not isinstance(result, fx.Node):
            raise NotImportable("What the module gives does not depend on its images.")
        last = result
        while self._name(last) in PASSING and last.args and isinstance(last.args[0], fx.Node):
            last = last.args[0]
        if self._name(last).replace("_", "") == "logsoftmax" and isinstance(last.args[0], fx.Node):
            self.remarks.append("Its last operation, log_softmax, was left out: the loss here takes it along.")
            return last.args[0]
        return result

    # one operation

    def _read(self, node: fx.Node) -> None:
        try:
            chain, taken = self._becomes(node)
            shapes = tuple(self._shape(each) for each in taken)
            for kind, settings in chain:
                shapes = (make_block(kind, settings).shape(*shapes),)
            if any(each not in self.sources for each in taken):
                self.missing[node] = ""
                return
        except NoBlock as error:
            self.missing[node] = str(error) or "has no block here"
            return
        except (SettingError, ShapeError) as error:
            self.missing[node] = f": {error.message} {error.hint}"
            return
        sources = [self.sources[each] for each in taken]
        for kind, settings in chain:
            sources = [self._block(kind, settings, sources, self._id(node))]
        self.sources[node] = sources[0]
        if node.op == "call_module" and any(True for _ in self.modules[str(node.target)].parameters()):
            self.used[_path(node)] += 1

    def _becomes(self, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
        """Blocks in a row, and the operations whose values they take. Raises NoBlock."""
        name = self._name(node)
        first = node.args[0] if node.args and isinstance(node.args[0], fx.Node) else None
        if node.op == "call_module":
            assert first is not None
            module = self.modules[str(node.target)]
            return self._layer(type(module).__name__, arguments_of(module), first, node), [first]
        if node.op == "get_attr":
            raise NoBlock("is a tensor of the module's own, which is no block here")
        if name in RULES:
            return RULES[name](self, node)
        named = {key: self._known(value) for key, value in node.kwargs.items()}
        layer = called(name, [self._known(each) for each in node.args[1:]], named)
        if layer is None or first is None:
            raise NoBlock("")
        return self._layer(*layer, first, node), [first]

    def _layer(self, layer: str, arguments: dict[str, Any], first: fx.Node, node: fx.Node) -> Chain:
        before, after = self._shape(first), self._shape(node)
        if layer in UNCHANGED or (layer in SHAPED and before == after):
            return []
        if layer in SHAPED:
            return self._reshaped(before, after)
        if layer.startswith("Adaptive"):
            return _adaptive(layer, before, after)
        return [block_of(layer, arguments, [before])]

    def _reshaped(self, before: Shape, after: Shape) -> Chain:
        if after == before:
            return []
        if after != (prod(before),):
            raise NoBlock("gives neither one vector for each image nor the image as it was")
        return [("flatten", {})]

    # helpers of the rules

    def _shape(self, node: fx.Node) -> Shape:
        """Of a value, for one image. Raises NoBlock where it is none."""
        value = self.values.get(node)
        if not isinstance(value, Tensor) or not is_image(value):
            raise NoBlock("works on something else than images")
        return tuple(int(side) for side in value.shape[1:])

    def _known(self, argument: Any) -> Any:
        """An argument with numbers that were computed on the way put in."""
        if isinstance(argument, fx.Node):
            return self.values.get(argument)
        if isinstance(argument, (list, tuple)):
            return tuple(self._known(each) for each in argument)
        if isinstance(argument, slice):
            return slice(self._known(argument.start), self._known(argument.stop), self._known(argument.step))
        return argument

    def _split(self, node: fx.Node) -> tuple[fx.Node, float] | None:
        """A value and a number that it is joined with; None for two values."""
        numbers = [self._known(each) for each in node.args[:2]]
        for place, other in ((1, 0), (0, 1)):
            given = node.args[other] if len(node.args) > 1 else None
            if isinstance(numbers[place], (int, float)) and isinstance(given, fx.Node) and is_image(numbers[other]):
                return given, float(numbers[place])
        return None

    def _name(self, node: fx.Node) -> str:
        """relu for torch.relu, F.relu, x.relu and x.relu_; add for +."""
        if node.op == "call_module":
            return type(self.modules[str(node.target)]).__name__.lower()
        name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
        name = name.strip("_")
        return NAMES.get(name, name)

    # the document

    def _id(self, node: fx.Node) -> str:
        """Its name in the module: "features.0"; for a function that of the module it is called in, and its own."""
        if node.op == "call_module":
            return _clean(_path(node))
        stack = [path for path, _ in (node.meta.get("nn_module_stack") or {}).values()]
        inside = _without_prefix(str(stack[-1])) if stack else ""
        return _clean(f"{inside}.{self._name(node)}") if inside else ""

    def _block(self, kind: str, settings: Settings, sources: list[str], wanted: str) -> str:
        base, count = wanted or kind, 1 if wanted else 0
        id = base
        while not count or id in self.ids:
            count += 1
            id = f"{base}{'_' if base[-1:].isdigit() else ''}{count}"
        self.ids.add(id)
        specs = {spec.name: spec for spec in CATALOGUE[kind].fields()}
        changed = {name: value for name, value in settings.items() if specs[name].default != value}
        self.nodes.append({"id": id, "block": kind, **({"params": changed} if changed else {})})
        self.edges += [(source, id) for source in sources]
        return id

    def _document(self) -> Network:
        """The blocks that lead to the output; those of one child of the module are a stage."""
        before: dict[str, list[str]] = {}
        for source, target in self.edges:
            before.setdefault(target, []).append(source)
        needed, waiting = {self.nodes[0]["id"]}, ["output"]
        while waiting:
            id = waiting.pop()
            if id not in needed:
                needed.add(id)
                waiting += before.get(id, [])
        nodes = _in_stages([node for node in self.nodes if node["id"] in needed])
        edges = [{"source": source, "target": target} for source, target in self.edges if target in needed]
        if len(nodes) > MAX_NODES or len(edges) > MAX_EDGES:
            raise NotImportable(f"The module needs {len(nodes):,} blocks; a network has at most {MAX_NODES:,}.")
        try:
            return read_network({"format": 1, "name": self.name[:120], "nodes": nodes, "edges": edges})
        except DocumentError as error:
            raise NotImportable(f"The module cannot be written as a network: {error}") from error

    def _no_block(self, end: fx.Node) -> str:
        """Every operation that stands in the way, with names in the module."""
        seen: set[fx.Node] = set()
        waiting = [end]
        while waiting:
            node = waiting.pop()
            if node in self.missing and node not in seen:
                seen.add(node)
                waiting += node.all_input_nodes
        found: dict[tuple[str, str], list[str]] = {}
        for node in self.graph.nodes:
            if node in seen and self.missing[node]:
                found.setdefault((self._kind(node), self.missing[node]), []).append(self._where(node))
        said = [_sentence(kind, reason, places) for (kind, reason), places in found.items()]
        more = f" {len(said) - MOST_SAID} kinds of operations more are in the way." if len(said) > MOST_SAID else ""
        return f"{' '.join(said[:MOST_SAID])}{more} Replace or remove what is named and import again."

    def _kind(self, node: fx.Node) -> str:
        return type(self.modules[str(node.target)]).__name__ if node.op == "call_module" else self._name(node)

    def _where(self, node: fx.Node) -> str:
        if node.op == "call_module":
            return _path(node)
        return f"in {self._id(node).rpartition('.')[0] or 'forward'}"


def _sentence(kind: str, reason: str, places: list[str]) -> str:
    """ "ReLU6 (features.0.2, features.1.2 and 3 more) has no block here." """
    listed = list(dict.fromkeys(places))
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    space = "" if reason[0] == ":" else " "
    return f"{kind} ({', '.join(listed[:MOST_NAMED])}{more}){space}{reason.rstrip('.')}."


# functions that are no layers


def _passes(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    if _is_step(reading, node):
        source = node.args[0].args[0]  # type: ignore[union-attr]
        return [("step", {})], [source]  # type: ignore[list-item]
    return [], [node.args[0]]  # type: ignore[list-item]


def _is_step(reading: _Reading, node: fx.Node) -> bool:
    """(x > 0) as numbers."""
    before = node.args[0]
    if not isinstance(before, fx.Node) or reading._name(before) != "gt":
        return False
    split = reading._split(before)
    return (
        split is not None and split[0] is before.args[0] and split[1] == 0 and reading.values[node].is_floating_point()
    )


def _waits(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    raise NoBlock("")


def _reshape(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    first: Any = node.args[0]
    return reading._reshaped(reading._shape(first), reading._shape(node)), [first]


def _add(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    values: list[Any] = list(node.args[:2])
    if not all(isinstance(each, fx.Node) and is_image(reading.values[each]) for each in values):
        raise NoBlock("adds a constant, which no block here does")
    if len(node.args) > 2 or reading._known(node.kwargs.get("alpha", 1)) != 1:
        raise NoBlock("scales what it adds")
    first = values[0]
    while first in reading.sums and len(first.users) == 1:  # a + b + c is one sum
        values[:1] = reading.sums[first]
        first = values[0]
    reading.sums[node] = values
    return [("add", {})], values


def _cat(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    given: Any = node.args[0] if node.args else node.kwargs["tensors"]
    axis = node.args[1] if len(node.args) > 1 else node.kwargs.get("dim", node.kwargs.get("axis", 0))
    values = list(given)
    if int(reading._known(axis)) % (len(reading._shape(values[0])) + 1) != 1:
        raise NoBlock("joins along another axis than the channels")
    return ([("concat", {})] if len(values) > 1 else []), values


def _mul(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    split = reading._split(node)
    if split:
        value, number = split
        return _logistic(reading, value, number) or ([("linear_activation", {"c": number})], [value])
    first, second = node.args[:2]
    for value, gate in ((first, second), (second, first)):
        if isinstance(gate, fx.Node) and reading._name(gate) == "sigmoid" and gate.args[0] is value:
            return [("swish", {})], [value]  # type: ignore[list-item]
    raise NoBlock("multiplies two values, which no block here does")


def _logistic(reading: _Reading, value: fx.Node, height: float) -> tuple[Chain, list[fx.Node]] | None:
    """L · sigmoid(k · (x − x0))"""
    inner = value.args[0] if reading._name(value) == "sigmoid" and value.args else None
    scaled = reading._split(inner) if isinstance(inner, fx.Node) and reading._name(inner) == "mul" else None
    shifted = reading._split(scaled[0]) if scaled and reading._name(scaled[0]) == "sub" else None
    if not scaled or not shifted or shifted[0] is not scaled[0].args[0]:
        return None
    return [("sigmoid", {"k": scaled[1], "x0": shifted[1], "L": height})], [shifted[0]]


def _conv2d(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    """With weights that the module holds itself."""
    given = _bound(node, ("input", "weight", "bias", "stride", "padding", "dilation", "groups"))
    outputs, inner, *kernel = _own_weights(reading, given)
    known = {name: reading._known(given[name]) for name in ("stride", "padding", "dilation") if name in given}
    groups = reading._known(given.get("groups", 1))
    arguments = {
        "in_channels": inner * groups, "out_channels": outputs, "kernel_size": tuple(kernel), "stride": 1, "padding": 0,
        "dilation": 1, "groups": groups, "bias": given.get("bias") is not None, **known,
    }  # fmt: skip
    return [block_of("Conv2d", arguments, [reading._shape(given["input"])])], [given["input"]]


def _linear(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    """With weights that the module holds itself."""
    given = _bound(node, ("input", "weight", "bias"))
    outputs, inputs = _own_weights(reading, given)
    arguments = {"in_features": inputs, "out_features": outputs, "bias": given.get("bias") is not None}
    return [block_of("Linear", arguments, [reading._shape(given["input"])])], [given["input"]]


def _bound(node: fx.Node, names: tuple[str, ...]) -> dict[str, Any]:
    return {**dict(zip(names, node.args, strict=False)), **node.kwargs}


def _own_weights(reading: _Reading, given: dict[str, Any]) -> tuple[int, ...]:
    """Dimensions of weights that are a tensor of the module, not the outcome of something."""
    weight = given["weight"]
    if not isinstance(weight, fx.Node) or weight.op != "get_attr":
        raise NoBlock("works with weights that are computed")
    return tuple(reading.values[weight].shape)


def _div(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    split = reading._split(node)
    if not split or split[0] is not node.args[0] or not split[1]:
        raise NoBlock("divides by something else than a number")
    return [("linear_activation", {"c": 1 / split[1]})], [split[0]]


def _neg(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    return [("linear_activation", {"c": -1.0})], [node.args[0]]  # type: ignore[list-item]


def _mean(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    first: Any = node.args[0]
    axes = reading._known(node.args[1] if len(node.args) > 1 else node.kwargs.get("dim"))
    keeps = bool(node.args[2] if len(node.args) > 2 else node.kwargs.get("keepdim", False))
    axes = (axes,) if isinstance(axes, int) else axes
    if len(reading._shape(first)) != 3 or not axes or sorted(axis % 4 for axis in axes) != [2, 3]:
        raise NoBlock("takes the mean over something else than all pixels")
    return [("global_avg_pool", {}), *([] if keeps else [("flatten", {})])], [first]


def _pad(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    """Channels of zeros behind the others; every stride-th pixel if the value before is such a cut."""
    first: Any = node.args[0]
    around = reading._known(node.args[1] if len(node.args) > 1 else node.kwargs.get("pad"))
    mode = node.args[2] if len(node.args) > 2 else node.kwargs.get("mode", "constant")
    value = node.args[3] if len(node.args) > 3 else node.kwargs.get("value")
    if mode != "constant" or value or len(around) != 6 or any(around[:5]) or around[5] < 0:
        raise NoBlock("pads something else than channels, with zeros")
    stride = 1
    if reading._name(first) == "getitem" and (found := _stride(reading, first)):
        stride, first = found, first.args[0]
    return [("pad_shortcut", {"channels": reading._shape(first)[0] + around[5], "stride": stride})], [first]


def _getitem(reading: _Reading, node: fx.Node) -> tuple[Chain, list[fx.Node]]:
    first: Any = node.args[0]
    stride = _stride(reading, node)
    if not stride:
        raise NoBlock("cuts a part out")
    return [("pad_shortcut", {"channels": reading._shape(first)[0], "stride": stride})], [first]


def _stride(reading: _Reading, node: fx.Node) -> int:
    """2 for x[:, :, ::2, ::2]; 0 for another cut."""
    cut = reading._known(node.args[1])
    if not isinstance(cut, tuple) or len(cut) != 4 or not all(isinstance(each, slice) for each in cut):
        return 0
    steps = [each.step or 1 for each in cut]
    whole = all(not each.start and each.stop is None for each in cut)
    return steps[2] if whole and steps[0] == steps[1] == 1 and steps[2] == steps[3] else 0


def _adaptive(layer: str, before: Shape, after: Shape) -> Chain:
    """A pool to a size, which is an ordinary pool where the image divides into that."""
    if before == after:
        return []
    kind = {"AdaptiveAvgPool2d": "avg_pool", "AdaptiveMaxPool2d": "max_pool"}.get(layer)
    if kind == "avg_pool" and after[1:] == (1, 1):
        return [("global_avg_pool", {})]
    if kind is None or len(before) != 3 or any(side % small for side, small in zip(before[1:], after[1:], strict=True)):
        raise NoBlock(
            f"makes {'×'.join(map(str, after[1:]))} of {'×'.join(map(str, before[1:]))}, by windows of many sizes"
        )
    window: list[int] = [side // small for side, small in zip(before[1:], after[1:], strict=True)]
    size = window[0] if window[0] == window[1] else window
    return [(kind, {"kernel_size": size, "stride": size})]


Rule = Callable[[_Reading, fx.Node], tuple[Chain, list[fx.Node]]]
PASSING = {"contiguous", "clone", "detach", "to", "float", "type", "type_as", "identity"}
NAMES = {
    "iadd": "add", "imul": "mul", "isub": "sub", "truediv": "div", "itruediv": "div", "true_divide": "div",
    "multiply": "mul", "subtract": "sub", "divide": "div", "concat": "cat", "concatenate": "cat", "greater": "gt",
    "negative": "neg", "swish": "silu",
}  # fmt: skip
RULES: dict[str, Rule] = {
    **dict.fromkeys(PASSING, _passes),
    **dict.fromkeys(("flatten", "view", "reshape", "squeeze", "unsqueeze", "view_as", "reshape_as"), _reshape),
    **dict.fromkeys(("gt", "sub"), _waits),
    "add": _add,
    "cat": _cat,
    "mul": _mul,
    "div": _div,
    "neg": _neg,
    "mean": _mean,
    "pad": _pad,
    "getitem": _getitem,
    "conv2d": _conv2d,
    "linear": _linear,
}
"""By the name of the function or method, however it is reached."""
UNCHANGED = {"Identity"}
SHAPED = {"Flatten", "Unflatten"}


def _path(node: fx.Node) -> str:
    return _without_prefix(str(node.target))


def _without_prefix(path: str) -> str:
    return "" if path == "network" else path.removeprefix("network.")


def _clean(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", path)[-48:].strip("_.")


def _in_stages(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks of one child of the module, where there are several such children with several blocks."""
    children = [node["id"].partition(".")[0] if "." in node["id"] else "" for node in nodes]
    sizes = Counter(filter(None, children))
    stages = {child for child, size in sizes.items() if size > 1}
    if len(stages) < 2:
        return nodes
    return [
        {**node, "stage": child[:40]} if child in stages else node for node, child in zip(nodes, children, strict=True)
    ]
