"""The walk through a network: each block is measured after what feeds it."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property, partial

from playground import fixes, memory, receptive_field, stated, sums
from playground.blocks import CATALOGUE
from playground.blocks.base import Shape, ShapeError
from playground.findings import InnerNode, NodeAnalysis, ReceptiveField, Totals
from playground.labels import unique
from playground.measure import Measure, measure
from playground.network import Network, Node
from playground.notes import Note
from playground.receptive_field import PIXEL, Field
from playground.recipe import Recipe
from playground.settings import SettingError, make_block
from playground.shapes import JoinError
from playground.wiring import Wiring


class Walked:
    """A network with every block measured that can be. An error leaves a block and all behind it without a measure."""

    def __init__(self, network: Network, recipe: Recipe | None = None) -> None:
        self.network = network
        self.recipe = recipe or _default_recipe()
        """How it is to be trained."""
        self.nodes: dict[str, Node] = {node.id: node for node in network.nodes}
        self.wiring = Wiring(list(self.nodes), [(edge.source, edge.target) for edge in network.edges])
        self.measures: dict[str, Measure] = {}
        self.fields: dict[str, Field] = {}
        self.depths: dict[str, int] = {}
        self.sights: list[str] = []
        """Blocks that make an image each value of which sees a window of the input, not all of it; in order."""
        self._seeing_all: set[str] = set()
        self.notes: list[Note] = []
        """What is wrong with single blocks: settings and shapes."""
        self._labels: dict[str, str] = {}
        self._repeated: Counter[str] = Counter()

    @cached_property
    def document(self) -> fixes.Document:
        """The network as JSON-like data, for fixes."""
        return fixes.document(self.network)

    def of_kind(self, kind: str) -> list[str]:
        """Ids of the blocks of a kind, in the order of the document."""
        return [node.id for node in self.network.nodes if node.block == kind]

    def name(self, node: str) -> str:
        """The block's name in a sentence, with its id where the name is not the only one."""
        if not self._labels:
            self._labels = {each: self.label(self.nodes[each]) for each in self.nodes}
            self._repeated = Counter(self._labels.values())
        label = self._labels[node]
        return f"{label} ({node})" if self._repeated[label] > 1 else label

    def label(self, node: Node) -> str:
        """The user's name for a block, else the default."""
        if node.label:
            return node.label
        if node.id in self.measures:
            return self.measures[node.id].label
        try:
            return make_block(node.block, node.params).default_label()
        except SettingError:
            return CATALOGUE[node.block].label if node.block in CATALOGUE else f"'{node.block}'"

    def inputs(self, node: str) -> tuple[Shape, ...] | None:
        """Shapes that come in; None where one is unknown."""
        if node in self.measures:
            return self.measures[node].inputs
        sources = self.wiring.inputs[node]
        if any(source not in self.measures for source in sources):
            return None
        return tuple(self.measures[source].shape for source in sources)

    @cached_property
    def run_order(self) -> list[str]:
        """The order in which measured blocks run: the input first, the output last."""
        ends = {"input": -1, "output": 1}
        measured = [node for node in self.wiring.order if node in self.measures]
        return sorted(measured, key=lambda node: ends.get(self.nodes[node].block, 0))

    @cached_property
    def peak(self) -> memory.Peak:
        """When outputs take the most memory while one image runs through; places count in `inference_order`."""
        return memory.of_run(self.inference_order, self.wiring.inputs, self.measures)

    @cached_property
    def inference_order(self) -> list[str]:
        """`run_order` without what only auxiliary outputs read, which runs while training alone."""
        ends = self.of_kind("output")
        if not self.of_kind("auxiliary_output") or not ends:
            return self.run_order
        needed = self.wiring.reachable(ends[0], forward=False)
        return [node for node in self.run_order if node in needed]

    def totals(self) -> Totals:
        """Sums over what was measured, without their formulas."""
        return self._totals

    @cached_property
    def _totals(self) -> Totals:
        return sums.totals(self)

    def node_analysis(self, node: Node, opened: bool) -> NodeAnalysis:
        """What the page shows of one block."""
        found = self.measures.get(node.id)
        if found is None:
            sources = self.wiring.inputs[node.id]
            inputs = [list(self.measures[source].shape) for source in sources if source in self.measures]
            return NodeAnalysis.model_construct(
                block=node.block, label=self.label(node), inputs=inputs, shape=None, parameters=0, macs=0,
                receptive_field=None, activation_bytes=0, weight_bytes=0, formulas={}, inside=None,
            )  # fmt: skip
        before = tuple(self.fields[source] for source in self.wiring.inputs[node.id])
        closed = _analysed(found, node.label or found.label, before, self.fields[node.id])
        if opened and found.block.composite:
            return closed.model_copy(update={"inside": _inside(node.id, found, before[0])})
        return closed

    def visit(self, node: Node) -> None:
        """Measure one block, or note what is wrong with it."""
        inputs = self.inputs(node.id)
        try:
            if not inputs:
                block = make_block(node.block, node.params)
                if inputs is None or block.min_inputs:
                    return
            found = measure(node.block, node.params, inputs)
        except SettingError as error:
            self._note_setting(node, error)
            return
        except ShapeError as error:
            self._note_shape(node, error)
            return
        sources = self.wiring.inputs[node.id]
        fields = [self.fields[source] for source in sources]
        self.fields[node.id] = receptive_field.union(fields, inputs[0]).after(found.field) if inputs else PIXEL
        self.depths[node.id] = max((self.depths[source] for source in sources), default=0) + found.depth
        self.measures[node.id] = found
        if found.sees_all or not self._seeing_all.isdisjoint(sources):
            self._seeing_all.add(node.id)
        elif len(found.shape) == 3 and found.block.family != "data":
            self.sights.append(node.id)

    def _note_setting(self, node: Node, error: SettingError) -> None:
        if error.unknown_block:
            fix = partial(fixes.bypass, self.document, node.id)
            note = Note("error", "settings.E001", node.id, error.message, error.hint, "Take it out", fix)
        elif error.field:
            fix = partial(fixes.drop_param, self.document, node.id, error.field)
            note = Note("error", "settings.E002", node.id, error.message, error.hint, "Use the default", fix)
        else:
            note = Note("error", "settings.E002", node.id, error.message, error.hint)
        self.notes.append(note)

    def _note_shape(self, node: Node, error: ShapeError) -> None:
        message = error.message
        if isinstance(error, JoinError):
            message = error.named([self.name(source) for source in self.wiring.inputs[node.id]])
        note = Note("error", error.id, node.id, message, error.hint)
        if "set" in error.fix:
            fix = partial(fixes.set_params, self.document, node.id, error.fix["set"])
            note = note._replace(fix_label=error.fix["label"], fix=fix)
        elif "insert" in error.fix:
            insert = partial(
                fixes.insert_before, self.document, node.id, error.fix["insert"], error.fix.get("params", {})
            )
            note = note._replace(fix_label=error.fix["label"], fix=insert)
        self.notes.append(note)


