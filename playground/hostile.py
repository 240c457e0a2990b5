"""Limits on what may come in, checked before anything else looks at it: depth, number of values, sizes."""

from __future__ import annotations

import math
from typing import Any

MAX_DEPTH = 32
MAX_VALUES = 60_000
MAX_LENGTH = 8_192
"""Values in one list or object."""
MAX_TEXT = 10_000
MAX_NUMBER = 2**53
"""Whole numbers beyond it do not survive JSON in a browser."""


class LimitError(ValueError):
    """A value is beyond a limit. `path` is where, `message` says which."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.message = message
        self.path = path


Trail = tuple[Any, str | int] | None
"""Where a value lies: the trail of what holds it, and its key there."""


def check_limits(data: object) -> None:
    """Raise LimitError where data is too deep, too large or holds what JSON cannot. Walks without recursion."""
    waiting: list[tuple[object, Trail, int]] = [(data, None, 0)]
    seen = 0
    while waiting:
        value, trail, depth = waiting.pop()
        if not isinstance(value, (dict, list, tuple)):
            _check_scalar(value, trail)
            continue
        seen += len(value)
        if seen > MAX_VALUES:
            raise LimitError(f"The document holds more than {MAX_VALUES:,} values. Split the network.", "")
        if depth >= MAX_DEPTH:
            raise LimitError(f"Nested more than {MAX_DEPTH} levels deep. Flatten it.", _path(trail))
        if len(value) > MAX_LENGTH:
            raise LimitError(f"Holds {len(value):,} values; at most {MAX_LENGTH:,} can be read.", _path(trail))
        if isinstance(value, dict):
            for key, child in value.items():
                if not isinstance(key, str):
                    raise LimitError("Has a key that is not a text.", _path(trail))
                _check_scalar(key, trail)
                waiting.append((child, (trail, key), depth + 1))
        else:
            waiting.extend((child, (trail, index), depth + 1) for index, child in enumerate(value))


def _check_scalar(value: object, trail: Trail) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise LimitError(f"A text of {len(value):,} characters. Use at most {MAX_TEXT:,}.", _path(trail))
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise LimitError("Holds half of a surrogate pair, which is no character. Remove it.", _path(trail))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise LimitError(f"{value} is not a number that can be used. Use a finite number.", _path(trail))
    elif isinstance(value, int):
        if abs(value) > MAX_NUMBER:
            raise LimitError("A number beyond 2^53. Use a smaller one.", _path(trail))
    elif value is not None:
        raise LimitError(f"Holds a {type(value).__name__}, which JSON does not have.", _path(trail))


def _path(trail: Trail) -> str:
    """In words: nodes[3].params.filters; at most 200 characters."""
    keys: list[str | int] = []
    while trail is not None:
        trail, key = trail
        keys.append(key)
    path = ""
    for key in reversed(keys):
        path += f"[{key}]" if isinstance(key, int) else f".{key[:60]}"
    path = path.removeprefix(".")
    return path if len(path) <= 200 else path[:197] + "…"
