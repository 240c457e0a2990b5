"""Names of weights: the worker's modules, files of weights, ONNX and generated code all use these."""

from __future__ import annotations

import re

from playground.codegen.names import MODULE_ATTRIBUTES
from playground.plan import Plan

OWN = frozenset(["plan", "steps", "index", "kept", "outputs", "run", "release", "module_of", "weighted"])
"""What the worker's network has beside torch's own attributes."""


def module_names(plan: Plan) -> list[str]:
    """A readable attribute name for each step, unique and free: "r1/conv1" becomes "r1_conv1".

    A tensor's name is its module's with torch's behind it: "r1_conv1.weight".
    """
    names: list[str] = []
    taken = set(MODULE_ATTRIBUTES | OWN)
    for step in plan.steps:
        name = base = re.sub(r"\W", "_", step.id)
        readable = base.isidentifier() and not base.startswith("_")
        count = 1
        while name in taken or (not readable and count == 1):
            count += 1
            name = f"{base}_{count}" if readable else f"layer_{base}" + (f"_{count}" if count > 2 else "")
        taken.add(name)
        names.append(name)
    return names
