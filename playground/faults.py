"""What a setting wants where its value will not do, and a value in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from playground.fields import FieldSpec

MAX_NAME = 80


def refusal(spec: FieldSpec, value: Any) -> str:
    """Name, value and the way out: "Epochs cannot be 776. Use a whole number from 1 to 500."; empty if it will do."""
    wanted = fault(spec, value)
    return f"{spec.label} cannot be {shown(value)}. {wanted}" if wanted else ""


def fault(spec: FieldSpec, value: Any) -> str:
    """What the setting wants where this value will not do: "Use a whole number from 1 to 63."; else an empty string."""
    good = True
    if spec.kind == "whole":
        good = _whole_in_range(spec, value)
    elif spec.kind == "real":
        good = type(value) in (int, float) and abs(value) <= sys.float_info.max and _in_range(spec, value)
    elif spec.kind == "switch":
        good = type(value) is bool
    elif spec.kind == "choice":
        good = isinstance(value, str) and any(choice.value == value for choice in spec.choices)
    elif spec.kind in {"pair", "padding"}:
        parts = value if isinstance(value, (list, tuple)) and len(value) == 2 else [value]
        good = all(_whole_in_range(spec, part) for part in parts) or (spec.kind == "padding" and value == "same")
    elif spec.kind == "text":
        good = isinstance(value, str) and len(value) <= MAX_NAME
    elif spec.kind == "network":
        good = isinstance(value, dict)
    return "" if good else _wanted(spec)


def _in_range(spec: FieldSpec, value: float) -> bool:
    return (spec.minimum is None or value >= spec.minimum) and (spec.maximum is None or value <= spec.maximum)


def _whole_in_range(spec: FieldSpec, value: Any) -> bool:
    return type(value) is int and _in_range(spec, value)


def _wanted(spec: FieldSpec) -> str:
    limits = f"from {_number(spec.minimum)} to {_number(spec.maximum)}"
    if spec.kind == "whole":
        return f"Use a whole number {limits}."
    if spec.kind == "real":
        return f"Use a number {limits}."
    if spec.kind == "switch":
        return "Use true or false."
    if spec.kind == "choice":
        return f"Use one of: {', '.join(choice.value for choice in spec.choices)}."
    if spec.kind == "pair":
        return f"Use a whole number {limits}, or two of them: [vertical, horizontal]."
    if spec.kind == "padding":
        return f'Use a whole number {limits}, two of them: [vertical, horizontal], or "same".'
    return f"Use a text of at most {MAX_NAME} characters." if spec.kind == "text" else "Use a network: nodes and edges."


def _number(value: float | None) -> str:
    return f"{value:g}" if value is not None and abs(value) < 1e6 and value != int(value) else f"{int(value or 0)}"


def shown(value: Any) -> str:
    """A value in a sentence, short whatever it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "empty"
    if isinstance(value, str):
        return f"'{value[:40]}…'" if len(value) > 40 else f"'{value}'"
    if isinstance(value, int) and abs(value) >= 10**18:
        return "a huge number"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(part) for part in value[:4]) + (", …]" if len(value) > 4 else "]")
    return "an object" if isinstance(value, dict) else str(value)


def close_to(name: str, known: Iterable[str]) -> str:
    """A question after a name that is nearly one of those; else an empty string."""
    close = get_close_matches(name, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else ""
