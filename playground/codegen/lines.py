"""What a class of the generated file is made of: lines, and the chains of layers that nn.Sequential can hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from playground.blocks.base import Shape
from playground.codegen.names import identifier


class Line(NamedTuple):
    """One block: a layer made in the constructor, or an expression in forward."""

    name: str
    made: str | None
    expression: str | None
    inputs: tuple[str, ...]
    shape: Shape | None = None
    """For the comment; None where the class serves several shapes."""
    note: str = ""
    """What stands behind the layer: "c1: 6×28×28"."""
    section: str = ""
    """Layers of different sections never share a Sequential."""
    weights: Mapping[str, str] = {}
    """Steps of the plan that have weights, each with its module's path inside this layer; "" is the layer itself."""
    works: bool = False
    """A convolution or a dense layer."""
    joins: bool = False
    """A function of several values."""
    auxiliary: bool = False
    """Runs while training alone."""


class Chain(NamedTuple):
    """Layers that run one behind the other, or a single function."""

    lines: tuple[Line, ...]

    @property
    def made(self) -> bool:
        return self.lines[0].made is not None

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.lines[0].inputs

    @property
    def last(self) -> Line:
        return self.lines[-1]

    def wanted_name(self) -> str:
        """Named after the layer that works; "convs" for conv1 and conv2; after the last for other mixtures."""
        if len(self.lines) == 1:
            return identifier(self.lines[0].name)
        working = [line.name for line in self.lines if line.works]
        working = working or [next((line for line in self.lines if line.weights), self.lines[0]).name]
        stems = {re.sub(r"\d+$", "", name) for name in working}
        if len(working) > 1 and len(stems) == 1 and (stem := stems.pop()):
            return f"{identifier(stem)}s"
        return identifier(working[-1])


def heads_last(lines: Sequence[Line], heads: Sequence[str]) -> list[Line]:
    """The way to the scores, then the way to each head; `heads` are the lines whose values they give."""
    ordered = {line.name: line for line in lines if not line.auxiliary}
    for head in heads:
        wanted = {head}
        for line in reversed(lines):
            if line.name in wanted:
                wanted.update(line.inputs)
        ordered |= {line.name: line for line in lines if line.name in wanted and line.name not in ordered}
    return list(ordered.values())


def _alike(one: Line, other: Line) -> bool:
    return (one.section, one.auxiliary) == (other.section, other.auxiliary)


def chains(lines: Sequence[Line]) -> list[Chain]:
    """The lines in order, layers that only follow one another taken together."""
    readers = Counter(name for line in lines for name in line.inputs)
    open_at: dict[str, list[Line]] = {}
    """Chains by the name of their last layer."""
    found: list[list[Line]] = []
    for line in lines:
        before = open_at.pop(line.inputs[0], None) if line.made and len(line.inputs) == 1 else None
        if before and readers[line.inputs[0]] == 1 and _alike(before[-1], line):
            before.append(line)
            chain = before
        else:
            chain = [line]
            found.append(chain)
        if line.made:
            open_at[line.name] = chain
    return [Chain(tuple(chain)) for chain in found]
