"""read_module(module): a traced module as a network document, with a word on what was read in another way."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

from torch import Tensor, fx, nn

from playground.blocks import CATALOGUE
from playground.blocks.base import Settings
from playground.network import MAX_EDGES, MAX_NODES, DocumentError, Network, read_network
from playground.settings import SettingError, make_block
from playground.shapes import ShapeError
from worker.importing.functions import PASSING, RULES, Taken, adaptive, reshaped
from worker.importing.layers import NoBlock, arguments_of, block_of, called
from worker.importing.operations import Chain, Operations
from worker.importing.refusal import NotImportable
from worker.importing.trace import Traced, is_image, traced

MOST_SAID = 12
"""Sentences in one refusal."""
MOST_NAMED = 4
"""Places of an operation that are named."""


class Imported(NamedTuple):
    """The document and a sentence for each thing that was read in another way."""

    network: Network
    remarks: list[str]


def read_module(module: nn.Module, name: str, shape: tuple[int, int, int] | None = None) -> Imported:
    """The network that a module is. `shape`: channels, height and width of its images. Raises NotImportable."""
    reading = _Reading(traced(module, shape), name)
    return Imported(reading.network(), reading.remarks)


class _Reading(Operations):
    """A traced module while it is read: each operation in order becomes blocks, or waits for one that takes it."""

    def __init__(self, found: Traced, name: str) -> None:
        super().__init__(found)
        self.title = name
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[tuple[str, str]] = []
        self.sources: dict[fx.Node, str] = {}
        self.missing: dict[fx.Node, str] = {}
        """Operations that no block is, with what is in the way."""
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
        while self.name(last) in PASSING and last.args and isinstance(last.args[0], fx.Node):
            last = last.args[0]
        if self.name(last).replace("_", "") == "logsoftmax" and isinstance(last.args[0], fx.Node):
            self.remarks.append("Its last operation, log_softmax, was left out: the loss here takes it along.")
            return last.args[0]
        return result

    # one operation

    def _read(self, node: fx.Node) -> None:
        try:
            chain, taken = self._becomes(node)
            shapes = tuple(self.shape(each) for each in taken)
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

    def _becomes(self, node: fx.Node) -> Taken:
        """Raises NoBlock."""
        name = self.name(node)
        first = node.args[0] if node.args and isinstance(node.args[0], fx.Node) else None
        if node.op == "call_module":
            assert first is not None
            module = self.modules[str(node.target)]
            return self._layer(type(module).__name__, arguments_of(module), first, node), [first]
        if node.op == "get_attr":
            raise NoBlock("is a tensor of the module's own, which is no block here")
        if name in RULES:
            return RULES[name](self, node)
        named = {key: self.known(value) for key, value in node.kwargs.items()}
        layer = called(name, [self.known(each) for each in node.args[1:]], named)
        if layer is None or first is None:
            raise NoBlock("")
        return self._layer(*layer, first, node), [first]

    def _layer(self, layer: str, arguments: dict[str, Any], first: fx.Node, node: fx.Node) -> Chain:
        before, after = self.shape(first), self.shape(node)
        if layer in UNCHANGED or (layer in SHAPED and before == after):
            return []
        if layer in SHAPED:
            return reshaped(before, after)
        if layer.startswith("Adaptive"):
            return adaptive(layer, before, after)
        return [block_of(layer, arguments, [before])]

    # the document

    def _id(self, node: fx.Node) -> str:
        """Its name in the module: "features.0"; for a function that of the module it is called in, and its own."""
        if node.op == "call_module":
            return _clean(_path(node))
        stack = [path for path, _ in (node.meta.get("nn_module_stack") or {}).values()]
        inside = _without_prefix(str(stack[-1])) if stack else ""
        return _clean(f"{inside}.{self.name(node)}") if inside else ""

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
            return read_network({"format": 1, "name": self.title[:120], "nodes": nodes, "edges": edges})
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
        return type(self.modules[str(node.target)]).__name__ if node.op == "call_module" else self.name(node)

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
