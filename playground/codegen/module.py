"""The text of one class: a constructor that makes the layers and a forward that calls them in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from playground.codegen.forward import forward_text
from playground.codegen.lines import Chain, Line, chains, heads_last
from playground.codegen.names import MODULE_ATTRIBUTES, Names, identifier
from playground.codegen.sequential import layer_text


class Class(NamedTuple):
    """A class of the generated file."""

    text: str
    paths: Mapping[str, str]
    """Where each step of the plan that has weights lies in an object of the class: "stage_1.0.convs.3"."""


def write_class(
    name: str,
    summary: str,
    lines: Sequence[Line],
    *,
    entry: str,
    parameters: Sequence[str] = (),
    heads: Sequence[str] = (),
) -> Class:
    """The class. `entry` is the name that stands for its input; `parameters` are those of the constructor.

    `heads`: lines whose values are returned behind the last one's while training.
    """
    found = chains(heads_last(lines, heads) if heads else lines)
    used = " ".join(line.expression or "" for line in lines)
    kept = [each for each in parameters if f"self.{each}" in used]
    attributes, headings = _attributes(found, kept)
    signature = ", ".join(["self", *parameters])
    text = [f"class {name}(nn.Module):", f'    """{summary}"""', "", f"    def __init__({signature}):"]
    text.append("        super().__init__()")
    text += [f"        self.{each} = {each}" for each in kept]
    paths = {}
    for chain in found:
        if not chain.made:
            continue
        key = chain.last.name
        if key in headings:
            text += ["", f"        # {headings[key]}"]
        text += layer_text(attributes[key], chain.lines)
        for index, line in enumerate(chain.lines):
            inside = attributes[key] if len(chain.lines) == 1 else f"{attributes[key]}.{index}"
            paths.update({step: f"{inside}.{path}" if path else inside for step, path in line.weights.items()})
    return Class("\n".join([*text, "", *forward_text(found, attributes, entry, heads)]) + "\n", paths)


def _attributes(found: Sequence[Chain], kept: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Attribute names by the chain's last layer, and the headings above the first chains of sections with several."""
    names = Names(MODULE_ATTRIBUTES | set(kept))
    made = [chain for chain in found if chain.made]
    sizes = Counter(chain.last.section for chain in made)
    attributes, headings, seen = {}, {}, {""}
    for chain in made:
        section = chain.last.section
        alone = section and sizes[section] == 1
        attributes[chain.last.name] = names.free(identifier(section.lower()) if alone else chain.wanted_name())
        if section not in seen and not alone:
            headings[chain.last.name] = section
        seen.add(section)
    return attributes, headings
