"""Python names out of a user's words."""

from __future__ import annotations

import keyword
import re

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


class Names:
    """Names handed out once each."""

    def __init__(self, taken: set[str] | frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)

    def free(self, wanted: str) -> str:
        """The name itself, or with a number behind it."""
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}" if wanted[-1:].isdigit() else f"{wanted}{number}"
        self._taken.add(name)
        return name


def identifier(words: str) -> str:
    """A variable name: "stage1/conv-1" becomes "stage1_conv_1"."""
    name = re.sub(r"\W", "_", words, flags=re.ASCII).strip("_") or "block"
    if name[0].isdigit():
        name = f"block_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name


def class_name(words: str, fallback: str) -> str:
    """A class name: "residual_basic" becomes "ResidualBasic", "My first net" "MyFirstNet"."""
    parts = re.findall(r"[A-Za-z0-9]+", words)
    name = "".join(part[0].upper() + part[1:] for part in parts)[:60]
    if not name:
        return fallback
    if name[0].isdigit():
        name = f"{fallback}{name}"
    return f"{name}Network" if keyword.iskeyword(name) else name


def safe(text: str) -> str:
    """A user's words fit for a comment or a docstring: one line, no quotes, no backslashes."""
    cleaned = "".join(letter if letter.isprintable() and letter not in "\"'\\`" else " " for letter in text)
    return " ".join(cleaned.split()) or "Untitled"
