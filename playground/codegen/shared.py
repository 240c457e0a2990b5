"""Composite blocks as classes. Blocks of one build share a class; what differs between them becomes its parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from playground.codegen.module import Line, module_text
from playground.codegen.names import Names, identifier
from playground.codegen.torch_text import Variable, call, constructor, literal
from playground.plan import PlanStep


class Composite(NamedTuple):
    """A composite block of the drawing."""

    owner: str
    class_name: str
    summary: str
    steps: tuple[PlanStep, ...]
    taken: Names
    """Class names of the whole file."""

    def local(self, id: str) -> str:
        """A step's name inside the block; what comes from outside is "in"."""
        return id.removeprefix(f"{self.owner}/") if id.startswith(f"{self.owner}/") else "in"

    def build(self) -> tuple[Any, ...]:
        """What blocks must have in common to share a class."""
        return (
            self.class_name,
            *(
                (
                    self.local(step.id),
                    tuple(map(self.local, step.inputs)),
                    step.layer and (step.layer.module, step.layer.function, tuple(step.layer.arguments)),
                )
                for step in self.steps
            ),
        )


def shared_classes(composites: Sequence[Composite]) -> tuple[list[str], dict[str, str]]:
    """The classes' texts, and for each owner the call that makes it."""
    alike: dict[tuple[Any, ...], list[Composite]] = defaultdict(list)
    for each in composites:
        alike[each.build()].append(each)
    texts, calls = [], {}
    for group in alike.values():
        name = group[0].taken.free(group[0].class_name)
        text, parameters = _class(name, group)
        texts.append(text)
        for index, each in enumerate(group):
            values = ", ".join(f"{key}={literal(vector[index])}" for vector, key in parameters.items())
            calls[each.owner] = f"{name}({values})"
    return texts, calls


def _class(name: str, group: list[Composite]) -> tuple[str, dict[tuple[Any, ...], str]]:
    first = group[0]
    names = Names({"self", "x", "inputs", *(identifier(first.local(step.id)) for step in first.steps)})
    parameters: dict[tuple[Any, ...], str] = {}
    """What differs: its value in each block of the group, and its name."""
    lines = []
    for position, step in enumerate(first.steps):
        if step.layer is None:
            continue
        arguments: dict[str, Any] = {}
        for key, value in step.layer.arguments.items():
            vector = tuple(_argument(each, position, key) for each in group)
            if all(other == value for other in vector):
                arguments[key] = value
                continue
            if vector not in parameters:
                parameters[vector] = _named(names, set(parameters.values()), first.local(step.id), key)
            arguments[key] = Variable(parameters[vector])
        lines.append(
            Line(
                first.local(step.id),
                constructor(step.layer, arguments),
                call(step.layer, arguments),
                tuple(map(first.local, step.inputs)),
                step.shape if len(group) == 1 else None,
                "",
            )
        )
    return module_text(name, first.summary, lines, entry="in", parameters=list(parameters.values())), parameters


def _named(names: Names, taken: set[str], step: str, key: str) -> str:
    """The argument's own name for the first that has it, else with the step before it: "reduce_3x3_out_channels"."""
    return names.free(key if key not in taken else f"{identifier(step)}_{key}")


def _argument(composite: Composite, position: int, key: str) -> Any:
    layer = composite.steps[position].layer
    return layer.arguments[key] if layer else None
