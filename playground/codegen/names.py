"""Python names out of a user's words."""

from __future__ import annotations

import keyword
import re

from playground.tensors import MODULE_ATTRIBUTES

__all__ = ["MODULE_ATTRIBUTES", "Names", "class_name", "identifier", "safe"]


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
