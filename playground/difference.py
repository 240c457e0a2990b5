"""The difference between two networks and between two recipes, as data that can be drawn, told and applied.

Blocks are matched by their id first, where both are of one family; what is left is matched along the order in which
blocks run, equal settings before equal kinds. Places on the drawing and the network's name are no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel, ConfigDict

from playground.blocks import CATALOGUE
from playground.datasets import is_own
from playground.fields import FieldSpec, describe
from playground.fixes import Document
from playground.labels import unique
from playground.network import Edge, Network, Node
from playground.recipe import Recipe
from playground.settings import SettingError, make_block
from playground.wiring import Wiring
from playground.words import counted, listed

BLOCK, LABEL, STAGE = "block", "label", "stage"
OWN = {BLOCK: "Block", LABEL: "Name", STAGE: "Stage"}
"""Fields of the document beside the settings; no setting has such a name."""


class FieldChange(BaseModel):
    """One setting with another value."""

    model_config = ConfigDict(frozen=True)
    name: str
    label: str
    before: Any
    """As a document has it; None where it was not there."""
    after: Any
    before_words: str
    after_words: str


class BlockMatch(BaseModel):
    """A block that is in both networks, by its id in each. Without changes it is the same."""

    model_config = ConfigDict(frozen=True)
    before: str
    after: str
    label: str
    """Of the block after."""
    changes: list[FieldChange]


class OneBlock(BaseModel):
    """A block that only one of the networks has, as its document has it."""

    model_config = ConfigDict(frozen=True)
    id: str
    label: str
    node: dict[str, Any]


class Wire(BaseModel):
    """An edge, by the ids of its own network."""

    model_config = ConfigDict(frozen=True)
    source: str
    target: str


class Difference(BaseModel):
    """From one network to another."""

    model_config = ConfigDict(frozen=True)
    matches: list[BlockMatch]
    added: list[OneBlock]
    removed: list[OneBlock]
    wires_added: list[Wire]
    """By ids of the network after. With the wires that were removed they give each block's inputs in order."""
    wires_removed: list[Wire]
    """By ids of the network before."""

    @property
    def changed(self) -> list[BlockMatch]:
        return [match for match in self.matches if match.changes]

    @property
    def empty(self) -> bool:
        return not (self.changed or self.added or self.removed or self.wires_added or self.wires_removed)


def difference(before: Network, after: Network) -> Difference:
    """What has to be done to the first to have the second."""
    ones = {node.id: node for node in before.nodes}
    names = _names(after)
    pairs = _matched(before, after)
    back = {new: old for old, new in pairs.items()}
    matches = [
        BlockMatch(
            before=back[node.id],
            after=node.id,
            label=names[node.id],
            changes=_changes(ones[back[node.id]], node),
        )
        for node in after.nodes
        if node.id in back
    ]
    removed_wires, added_wires = _rewired(before, after, pairs)
    return Difference(
        matches=matches,
        added=[_one(node) for node in after.nodes if node.id not in back],
        removed=[_one(node) for node in before.nodes if node.id not in pairs],
        wires_added=[Wire(source=edge.source, target=edge.target) for edge in added_wires],
        wires_removed=[Wire(source=edge.source, target=edge.target) for edge in removed_wires],
    )


def applied(before: Network, change: Difference) -> Network:
    """The network after. Blocks that stayed come first and have their places, new ones follow without."""
    names = {match.before: match.after for match in change.matches}
    changes = {match.before: match.changes for match in change.matches}
    nodes = [_changed(node, names[node.id], changes[node.id]) for node in before.nodes if node.id in names]
    nodes += [Node.model_validate(each.node) for each in change.added]
    gone = Counter((wire.source, wire.target) for wire in change.wires_removed)
    edges = []
    for edge in before.edges:
        if gone[edge.source, edge.target]:
            gone[edge.source, edge.target] -= 1
        else:
            edges.append(Edge(source=names[edge.source], target=names[edge.target]))
    edges += [Edge(source=wire.source, target=wire.target) for wire in change.wires_added]
    return Network(name=before.name, nodes=nodes, edges=edges)


