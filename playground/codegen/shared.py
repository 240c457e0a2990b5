"""Composite blocks as classes. Blocks of one build share a class; what differs between them becomes its parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from playground.blocks.base import Block, Shape, ShapeError
from playground.codegen.lines import Line
from playground.codegen.module import Class, write_class
from playground.codegen.names import Names, class_name, identifier, safe
from playground.codegen.torch_text import Variable, call, constructor, joins, literal, plain
from playground.expansion import primitives
from playground.plan import PlanStep

LONGEST_CALL = 80
"""Letters of a call with its arguments named; longer ones give values alone."""


class Composite(NamedTuple):
    """A composite block of the drawing."""

    owner: str
    block: Block
    steps: tuple[PlanStep, ...]

    def local(self, id: str) -> str:
        """A step's name inside the block; what comes from outside is "in"."""
        return id.removeprefix(f"{self.owner}/") if id.startswith(f"{self.owner}/") else "in"

    @property
    def class_name(self) -> str:
        return class_name(self.block.code_name(), "Group")

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

    def sources(self) -> dict[tuple[str, str], str]:
        """Which setting an argument of a layer inside is: {("conv1", "out_channels"): "filters"}.

        Found by asking: each setting in turn is made one larger, and so are the channels that come in.
        """
        image = self.steps[0].input_shapes[0]
        found: dict[tuple[str, str], str] = {}
        for spec in type(self.block).fields():
            value = plain(getattr(self.block, spec.name))
            if spec.kind in {"whole", "pair"} and isinstance(value, int):
                changed = self.block.model_copy(update={spec.name: value + 1})
                found |= dict.fromkeys(self._changed(changed, image), spec.name)
        wider = (image[0] + 1, *image[1:])
        return found | dict.fromkeys(self._changed(self.block, wider), "in_channels")

    def _changed(self, block: Block, image: Shape) -> list[tuple[str, str]]:
        """Arguments that are one larger in this block over this image."""
        try:
            inside = {each.name: each.block.torch(*each.input_shapes) for each in primitives(block, [image])}
        except ShapeError:
            return []
        return [
            (self.local(step.id), key)
            for step in self.steps
            if step.layer and self.local(step.id) in inside
            for key, value in step.layer.arguments.items()
            if isinstance(plain(value), int) and not isinstance(value, bool)
            if plain(inside[self.local(step.id)].arguments.get(key)) == plain(value) + 1
        ]


class Call(NamedTuple):
    """How the network makes one composite block."""

    text: str
    paths: Mapping[str, str]
    """Each step of the plan with weights, and its path inside the object."""


def shared_classes(composites: Sequence[Composite], taken: Names) -> tuple[list[str], dict[str, Call]]:
    """The classes' texts, and for each owner the call that makes it. `taken`: class names of the whole file."""
    alike: dict[tuple[Any, ...], list[Composite]] = defaultdict(list)
    for each in composites:
        alike[each.build()].append(each)
    texts, calls = [], {}
    for name, group in zip(_class_names(list(alike.values()), taken), alike.values(), strict=True):
        written, parameters = _class(name, group)
        texts.append(written.text)
        for each, arguments in zip(group, _arguments(name, parameters, len(group)), strict=True):
            first = group[0]
            paths = {f"{each.owner}/{first.local(step)}": path for step, path in written.paths.items()}
            calls[each.owner] = Call(f"{name}({arguments})", paths)
    return texts, calls


def _class_names(groups: Sequence[Sequence[Composite]], taken: Names) -> list[str]:
    """The plainest build has the block's name; another is named after what it has more: "ResidualBasicWithShortcut"."""
    fewest: dict[str, Composite] = {}
    for group in groups:
        first = group[0]
        best = fewest.setdefault(first.class_name, first)
        if len(first.steps) < len(best.steps):
            fewest[first.class_name] = first
    names = []
    for group in groups:
        first, simple = group[0], fewest[group[0].class_name]
        known = {simple.local(step.id) for step in simple.steps}
        more = [first.local(step.id) for step in first.steps if first.local(step.id) not in known]
        suffix = f"With{class_name(more[0], 'More')}" if more and first is not simple else ""
        names.append(taken.free(f"{first.class_name}{suffix}"))
    return names


def _arguments(name: str, parameters: Mapping[str, tuple[Any, ...]], count: int) -> list[str]:
    named = [
        ", ".join(f"{key}={literal(vector[index])}" for key, vector in parameters.items()) for index in range(count)
    ]
    if all(len(name) + len(text) + 2 <= LONGEST_CALL for text in named):
        return named
    return [", ".join(literal(vector[index]) for vector in parameters.values()) for index in range(count)]


def _class(name: str, group: list[Composite]) -> tuple[Class, dict[str, tuple[Any, ...]]]:
    """The class, and its parameters with their value in each block of the group."""
    first = group[0]
    parameters = _Parameters(group)
    lines = []
    for position, step in enumerate(first.steps):
        if step.layer is None:
            continue
        arguments: dict[str, Any] = {}
        for key, value in step.layer.arguments.items():
            vector = tuple(_argument(each, position, key) for each in group)
            same = all(other == value for other in vector)
            arguments[key] = value if same else Variable(parameters.name(vector, (first.local(step.id), key)))
        channels = {each.steps[position].input_shapes[0][0] for each in group}
        lines.append(
            Line(
                name=first.local(step.id),
                made=constructor(step.layer, arguments),
                expression=call(step.layer, arguments, channels.pop() if len(channels) == 1 else None),
                inputs=tuple(map(first.local, step.inputs)),
                shape=step.shape if len(group) == 1 else None,
                weights={step.id: ""} if step.parameters else {},
                works=step.macs > 0,
                joins=joins(step.layer),
            )
        )
    values = parameters.ordered()
    return write_class(name, safe(first.block.sentence()), lines, entry="in", parameters=list(values)), values


class _Parameters:
    """Parameters of a class: what differs between the blocks of the group, each once."""

    def __init__(self, group: Sequence[Composite]) -> None:
        self._sources = group[0].sources()
        fields = type(group[0].block).fields()
        self._values = {
            spec.name: tuple(plain(getattr(each.block, spec.name)) for each in group)
            for spec in fields
            if spec.kind == "whole"
        }
        self._settings = ["in_channels", *type(group[0].block).model_fields]
        self._names = Names({"self", "x", "torch", "nn", "layer"})
        self._found: dict[tuple[str, tuple[Any, ...]], str] = {}

    def name(self, vector: tuple[Any, ...], argument: tuple[str, str]) -> str:
        """The setting that the argument is; else the argument's own name, with the step before it if that is taken."""
        vector = tuple(map(plain, vector))
        source = self._sources.get(argument, "")
        if source in {"", "in_channels"}:  # as many channels in as out: one parameter for both
            source = next((name for name, values in self._values.items() if values == vector), source)
        if (source, vector) not in self._found:
            step, key = argument
            taken = set(self._found.values())
            wanted = source or (key if key not in taken else f"{identifier(step)}_{key}")
            self._found[source, vector] = self._names.free(identifier(wanted))
        return self._found[source, vector]

    def ordered(self) -> dict[str, tuple[Any, ...]]:
        """Channels in first, then as the block's settings are ordered."""
        order = self._settings
        names = {name: vector for (_, vector), name in self._found.items()}
        return dict(sorted(names.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def _argument(composite: Composite, position: int, key: str) -> Any:
    layer = composite.steps[position].layer
    return layer.arguments[key] if layer else None