def walk(network: Network, recipe: Recipe | None = None) -> Walked:
    """Measure every block of a network that can be measured. `recipe`: how it is to be trained; None: the default."""
    walked = Walked(network, recipe)
    for name in walked.wiring.order:
        walked.visit(walked.nodes[name])
    return walked


def _published(field: Field) -> ReceptiveField:
    (top, bottom, down), (left, right, across) = field
    return ReceptiveField.model_construct(
        size=(bottom - top + 1, right - left + 1),
        stride=(down, across),
        offset=((top + bottom) / 2, (left + right) / 2),
    )


_ANALYSED: dict[tuple[Measure, str, tuple[Field, ...]], NodeAnalysis] = {}
_ANALYSED_SIZE = 8_192


def _analysed(found: Measure, label: str, before: tuple[Field, ...], after: Field) -> NodeAnalysis:
    """A measured block as the page shows it, from memory where nothing in it or before it has changed."""
    key = (found, label, before)
    known = _ANALYSED.get(key)
    if known is not None:
        return known
    formulas = dict(found.formulas)
    formulas["receptive_field"] = stated.of_field(before, after, found.field, found.parts, found.shape)
    made = NodeAnalysis.model_construct(
        block=found.block.kind,
        label=label,
        inputs=[list(shape) for shape in found.inputs],
        shape=list(found.shape),
        parameters=found.parameters,
        macs=found.macs,
        receptive_field=_published(after),
        activation_bytes=found.activation_bytes,
        weight_bytes=found.weight_bytes,
        formulas=formulas,
        inside=None,
    )
    if found.remembered:
        if len(_ANALYSED) >= _ANALYSED_SIZE:
            _ANALYSED.clear()
        _ANALYSED[key] = made
    return made


def _inside(owner: str, found: Measure, before: Field) -> list[InnerNode]:
    labels = unique([part.primitive.block.default_label() for part in found.parts])
    fields = {"in": before}
    inner = []
    for place, (label, part) in enumerate(zip(labels, found.parts, strict=True)):
        primitive = part.primitive
        sources = [fields[name] for name in primitive.inputs]
        fields[primitive.name] = before.after(part.field)
        window = primitive.block.window(*primitive.input_shapes)
        own = receptive_field.of_window(window, primitive.input_shapes[0])
        field_formula = stated.of_field(sources, fields[primitive.name], own, (part,), primitive.shape)
        inner.append(
            InnerNode.model_construct(
                id=f"{owner}/{primitive.name}",
                block=primitive.block.kind,
                label=label,
                params=found.inner_params[place],
                inputs=["in" if name == "in" else f"{owner}/{name}" for name in primitive.inputs],
                shape=list(primitive.shape),
                parameters=part.parameters,
                macs=part.macs,
                receptive_field=_published(fields[primitive.name]),
                activation_bytes=part.activation_bytes,
                weight_bytes=part.weight_bytes,
                formulas={**found.inner_formulas[place], "receptive_field": field_formula},
            )
        )
    return inner


@cache
def _default_recipe() -> Recipe:
    return Recipe()
