"""make_block(kind, params): a block from the settings of a document, each value checked and any fault worded."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from playground.blocks.base import CATALOGUE, Block
from playground.faults import close_to, fault, shown
from playground.fields import FieldSpec

MAX_CACHED_TEXT = 2_000


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
        hint = close_to(kind[:64], CATALOGUE) or "Choose a block from the palette."
        raise SettingError(f"There is no block named '{kind[:64]}'.", hint, unknown_block=True)
    specs = _specs(block)
    for name, value in params.items():
        if name not in specs:
            hint = close_to(name[:64], specs) or f"It has: {', '.join(specs) or 'none'}."
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
