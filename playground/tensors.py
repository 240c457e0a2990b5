"""Names of weights: the worker's modules, files of weights, ONNX and generated code all use these."""

from __future__ import annotations

import re

from playground.plan import Plan

_ATTRIBUTES = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook
    register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
MODULE_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
"""What torch.nn.Module has already."""
OWN = frozenset(["plan", "steps", "index", "kept", "outputs", "auxiliary", "run", "release", "module_of", "weighted"])
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
