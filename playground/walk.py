"""The walk through a network: each block is measured after what feeds it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property, partial

from playground import fixes, receptive_field
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

DEFAULT_RECIPE = Recipe()


class Walked:
    """A network with every block measured that can be. An error leaves a block and all behind it without a measure."""

    def __init__(self, network: Network, recipe: Recipe | None = None) -> None:
        self.network = network
        self.recipe = recipe or DEFAULT_RECIPE
        """How it is to be trained."""
        self.nodes: dict[str, Node] = {node.id: node for node in network.nodes}
        self.wiring = Wiring(list(self.nodes), [(edge.source, edge.target) for edge in network.edges])
        self.measures: dict[str, Measure] = {}
        self.fields: dict[str, Field] = {}
        self.depths: dict[str, int] = {}
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
        sources = self.wiring.inputs[node]
        if any(source not in self.measures for source in sources):
            return None
        return tuple(self.measures[source].shape for source in sources)

    def totals(self) -> Totals:
        """Sums over what was measured."""
        found = self.measures.values()
        return Totals(
            parameters=sum(each.parameters for each in found),
            macs=sum(each.macs for each in found),
            activation_bytes=sum(each.activation_bytes for each in found),
            depth=max(self.depths.values(), default=0),
        )

    def node_analysis(self, node: Node, opened: bool) -> NodeAnalysis:
        """What the page shows of one block."""
        sources = self.wiring.inputs[node.id]
        inputs = [list(self.measures[source].shape) for source in sources if source in self.measures]
        found = self.measures.get(node.id)
        if found is None:
            return NodeAnalysis.model_construct(
                block=node.block, label=self.label(node), inputs=inputs, shape=None, parameters=0, macs=0,
                receptive_field=None, activation_bytes=0, formulas={}, inside=None,
            )  # fmt: skip
        before = self._field_before(node.id)
        inside = _inside(node.id, found, before) if opened and found.block.composite else None
        return NodeAnalysis.model_construct(
            block=node.block,
            label=node.label or found.label,
            inputs=inputs,
            shape=list(found.shape),
            parameters=found.parameters,
            macs=found.macs,
            receptive_field=_published(self.fields[node.id]),
            activation_bytes=found.activation_bytes,
            formulas=found.formulas,
            inside=inside,
        )

    def _field_before(self, node: str) -> Field:
        fields = [self.fields[source] for source in self.wiring.inputs[node]]
        return receptive_field.union(fields) if fields else PIXEL

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
        self.fields[node.id] = self._field_before(node.id).after(found.field)
        before = max((self.depths[source] for source in self.wiring.inputs[node.id]), default=0)
        self.depths[node.id] = before + found.depth
        self.measures[node.id] = found

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


def _inside(owner: str, found: Measure, before: Field) -> list[InnerNode]:
    labels = unique([part.primitive.block.default_label() for part in found.parts])
    return [
        InnerNode.model_construct(
            id=f"{owner}/{part.primitive.name}",
            block=part.primitive.block.kind,
            label=label,
            params=part.primitive.block.model_dump(mode="json"),
            inputs=["in" if name == "in" else f"{owner}/{name}" for name in part.primitive.inputs],
            shape=list(part.primitive.shape),
            parameters=part.parameters,
            macs=part.macs,
            receptive_field=_published(before.after(part.field)),
            activation_bytes=part.activation_bytes,
        )
        for label, part in zip(labels, found.parts, strict=True)
    ]
