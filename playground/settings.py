"""make_block(kind, params): a block from the settings of a document, each value checked and any fault worded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from playground.blocks.base import CATALOGUE, Block
from playground.fields import FieldSpec

MAX_CACHED_TEXT = 2_000
MAX_NAME = 80


class SettingError(ValueError):
    """A setting that the block does not have or whose value it cannot take."""

    def __init__(self, message: str, hint: str, field: str = "", *, unknown_block: bool = False) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint
        self.field = field
        self.unknown_block = unknown_block


def make_block(kind: str, params: Mapping[str, Any]) -> Block:
    """The block of that kind with these settings. Raises SettingError. Equal settings give the same object."""
    key = repr(params)
    if len(key) > MAX_CACHED_TEXT:
        return _make(kind, dict(params))
    cached = _CACHE.get((kind, key))
    if cached is None:
        cached = _make(kind, dict(params))
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.clear()
        _CACHE[kind, key] = cached
    return cached


_CACHE: dict[tuple[str, str], Block] = {}
_CACHE_SIZE = 8_192


def _make(kind: str, params: dict[str, Any]) -> Block:
    block = CATALOGUE.get(kind)
    if block is None:
        hint = _close(kind[:64], CATALOGUE) or "Choose a block from the palette."
        raise SettingError(f"There is no block named '{kind[:64]}'.", hint, unknown_block=True)
    specs = _specs(block)
    for name, value in params.items():
        if name not in specs:
            hint = _close(name[:64], specs) or f"It has: {', '.join(specs) or 'none'}."
            raise SettingError(f"{block.label} has no setting '{name[:64]}'.", hint, name[:64])
        wanted = fault(specs[name], value)
        if wanted:
            spec = specs[name]
            raise SettingError(f"{spec.label} of {block.label} is {shown(value)}.", wanted, name)
    try:
        return block(**{name: _tupled(value) for name, value in params.items()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        text = first["msg"].removeprefix("Value error, ")
        raise SettingError(text, f"Change the settings of {block.label}.", field) from error


@cache
def _specs(block: type[Block]) -> dict[str, FieldSpec]:
    return {spec.name: spec for spec in block.fields()}


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def fault(spec: FieldSpec, value: Any) -> str:
    """What the setting wants where this value will not do: "Use a whole number from 1 to 63."; else an empty string."""
    good = True
    if spec.kind == "whole":
        good = _whole_in_range(spec, value)
    elif spec.kind == "real":
        good = type(value) in (int, float) and math.isfinite(value) and _in_range(spec, value)
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


def _close(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else ""