def in_words(change: Difference, recipe: Sequence[FieldChange] = ()) -> str:
    """ "2 blocks added, Conv 5×5 changed, rate 0.05 → 0.01"; "no change" for none. Short, for lists."""
    parts = []
    for word, blocks in (("added", change.added), ("removed", change.removed), ("changed", change.changed)):
        if len(blocks) == 1:
            parts.append(f"{blocks[0].label} {word}")
        elif blocks:
            parts.append(f"{counted(len(blocks), 'block', 'blocks')} {word}")
    if not parts and not change.empty:
        parts.append("wires changed")
    told = [f"{each.label.lower()} {each.before_words} → {each.after_words}" for each in recipe]
    parts += told if len(told) < 3 else [f"{len(told)} settings of the recipe changed"]
    words = ", ".join(parts) or "no change"
    return words[0].upper() + words[1:]


def recipe_changes(before: Recipe, after: Recipe) -> list[FieldChange]:
    """Settings that differ, in the order of the form."""
    was, now = before.model_dump(mode="json"), after.model_dump(mode="json")
    return [_change(spec, was[spec.name], now[spec.name]) for spec in RECIPE_FIELDS if was[spec.name] != now[spec.name]]


RECIPE_FIELDS = describe(Recipe)


def value_words(spec: FieldSpec | None, value: Any) -> str:
    """A setting's value as people read it: "3×3", "He normal", "on"."""
    if value is None:
        return "none"
    if spec is not None and spec.kind == "network":
        return counted(len(value.get("nodes", [])), "block", "blocks")
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return "×".join(str(part) for part in value)
    if spec is not None and spec.name == "dataset" and is_own(value):
        return "own data"  # its title is not in the recipe, and the rest of its name tells nobody anything
    if spec is not None:
        label = next((choice.label for choice in spec.choices if choice.value == value), None)
        if label is not None:
            return label
    text = f"{value:,}" if isinstance(value, int) and spec is not None and spec.name != "seed" else str(value)
    text = f"{value:g}" if isinstance(value, float) else text
    return f"{text} {spec.unit}" if spec is not None and spec.unit and not isinstance(value, str) else text


# Matching


def _matched(before: Network, after: Network) -> dict[str, str]:
    """Ids before by ids after."""
    ones = {node.id: node for node in before.nodes}
    pairs = {node.id: node.id for node in after.nodes if node.id in ones and _family(ones[node.id]) == _family(node)}
    for key in (_same, _alike):
        _match_rest(before, after, pairs, key)
    return pairs


def _match_rest(before: Network, after: Network, pairs: dict[str, str], key: Any) -> None:
    """Further pairs, between those that are there: what has an equal key, in one order in both networks."""
    taken = {new: old for old, new in pairs.items()}
    sides: list[list[Hashable]] = []
    orders: list[list[str]] = []
    for network, known in ((before, {old: old for old in pairs}), (after, taken)):
        nodes = {node.id: node for node in network.nodes}
        order = [name for name in _order(network) if name in nodes]
        orders.append(order)
        sides.append([("=", known[name]) if name in known else key(nodes[name]) for name in order])
    if not any(name not in pairs for name in orders[0]) or not any(name not in taken for name in orders[1]):
        return
    for start, other, length in SequenceMatcher(None, sides[0], sides[1], autojunk=False).get_matching_blocks():
        for step in range(length):
            old, new = orders[0][start + step], orders[1][other + step]
            if old not in pairs and new not in taken:
                pairs[old] = new


def _order(network: Network) -> list[str]:
    return Wiring([node.id for node in network.nodes], [(e.source, e.target) for e in network.edges]).order


def _same(node: Node) -> Hashable:
    return node.block, repr(sorted(_settings(node).items())), node.label


def _alike(node: Node) -> Hashable:
    return node.block


def _family(node: Node) -> str:
    block = CATALOGUE.get(node.block)
    return block.family if block else node.block


# Changes of a block


def _settings(node: Node) -> dict[str, Any]:
    """Every setting with its value, a pair of equals as one number; of a block that cannot be made, what is given."""
    try:
        block = make_block(node.block, node.params)
    except SettingError:
        return dict(node.params)
    return {spec.name: _plain(getattr(block, spec.name)) for spec in block.fields()}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return value[0] if len(value) == 2 and value[0] == value[1] else list(value)
    return value


