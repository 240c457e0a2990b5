"""Two networks in one drawing, with what was added, removed and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from playground.difference import BlockMatch, Difference
from playground.network import Network

Mark = Literal["same", "changed", "added", "removed"]


class DrawnBlock(BaseModel):
    """A block of the drawing of both networks in one."""

    model_config = ConfigDict(frozen=True)
    id: str
    """Unique in the drawing."""
    mark: Mark
    of: Literal["before", "after"]
    """Whose block it is: the network after, but for what was removed."""
    node: str
    """Its id there."""


class DrawnWire(BaseModel):
    """A wire of the drawing, by ids of the drawing."""

    model_config = ConfigDict(frozen=True)
    source: str
    target: str
    mark: Literal["same", "added", "removed"]


class Drawn(BaseModel):
    """Both networks in one drawing. A wire that only opens or closes the gap around other blocks is left out."""

    model_config = ConfigDict(frozen=True)
    blocks: list[DrawnBlock]
    wires: list[DrawnWire]


def drawn(before: Network, after: Network, change: Difference) -> Drawn:
    """Both networks in one drawing."""
    back = {match.after: match for match in change.matches}
    taken = {node.id for node in after.nodes}
    names = {match.before: match.after for match in change.matches}
    for each in change.removed:
        name = each.id
        while name in taken:
            name = f"{name}'"
        names[each.id] = name
        taken.add(name)
    blocks = [DrawnBlock(id=node.id, mark=_mark(back.get(node.id)), of="after", node=node.id) for node in after.nodes]
    blocks += [DrawnBlock(id=names[each.id], mark="removed", of="before", node=each.id) for each in change.removed]
    return Drawn(blocks=blocks, wires=_drawn_wires(before, after, change, names))


def _mark(match: BlockMatch | None) -> Mark:
    return "added" if match is None else "changed" if match.changes else "same"


def _drawn_wires(before: Network, after: Network, change: Difference, names: Mapping[str, str]) -> list[DrawnWire]:
    old = {(names[edge.source], names[edge.target]) for edge in before.edges}
    new = {(edge.source, edge.target) for edge in after.edges}
    fresh = {each.id for each in change.added}
    gone = {names[each.id] for each in change.removed}
    wires = [
        DrawnWire(source=source, target=target, mark="same" if (source, target) in old else "added")
        for source, target in dict.fromkeys((edge.source, edge.target) for edge in after.edges)
        if (source, target) in old or not _bridged(source, target, old, gone)
    ]
    return wires + [
        DrawnWire(source=source, target=target, mark="removed")
        for source, target in dict.fromkeys((names[edge.source], names[edge.target]) for edge in before.edges)
        if (source, target) not in new and not _bridged(source, target, new, fresh)
    ]


def _bridged(source: str, target: str, wires: set[tuple[str, str]], through: set[str]) -> bool:
    """A way of at least one block between leads through these blocks alone."""
    waiting, seen = [source], {source}
    while waiting:
        name = waiting.pop()
        for start, end in wires:
            if start != name or end in seen:
                continue
            if end == target and name != source:
                return True
            if end in through:
                seen.add(end)
                waiting.append(end)
    return False
