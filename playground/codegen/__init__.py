"""source(network): the network as a readable, standalone PyTorch module, as a student would write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from playground.blocks import CATALOGUE
from playground.codegen.lines import Line
from playground.codegen.module import write_class
from playground.codegen.names import Names, class_name, safe
from playground.codegen.shared import Call, Composite, shared_classes
from playground.codegen.torch_text import call, constructor, joins
from playground.network import Network
from playground.plan import PlanStep, plan
from playground.settings import make_block
from playground.tensors import module_names

__all__ = ["Source", "source", "write"]

HEAD = '''"""{name}, built in the playground.

Takes images of {shape} (channels × height × width), gives {outputs} scores.
{parameters:,} parameters, {macs:,} multiply-adds for one image.
"""

import torch
from torch import nn
'''

TAIL = """

if __name__ == "__main__":
    network = {name}().eval()
    images = torch.zeros(1, {shape})
    print(network(images).shape, sum(p.numel() for p in network.parameters()), "parameters")
"""


PROGRAM_NAMES = {"Path", "Image", "WEIGHTS", "MEAN", "STD", "LOGGED", "THREADS", "BATCH", "CLASSES"}
"""Of playground.codegen.program, which may stand in the same file."""


class Source(NamedTuple):
    """The file, and where the weights go."""

    text: str
    name: str
    """Of the network's class."""
    classes: str
    """The classes alone: the file without its head and its trial at the end."""
    modules: dict[str, str]
    """For each layer with weights, in the order of the plan: the name of the worker's module, which begins the names of
    its tensors in a file of weights, and the module's path in the file's class: {"r1_conv1": "stage_1.0.convs.0"}."""


def source(network: Network) -> str:
    """Python source of the network. Raises NotTrainable where the network has notices of level error."""
    return write(network).text


def write(network: Network) -> Source:
    """The source and where the weights go. Raises NotTrainable where the network has notices of level error."""
    planned = plan(network)
    steps = [step for step in planned.steps if step.block != "auxiliary_output"]
    taken = Names({"torch", "nn", *PROGRAM_NAMES})
    name = taken.free(class_name(network.name, "Network"))
    classes, calls = shared_classes(_composites(steps, network), taken)
    begin, end = steps[0], steps[-1]
    shape = "×".join(map(str, begin.shape))
    summary = f"{safe(network.name)}: images of {shape} to {end.shape[0]} scores."
    owners = {step.id: step.owner for step in steps}
    ends = [step for step in planned.steps if step.block == "auxiliary_output"]
    heads = [owners[step.inputs[0]] for step in ends]
    summary += _about_heads([step.params["weight"] for step in ends])
    main = write_class(name, summary, _main_lines(steps, calls, network), entry=begin.id, heads=heads)
    head = HEAD.format(
        name=safe(network.name),
        shape=shape,
        outputs=end.shape[0],
        parameters=sum(step.parameters for step in steps),
        macs=sum(step.macs for step in steps),
    )
    written = _joined([*classes, main.text])
    text = _joined([head, written])
    tail = TAIL.format(name=name, shape=", ".join(map(str, begin.shape)))
    names = dict(zip((step.id for step in planned.steps), module_names(planned), strict=True))
    modules = {names[step.id]: main.paths[step.id] for step in steps if step.id in main.paths}
    return Source(text + tail, name, written, modules)


def _joined(parts: Sequence[str]) -> str:
    """Two empty lines between them."""
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _about_heads(weights: Sequence[float]) -> str:
    if not weights:
        return ""
    return f"""

    In training mode it gives a tuple: the scores, then those of each auxiliary head,
    whose cross-entropy counts {" and ".join(f"{weight:g}" for weight in weights)} beside that of the scores.
    """


def _composites(steps: Sequence[PlanStep], network: Network) -> list[Composite]:
    nodes = {node.id: node for node in network.nodes}
    return [
        Composite(owner, make_block(nodes[owner].block, nodes[owner].params), tuple(inside))
        for owner, inside in groupby(steps, key=lambda step: step.owner)
        if CATALOGUE[nodes[owner].block].composite
    ]


def _main_lines(steps: Sequence[PlanStep], calls: dict[str, Call], network: Network) -> list[Line]:
    """One line for each block of the drawing."""
    nodes = {node.id: node for node in network.nodes}
    lines, end_of = [], {}
    for owner, group in groupby(steps[1:-1], key=lambda step: step.owner):
        inside = list(group)
        first, last = inside[0], inside[-1]
        end_of[last.id] = owner
        made = calls.get(owner)
        layer = None if made else last.layer
        lines.append(
            Line(
                name=owner,
                made=made.text if made else constructor(layer),
                expression=call(layer, channels=last.input_shapes[0][0]),
                inputs=tuple(end_of.get(each, each) for each in _outer_inputs(inside)),
                shape=last.shape,
                note=_note(owner, nodes[owner].label, last, first.input_shapes[0], bool(made)),
                section=safe(nodes[owner].stage or "") if nodes[owner].stage else "",
                weights=made.paths if made else {last.id: ""} if last.parameters else {},
                works=not made and last.macs > 0,
                joins=bool(layer and joins(layer)),
                auxiliary=last.auxiliary,
            )
        )
    return lines if any(line.section for line in lines) else _in_two_parts(lines, steps)


def _note(owner: str, label: str | None, last: PlanStep, came: tuple[int, ...], composite: bool) -> str:
    """The block's own name, if somebody gave it one, and what comes out of it; no shape where that stays."""
    shown = last.shape != came or last.macs > 0 or composite
    numbered = re.fullmatch(rf"{last.block}[-_.]?\d*", owner)
    name = safe(label) if label else "" if numbered or not shown else owner
    return ": ".join(filter(None, (name, "×".join(map(str, last.shape)) if shown else "")))


def _in_two_parts(lines: list[Line], steps: Sequence[PlanStep]) -> list[Line]:
    """A network without stages that is one chain: what looks at images, and the classifier behind it."""
    kinds = {step.id: step.block for step in steps}
    if any(line.made is None or len(line.inputs) != 1 for line in lines) or len({line.inputs for line in lines}) < len(
        lines
    ):
        return lines
    head = next((index for index, line in enumerate(lines) if kinds.get(line.name) == "flatten"), len(lines))
    if head and kinds.get(lines[head - 1].name) == "global_avg_pool":
        head -= 1
    return [line._replace(section="features" if index < head else "classifier") for index, line in enumerate(lines)]


def _outer_inputs(steps: list[PlanStep]) -> tuple[str, ...]:
    """Ids that come from outside, without repeats for a composite (it has one input)."""
    own = {step.id for step in steps}
    outer = tuple(each for step in steps for each in step.inputs if each not in own)
    return outer if len(steps) == 1 and steps[0].id == steps[0].owner else tuple(dict.fromkeys(outer))