def _specs(kind: str) -> Mapping[str, FieldSpec]:
    return {spec.name: spec for spec in CATALOGUE[kind].fields()} if kind in CATALOGUE else {}


def _changes(one: Node, other: Node) -> list[FieldChange]:
    was: dict[str, Any] = {LABEL: one.label, STAGE: one.stage}
    now: dict[str, Any] = {LABEL: other.label, STAGE: other.stage}
    specs = {**_specs(one.block), **_specs(other.block)}
    if one.block != other.block:
        was, now = {BLOCK: one.block, **was}, {BLOCK: other.block, **now}
    before, after = _settings(one), _settings(other)
    changes = [
        FieldChange(
            name=name,
            label=label,
            before=was[name],
            after=now[name],
            before_words=_own_words(name, was[name]),
            after_words=_own_words(name, now[name]),
        )
        for name, label in OWN.items()
        if was.get(name) != now.get(name)
    ]
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            spec = specs.get(name) or FieldSpec(name=name, label=name, kind="text", default=None)
            changes.append(_change(spec, before.get(name), after.get(name)))
    return changes


def _own_words(name: str, value: str | None) -> str:
    return CATALOGUE[value].label if name == BLOCK and value in CATALOGUE else value or "none"


def _change(spec: FieldSpec, before: Any, after: Any) -> FieldChange:
    return FieldChange(
        name=spec.name,
        label=spec.label,
        before=before,
        after=after,
        before_words=value_words(spec, before),
        after_words=value_words(spec, after),
    )


def _changed(node: Node, name: str, changes: Sequence[FieldChange]) -> Node:
    data: Document = node.model_dump(exclude_unset=True) | {"id": name}
    params = _settings(node) if changes else dict(node.params)
    for change in changes:
        if change.name in OWN:
            data[change.name] = change.after
        elif change.after is None:
            params.pop(change.name, None)
        else:
            params[change.name] = change.after
    return Node.model_validate(data | {"params": params})


def _label(node: Node) -> str:
    if node.label:
        return node.label
    try:
        return make_block(node.block, node.params).default_label()
    except SettingError:
        return CATALOGUE[node.block].label if node.block in CATALOGUE else node.block


def _names(network: Network) -> dict[str, str]:
    """A name for each block that no other of the network has."""
    return dict(zip([node.id for node in network.nodes], unique([_label(node) for node in network.nodes]), strict=True))


def _one(node: Node) -> OneBlock:
    return OneBlock(id=node.id, label=_label(node), node=node.model_dump(mode="json", exclude_unset=True))


# Wires


def _rewired(before: Network, after: Network, pairs: Mapping[str, str]) -> tuple[list[Edge], list[Edge]]:
    """(removed, added), as few as give every block its inputs in order."""
    removed: list[Edge] = []
    added: list[Edge] = []
    back = {new: old for old, new in pairs.items()}
    old_inputs = _inputs(before)
    new_inputs = _inputs(after)
    for node in after.nodes:
        was = old_inputs.get(back.get(node.id, ""), [])
        now = new_inputs.get(node.id, [])
        left = Counter(now)
        gone: list[str] = []
        stay: list[str] = []
        for edge in was:
            name = pairs.get(edge)
            if name is not None and left[name]:
                left[name] -= 1
                stay.append(name)
            else:
                gone.append(edge)
        kept = len(stay)
        if stay != now[:kept]:  # their order differs: all of them anew
            gone, kept = was, 0
        removed += [Edge(source=edge, target=back[node.id]) for edge in gone]
        added += [Edge(source=edge, target=node.id) for edge in now[kept:]]
    for node in before.nodes:
        if node.id not in pairs:
            removed += [Edge(source=edge, target=node.id) for edge in old_inputs.get(node.id, [])]
    return removed, added


def _inputs(network: Network) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in network.edges:
        found.setdefault(edge.target, []).append(edge.source)
    return found


def summary(change: Difference) -> str:
    """ "3 added, 1 removed, 2 changed, 12 the same"."""
    changed = len(change.changed)
    counts = [(len(change.added), "added"), (len(change.removed), "removed"), (changed, "changed")]
    parts = [f"{count} {word}" for count, word in counts if count]
    return listed([*parts, f"{len(change.matches) - changed} the same"])
