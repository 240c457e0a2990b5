"""Patterns of operators: "Mul(x, Sigmoid(x))" is parsed once and matched against a file's operators, last one first."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from playground.blocks import CATALOGUE
from playground.blocks.base import Block
from webapp.exchange.graph import Graph, Operation

COMMUTATIVE = {"Add", "Mul"}


class Name(NamedTuple):
    """x, x1, *x: an input; anything else: a constant."""

    name: str
    many: bool = False

    @property
    def is_input(self) -> bool:
        return self.name[0] == "x" and (len(self.name) == 1 or self.name[1:].isdigit())


class Call(NamedTuple):
    """An operator with its inputs."""

    op: str
    inputs: tuple[Call | Name, ...]

    def size(self) -> int:
        """Operators in it."""
        return 1 + sum(each.size() for each in self.inputs if isinstance(each, Call))

    def operators(self) -> set[str]:
        """Their names."""
        return {self.op}.union(*(each.operators() for each in self.inputs if isinstance(each, Call)))


class Bound(NamedTuple):
    """What the names of a pattern stand for, and the operators that it took."""

    names: Mapping[str, tuple[str, ...]]
    """Values of the file; several for *x."""
    operations: Mapping[str, Operation]
    """By operator; the last of the kind."""


def parse(text: str) -> Call:
    """The pattern in a text."""
    found = _parsed(ast.parse(text, mode="eval").body)
    assert isinstance(found, Call)
    return found


def _parsed(tree: ast.expr) -> Call | Name:
    if isinstance(tree, ast.Call):
        assert isinstance(tree.func, ast.Name)
        return Call(tree.func.id, tuple(map(_parsed, tree.args)))
    if isinstance(tree, ast.Starred):
        tree, many = tree.value, True
    else:
        many = False
    assert isinstance(tree, ast.Name)
    return Name(tree.id, many)


@cache
def readers() -> Mapping[str, list[tuple[Call, type[Block]]]]:
    """By the last operator: the patterns that end in it, longest first, each with its block."""
    found: dict[str, list[tuple[Call, type[Block]]]] = {}
    for block in CATALOGUE.values():
        for text in block.reads:
            pattern = parse(text)
            found.setdefault(pattern.op, []).append((pattern, block))
    for each in found.values():
        each.sort(key=lambda pair: -pair[0].size())
    return found


@cache
def known_operators() -> set[str]:
    """Every operator in a pattern of some block."""
    return set().union(*(pattern.operators() for each in readers().values() for pattern, _ in each))


def match(pattern: Call, operation: Operation, graph: Graph) -> Iterator[Bound]:
    """Every way in which the operators that end here fit the pattern."""
    yield from _call(pattern, operation, graph, Bound({}, {}))


def _call(pattern: Call, operation: Operation | None, graph: Graph, bound: Bound) -> Iterator[Bound]:
    if operation is None or operation.op != pattern.op:
        return
    taken = Bound(bound.names, {**bound.operations, pattern.op: operation})
    if pattern.inputs and isinstance(pattern.inputs[0], Name) and pattern.inputs[0].many:
        if all(graph.is_image(name) for name in operation.inputs):
            yield Bound({**bound.names, "x": operation.inputs}, taken.operations)
        return
    if len(pattern.inputs) != len(operation.inputs):
        return
    orders = [operation.inputs]
    if pattern.op in COMMUTATIVE and operation.inputs[0] != operation.inputs[1]:
        orders.append(operation.inputs[::-1])
    for values in orders:
        yield from _inputs(pattern.inputs, values, graph, taken)


def _inputs(patterns: tuple[Call | Name, ...], values: tuple[str, ...], graph: Graph, bound: Bound) -> Iterator[Bound]:
    if not patterns:
        yield bound
        return
    first, value = patterns[0], values[0]
    if isinstance(first, Call):
        ways = _call(first, graph.maker(value), graph, bound)
    else:
        ways = _name(first, value, graph, bound)
    for way in ways:
        yield from _inputs(patterns[1:], values[1:], graph, way)


def _name(name: Name, value: str, graph: Graph, bound: Bound) -> Iterator[Bound]:
    fits = graph.is_image(value) if name.is_input else graph.is_constant(value) or value == ""
    if fits and bound.names.get(name.name, (value,)) == (value,):
        yield Bound({**bound.names, name.name: (value,)}, bound.operations)
