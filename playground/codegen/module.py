"""The text of one class: a constructor that makes the layers and a forward that calls them in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from playground.blocks.base import Shape
from playground.codegen.names import MODULE_ATTRIBUTES, Names, identifier


class Line(NamedTuple):
    """One block: a layer made in the constructor, or an expression in forward."""

    name: str
    made: str | None
    expression: str | None
    inputs: tuple[str, ...]
    shape: Shape | None
    """For the comment; None where the class serves several shapes."""
    comment: str
    auxiliary: bool = False
    """Called while training alone."""


def module_text(
    name: str,
    summary: str,
    lines: Sequence[Line],
    *,
    entry: str,
    parameters: Sequence[str] = (),
    auxiliary: Sequence[str] = (),
) -> str:
    """The class. `entry` is the name that stands for its input; `parameters` are those of the constructor.

    `auxiliary`: lines whose values are returned behind the last one's while training.
    """
    attributes = Names(MODULE_ATTRIBUTES | set(parameters))
    own = {line.name: attributes.free(identifier(line.name)) for line in lines}
    signature = ", ".join(["self", *parameters])
    text = [f"class {name}(nn.Module):", f'    """{summary}"""', "", f"    def __init__({signature}):"]
    text.append("        super().__init__()")
    used = " ".join(line.expression or "" for line in lines)
    text += [f"        self.{each} = {each}" for each in parameters if f"self.{each}" in used]
    for line in lines:
        if line.made is not None:
            note = f"  # {line.comment}" if line.comment else ""
            text.append(f"        self.{own[line.name]} = {line.made}{note}")
    return "\n".join([*text, "", *_forward(lines, own, entry, auxiliary)]) + "\n"


def _forward(lines: Sequence[Line], own: dict[str, str], entry: str, auxiliary: Sequence[str]) -> list[str]:
    if auxiliary:
        return _forward_with_heads(lines, own, entry, auxiliary)
    variables = _variables(lines, own, entry)
    text = [f"    def forward(self, {variables[entry]}):", *_calls(lines, own, variables)]
    text.append(f"        return {variables[lines[-1].name] if lines else variables[entry]}")
    return text


def _forward_with_heads(lines: Sequence[Line], own: dict[str, str], entry: str, auxiliary: Sequence[str]) -> list[str]:
    """The way to the scores, then the ways that are gone only while training."""
    main = [line for line in lines if not line.auxiliary]
    side = _head_by_head([line for line in lines if line.auxiliary], auxiliary)
    ends = [main[-1].name, *auxiliary]
    variables = _variables([*main, *side], own, entry, kept=ends)
    text = [f"    def forward(self, {variables[entry]}):", *_calls(main, own, variables)]
    text += ["        if self.training:", *(f"    {line}" for line in _calls(side, own, variables))]
    text.append(f"            return {', '.join(variables[end] for end in ends)}")
    text.append(f"        return {variables[ends[0]]}")
    return text


def _head_by_head(lines: Sequence[Line], ends: Sequence[str]) -> list[Line]:
    ordered: dict[str, Line] = {}
    for end in ends:
        wanted = {end}
        for line in reversed(lines):
            if line.name in wanted:
                wanted.update(line.inputs)
        ordered |= {line.name: line for line in lines if line.name in wanted and line.name not in ordered}
    return list(ordered.values())


def _calls(lines: Sequence[Line], own: dict[str, str], variables: dict[str, str]) -> list[str]:
    text, calls = [], []
    for line in lines:
        inputs = [variables[each] for each in line.inputs]
        if line.expression is None:
            value = f"self.{own[line.name]}({', '.join(inputs)})"
        else:
            joined = (" + " if line.expression == "{all}" else ", ").join(inputs)
            value = line.expression.format(inputs[0], all=joined)
        calls.append((f"        {variables[line.name]} = {value}", line.shape))
    width = max((len(code) for code, _ in calls), default=0)
    for code, shape in calls:
        text.append(f"{code.ljust(min(width, 60))}  # {'×'.join(map(str, shape))}" if shape else code)
    return text


def _variables(lines: Sequence[Line], own: dict[str, str], entry: str, kept: Sequence[str] = ()) -> dict[str, str]:
    """ "x" for a value that only the next line reads; a value that lives longer has the name of its block.

    `kept`: lines whose values live to the end, together.
    """
    readers = Counter(each for line in lines for each in line.inputs)
    following = [*(set(line.inputs) for line in lines), set()]
    names = Names({"x", "self", "torch", "nn", "inputs"})
    variables = {}
    for position, name in enumerate([entry, *(line.name for line in lines)]):
        last = position == len(lines) and not kept
        passing = name not in kept and readers[name] == 1 and name in following[position]
        if last or passing:
            variables[name] = "x"
        else:
            variables[name] = "inputs" if name == entry else names.free(own[name])
    return variables
