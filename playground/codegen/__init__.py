"""source(network): the network as a readable, standalone PyTorch module, as a student would write it."""

from __future__ import annotations

from itertools import groupby

from playground.blocks import CATALOGUE
from playground.codegen.module import Line, module_text
from playground.codegen.names import Names, class_name, safe
from playground.codegen.shared import Composite, shared_classes
from playground.codegen.torch_text import call, constructor
from playground.network import Network
from playground.plan import Plan, PlanStep, plan

__all__ = ["source"]

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


def source(network: Network) -> str:
    """Python source of the network. Raises NotTrainable where the network has notices of level error."""
    planned = plan(network)
    taken = Names({"torch", "nn"})
    name = taken.free(class_name(network.name, "Network"))
    composites = _composites(planned, network, taken)
    classes, calls = shared_classes(composites)
    labels = {node.id: safe(node.label) for node in network.nodes if node.label}
    steps = planned.steps
    owners = {step.id: step.owner for step in steps}
    shape = steps[0].shape
    parts = [
        HEAD.format(
            name=safe(network.name),
            shape="×".join(map(str, shape)),
            outputs=steps[-1].shape[0],
            parameters=sum(step.parameters for step in steps),
            macs=sum(step.macs for step in steps),
        ),
        *classes,
        module_text(
            name,
            _summary(network, steps),
            _main_lines(planned, calls, labels),
            entry=steps[0].id,
            auxiliary=[owners[step.inputs[0]] for step in steps if step.block == "auxiliary_output"],
        ),
    ]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts) + TAIL.format(
        name=name, shape=", ".join(map(str, shape))
    )


def _summary(network: Network, steps: tuple[PlanStep, ...]) -> str:
    weights = [f"{step.params['weight']:g}" for step in steps if step.block == "auxiliary_output"]
    if not weights:
        return safe(network.name)
    count = " and ".join(weights)
    return f"""{safe(network.name)}

    In training mode it gives a tuple: the scores, then those of each auxiliary head,
    whose cross-entropy counts {count} beside that of the scores.
    """


def _composites(planned: Plan, network: Network, taken: Names) -> list[Composite]:
    blocks = {node.id: node for node in network.nodes}
    names: dict[str, str] = {}
    found = []
    for owner, steps in groupby(planned.steps, key=lambda step: step.owner):
        node = blocks[owner]
        if not CATALOGUE[node.block].composite:
            continue
        inside = tuple(steps)
        kind = f"group {node.params.get('name', 'Group')}" if node.block == "group" else node.block
        wanted = names.setdefault(kind, class_name(kind.removeprefix("group "), "Group"))
        found.append(Composite(owner, wanted, CATALOGUE[node.block].summary, inside, taken))
    return found


def _main_lines(planned: Plan, calls: dict[str, str], labels: dict[str, str]) -> list[Line]:
    """One line for each block of the drawing."""
    lines, end_of = [], {}
    inner = [step for step in planned.steps[1:-1] if step.block != "auxiliary_output"]
    for owner, group in groupby(inner, key=lambda step: step.owner):
        steps = list(group)
        last = steps[-1]
        end_of[last.id] = owner
        inputs = tuple(end_of.get(each, each) for each in _outer_inputs(steps))
        made = calls[owner] if owner in calls else constructor(last.layer)
        expression = None if owner in calls else call(last.layer)
        lines.append(Line(owner, made, expression, inputs, last.shape, labels.get(owner, ""), last.auxiliary))
    return lines


def _outer_inputs(steps: list[PlanStep]) -> tuple[str, ...]:
    """Ids that come from outside, without repeats for a composite (it has one input)."""
    own = {step.id for step in steps}
    outer = tuple(each for step in steps for each in step.inputs if each not in own)
    return outer if len(steps) == 1 and steps[0].id == steps[0].owner else tuple(dict.fromkeys(outer))
