"""read_onnx(data): an ONNX file as a network document, with a word on what was left out.

Only the structure is read: weights are skipped unread, nothing is run, nothing outside the bytes is looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from math import prod
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError
from onnx import GraphProto, ModelProto, TensorProto, ValueInfoProto

from playground.blocks import CATALOGUE
from playground.blocks.base import Block, Settings
from playground.expansion import check_inputs
from playground.fields import FieldSpec
from playground.network import MAX_EDGES, MAX_NODES, DocumentError, Network, load_network, read_network
from playground.operators import Match, Stored, Unreadable
from playground.plan import NotTrainable, plan
from playground.sameness import signature
from playground.settings import SettingError, make_block
from playground.shapes import Shape, ShapeError
from webapp.exchange.graph import FOLDED, OLDEST_OPSET, Graph, Operation, computed, shortened
from webapp.exchange.onnx_out import DOCUMENT
from webapp.exchange.patterns import Bound, known_operators, match, readers
from webapp.exchange.refusal import Unsupported
from webapp.exchange.wire import Damaged, TooMuch, outline

NEWEST_OPSET = 30
MOST_SAID = 12
"""Sentences in one refusal."""
MOST_NAMED = 4
"""Operators of a kind that are named."""
SHAPES = {"Shape", "Size"}
NUMBERS = {TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.BFLOAT16}
ENDINGS = {"LogSoftmax": "its last operator, LogSoftmax, was left out: the loss here takes it along"}


class Imported(NamedTuple):
    """The document and a sentence for each thing that was left out or read in another way."""

    network: Network
    remarks: list[str]


def read_onnx(data: bytes | memoryview, name: str = "") -> Imported:
    """The network in an ONNX file. `name`: of the file, for networks that have none. Raises Unsupported."""
    model = _parsed(data)
    reading = _Reading(model, name)
    network, remarks = reading.network(), reading.remarks
    kept = next((each.value for each in model.metadata_props if each.key == DOCUMENT), None)
    if kept is None:
        return Imported(network, remarks)
    own = _own_document(kept, network)
    if own is None:
        remarks.insert(0, "The file also holds a document of the playground, but its operators have been changed since;"
                       " the operators were read.")  # fmt: skip
        return Imported(network, remarks)
    return Imported(own, [remark for remark in remarks if remark == WEIGHTS])


WEIGHTS = "The weights of the file were left out; training starts anew."


def _own_document(text: str, network: Network) -> Network | None:
    """The document in the metadata, where it computes what the operators do."""
    try:
        own = load_network(text)
        return own if signature(plan(own)) == signature(plan(network)) else None
    except (DocumentError, NotTrainable):
        return None


def _parsed(data: bytes | memoryview) -> ModelProto:
    try:
        model = ModelProto.FromString(outline(data))
    except (Damaged, DecodeError) as error:
        raise Unsupported("This is not an ONNX file, or not the whole of one. Export it again.") from error
    except TooMuch as error:
        raise Unsupported("The file describes far more than a network has. Export the network alone.") from error
    if not model.HasField("graph") or not model.graph.output:
        raise Unsupported("The file holds no network. Choose a file that ends in .onnx.")
    return model


class _Reading:
    """A file while it is read: each operator in order becomes blocks, a known value, or waits for one that takes it."""

    def __init__(self, model: ModelProto, name: str) -> None:
        self.opset = max((each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}), default=1)
        if not OLDEST_OPSET <= self.opset <= NEWEST_OPSET:
            raise Unsupported(
                f"The file uses version {self.opset} of ONNX's operators; versions {OLDEST_OPSET} to {NEWEST_OPSET}"
                " can be read. Export it with another opset."
            )
        self.graph = Graph(model.graph)
        self.name = _title(model.graph.name, name)
        self.remarks: list[str] = []
        self.nodes: list[dict[str, Any]] = []
        self.edges: list[tuple[str, str]] = []
        self.sources: dict[str, str] = {}
        """The block that makes each value."""
        self.shapes: dict[str, Shape] = {}
        """Of each value, for one image."""
        self.missing: dict[str, tuple[Operation, str]] = {}
        """Values that no block makes, with the operator that does and what is in the way."""
        self.batch = 1
        self.ids: set[str] = set()
        self.given: set[str] = set()
        """Weights that the file leaves to whoever runs it."""
        self.used: Counter[str] = Counter()
        self._begin(model.graph)

    # the image

    def _begin(self, graph: GraphProto) -> None:
        """The first input that is no weight is the image; those behind it are weights that somebody else gives."""
        given = [each for each in graph.input if each.name not in self.graph.constants]
        if not given:
            raise Unsupported("The file has no input. Export a network that takes images.")
        image, *others = given
        for each in others:
            sides = _sides(each)
            if sides is None or any(side is None for side in sides):
                raise Unsupported(
                    f"The file has {len(given)} inputs; a network here has one, the image. Export one that takes images"
                    " alone."
                )
            self.graph.constants[each.name] = Stored(tuple(side or 0 for side in sides), None)
            self.given.add(each.name)
        batch, *rest = self._image_sides(image)
        self.batch = batch or 1
        turned = self._turned(image.name, rest)
        shape = turned or tuple(rest)
        params = dict(zip(("channels", "height", "width"), shape if len(shape) == 3 else (1, 1, *shape), strict=True))
        source = self._block("input", params, [], "input")
        self._value(image.name, source, make_block("input", params).shape())
        if len(shape) == 1:
            flat = self._block("flatten", {}, [source], "flatten")
            self._value(image.name, flat, shape)
            self.remarks.append(f"The file takes vectors; here they are images of 1×{shape[0]}, flattened.")

    def _image_sides(self, image: ValueInfoProto) -> list[int]:
        sides = _sides(image)
        if sides is None or len(sides) not in {2, 4}:
            told = f"{len(sides)} dimensions" if sides else "no shape"
            raise Unsupported(
                f"The input '{shortened(image.name)}' has {told}; images have four: batch, channels, height and width."
                " Export the network with a batch of images."
            )
        if any(side is None for side in sides[1:]):
            raise Unsupported(
                "Channels, height and width of the image must be numbers; only the batch may vary. Export the network"
                " for one size of image."
            )
        params = dict(zip(("channels", "height", "width"), [*([1] * (4 - len(sides))), *sides[1:]], strict=True))
        try:
            make_block("input", {name: side for name, side in params.items() if name != "height" or len(sides) == 4})
        except SettingError as error:
            raise Unsupported(
                f"The image of the file is too large or too small: {error.message} {error.hint}"
            ) from error
        return [sides[0] or 0, *(side or 0 for side in sides[1:])]

    def _turned(self, image: str, sides: list[int]) -> Shape | None:
        """An image whose channels come last, where a Transpose behind it puts them first."""
        readers = [each for each in self.graph.order if image in each.inputs]
        turns = len(readers) == 1 and readers[0].op == "Transpose" and readers[0].attributes.get("perm") == [0, 3, 1, 2]
        if not turns or len(sides) != 3:
            return None
        self.graph.order.remove(readers[0])
        rest = [
            each._replace(inputs=tuple(image if name == readers[0].outputs[0] else name for name in each.inputs))
            for each in self.graph.order
        ]
        self.graph.order[:] = rest
        self.graph.makers.update({output: each for each in rest for output in each.outputs})
        self.remarks.append("The file takes images with their channels last; here channels come first.")
        return (sides[2], sides[0], sides[1])

    # operators

    def network(self) -> Network:
        """The document. Raises Unsupported, with all that has no block here named at once."""
        for operation in self.graph.order:
            self._read(operation)
        output = self._without_ending(self.graph.outputs[0])
        if output in self.missing:
            raise Unsupported(self._no_block(output))
        if output not in self.sources:
            raise Unsupported("The output of the file does not depend on its image.")
        self._block("output", {}, [self.sources[output]], "output")
        self._tell(output)
        return self._document()

    def _read(self, operation: Operation) -> None:
        first = operation.inputs[0] if operation.inputs else ""
        known = [self.graph.constants.get(name) for name in operation.inputs]
        if operation.op in SHAPES and first in self.shapes:
            sides = (self.batch, *self.shapes[first])
            self.graph.constants[operation.outputs[0]] = (
                Stored((len(sides),), sides) if operation.op == "Shape" else Stored((), (prod(sides),))
            )
            return
        if all(value is not None or not name for name, value in zip(operation.inputs, known, strict=True)):
            found = computed(operation, known, self.opset)
            if found is not None:
                self.graph.constants[operation.outputs[0]] = found
                return
        if _passes_on(operation) and first in self.sources:
            self._value(operation.outputs[0], self.sources[first], self.shapes[first])
            return
        reason = ""
        for pattern, block in readers().get(operation.op, ()):
            for bound in match(pattern, operation, self.graph):
                try:
                    if self._becomes(block, bound, operation):
                        return
                except (Unreadable, ShapeError, SettingError) as error:
                    reason = reason or (
                        str(error) if isinstance(error, Unreadable) else f": {error.message} {error.hint}"
                    )
        nowhere = [name for name in operation.inputs if name and not self._is_known(name)]
        if nowhere:
            reason = f"reads '{shortened(nowhere[0])}', which nothing makes"
        self.missing.update(dict.fromkeys(filter(None, operation.outputs), (operation, reason)))

    def _is_known(self, name: str) -> bool:
        return name in self.sources or name in self.graph.constants or name in self.missing

    def _becomes(self, block: type[Block], bound: Bound, operation: Operation) -> bool:
        """Put the block into the document; False where the operators are not it."""
        values = [name for key in sorted(bound.names, key=_place) if _place(key) >= 0 for name in bound.names[key]]
        if any(name not in self.shapes for name in values):
            return False
        shapes = tuple(self.shapes[name] for name in values)
        constants = {key: self.graph.constants.get(names[0]) for key, names in bound.names.items() if _place(key) < 0}
        attributes = {op: each.attributes for op, each in bound.operations.items()}
        found = _settings(block, Match(shapes, attributes, constants, self.opset))
        if found is None:
            return False
        chain = [(block.kind, found)] if isinstance(found, dict) else found
        made = []
        for kind, params in chain:
            plain = _plain(kind, params)
            inner = make_block(kind, plain)
            check_inputs(inner, shapes)
            shapes = (inner.shape(*shapes),)
            made.append((kind, plain))
        sources = [self.sources[name] for name in values]
        for kind, plain in made:
            sources = [self._block(kind, plain, sources, _readable(operation.name, operation.op))]
        self._value(operation.outputs[0], sources[0], shapes[0])
        self.used.update({name for key, names in bound.names.items() for name in names if key == "weight"})
        return True

    def _block(self, kind: str, params: Settings, sources: list[str], wanted: str) -> str:
        if len(self.nodes) > 4 * MAX_NODES:
            raise Unsupported(f"The file has more operators than the {MAX_NODES:,} blocks of a network. Split it.")
        base = wanted or kind
        count = 1 if wanted else 0
        id = base
        while not count or id in self.ids:
            count += 1
            id = f"{base}{'_' if base[-1:].isdigit() else ''}{count}"
        self.ids.add(id)
        self.nodes.append({"id": id, "block": kind, **({"params": params} if params else {})})
        self.edges += [(source, id) for source in sources]
        return id

    def _value(self, name: str, source: str, shape: Shape) -> None:
        self.sources[name], self.shapes[name] = source, shape
        self.graph.images.add(name)

    # what is left

    def _without_ending(self, output: str) -> str:
        """The value before an operator that the loss takes along."""
        for op, words in ENDINGS.items():
            found = self.graph.maker(output)
            while found and _passes_on(found):
                output = found.inputs[0]
                found = self.graph.maker(output)
            if found and found.op == op and found.inputs[0] in self.sources:
                self.remarks.append(f"{words[0].upper()}{words[1:]}.")
                return found.inputs[0]
        return output

    def _no_block(self, output: str) -> str:
        """Every operator that stands in the way, with names."""
        found: dict[str, list[str]] = {}
        """What is to be said of them, and the operators it is said of."""
        seen = self._in_the_way(output)
        for operation in self.graph.order:
            if operation.outputs[0] not in seen:
                continue
            _, reason = self.missing[operation.outputs[0]]
            before = any(name in self.missing for name in operation.inputs)
            if reason or not before or operation.op not in known_operators() | set(FOLDED) | SHAPES:
                found.setdefault(f"{operation.op}|{reason}", []).append(operation.short_name)
        said = [_sentence(*key.split("|", 1), names) for key, names in found.items()]
        more = f" {len(said) - MOST_SAID} kinds of operators more are in the way." if len(said) > MOST_SAID else ""
        return f"{' '.join(said[:MOST_SAID])}{more} Replace or remove what is named and export the file again."

    def _in_the_way(self, output: str) -> set[str]:
        """Values before the output that no block makes."""
        seen: set[str] = set()
        waiting = [output]
        while waiting:
            value = waiting.pop()
            if value in self.missing and value not in seen:
                operation, _ = self.missing[value]
                seen.update(operation.outputs)
                waiting += operation.inputs
        return seen

    def _tell(self, output: str) -> None:
        if len(self.graph.outputs) > 1:
            others = ", ".join(f"'{shortened(each)}'" for each in self.graph.outputs[1:6])
            were = "was" if len(self.graph.outputs) == 2 else "were"
            self.remarks.append(f"Only the first output was read; {others} {were} left out.")
        if len(self.shapes[output]) != 1:
            self.remarks.append("The file ends in an image. Add what turns it into one score for each class.")
        if any(count > 1 for count in self.used.values()):
            self.remarks.append("Some layers of the file share their weights; here each has its own.")
        if any(name not in self.given for name in self.used):
            self.remarks.append(WEIGHTS)

    def _document(self) -> Network:
        """The blocks that lead to the output."""
        sources: dict[str, list[str]] = {}
        for source, target in self.edges:
            sources.setdefault(target, []).append(source)
        needed, waiting = {self.nodes[0]["id"]}, ["output"]
        while waiting:
            id = waiting.pop()
            if id not in needed:
                needed.add(id)
                waiting += sources.get(id, [])
        nodes = [node for node in self.nodes if node["id"] in needed]
        edges = [{"source": source, "target": target} for source, target in self.edges if target in needed]
        if len(nodes) > MAX_NODES or len(edges) > MAX_EDGES:
            raise Unsupported(f"The file needs {len(nodes):,} blocks; a network has at most {MAX_NODES:,}. Split it.")
        try:
            return read_network({"format": 1, "name": self.name, "nodes": nodes, "edges": edges})
        except DocumentError as error:
            raise Unsupported(f"The file cannot be written as a network: {error}") from error


def _settings(block: type[Block], found: Match) -> Settings | list[tuple[str, Settings]] | None:
    """What the block makes of the operators. A file may give an attribute any type; then the block stumbles."""
    try:
        return block.from_onnx(found)
    except Unreadable:
        raise
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise Unreadable("has attributes that no such operator has") from error


def _sentence(op: str, reason: str, names: list[str]) -> str:
    """ "Resize (up1, up2 and 3 more) has no block here." """
    listed = [name for name in names if name]
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    title = f"{op} ({', '.join(listed[:MOST_NAMED])}{more})" if listed else op
    if not reason:
        return f"{title} has no block here."
    return f"{title}{'' if reason[0] == ':' else ' '}{reason.rstrip('.')}."


def _plain(kind: str, params: Settings) -> Settings:
    """Without what is the default anyhow."""
    specs: dict[str, FieldSpec] = {spec.name: spec for spec in CATALOGUE[kind].fields()}
    return {name: value for name, value in params.items() if specs[name].default != value}


def _passes_on(operation: Operation) -> bool:
    """Whether it hands its value on as it is."""
    return operation.op == "Identity" or (operation.op == "Cast" and operation.attributes.get("to") in NUMBERS)


def _place(name: str) -> int:
    """x is 0, x2 is 2; -1 for the name of a constant."""
    if name == "x":
        return 0
    return int(name[1:]) if name[0] == "x" and name[1:].isdigit() else -1


def _sides(value: ValueInfoProto) -> list[int | None] | None:
    """Dimensions of an input, None for one that varies; None where it has no shape or is no tensor of numbers."""
    if not value.type.HasField("tensor_type") or not value.type.tensor_type.HasField("shape"):
        return None
    if value.type.tensor_type.elem_type not in NUMBERS:
        return None
    return [dim.dim_value if dim.HasField("dim_value") else None for dim in value.type.tensor_type.shape.dim]


def _readable(name: str, op: str) -> str:
    """ "/layer1/layer1.0/conv1/Conv" as "layer1.0.conv1"; only letters, digits, "_", "-" and "."."""
    parts = [part for part in name[:400].split("/") if part]
    if len(parts) > 1 and re.fullmatch(rf"{re.escape(op)}(_\d+)?", parts[-1]):
        parts.pop()
    kept = [part for part, after in zip(parts, [*parts[1:], ""], strict=False) if not after.startswith(f"{part}.")]
    joined = re.sub(r"[^A-Za-z0-9_.-]+", "_", ".".join(kept)).strip("_.")
    return joined[-48:].strip("_.")


def _title(graph: str, file: str) -> str:
    """The file's name where the graph has none of its own."""
    stem = re.sub(r"\.onnx$", "", file.rpartition("/")[2], flags=re.IGNORECASE)
    own = "" if graph in {"", "main_graph", "torch_jit", "torch-jit-export"} else graph
    return shortened(own or stem)[:120].strip() or "Imported"
