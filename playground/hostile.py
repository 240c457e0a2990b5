"""Limits on what may come in, checked before anything else looks at it: depth, number of values, sizes."""

from __future__ import annotations

import math

MAX_DEPTH = 32
MAX_VALUES = 60_000
MAX_TEXT = 10_000
MAX_NUMBER = 2**53
"""Whole numbers beyond it do not survive JSON in a browser."""


class LimitError(ValueError):
    """A value is beyond a limit. `path` is where, `message` says which."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.message = message
        self.path = path


def check_limits(data: object) -> None:
    """Raise LimitError where data is too deep, too large or holds what JSON cannot. Walks without recursion."""
    waiting: list[tuple[object, str, int]] = [(data, "", 0)]
    seen = 0
    while waiting:
        value, path, depth = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            raise LimitError(f"The document holds more than {MAX_VALUES:,} values. Split the network.", "")
        if isinstance(value, (dict, list, tuple)):
            if depth >= MAX_DEPTH:
                raise LimitError(f"Nested more than {MAX_DEPTH} levels deep. Flatten it.", _short(path))
            if len(value) > MAX_VALUES:
                raise LimitError(f"Holds {len(value):,} values; at most {MAX_VALUES:,} can be read.", _short(path))
            children = value.items() if isinstance(value, dict) else enumerate(value)
            for key, child in children:
                if isinstance(value, dict) and not isinstance(key, str):
                    raise LimitError("Has a key that is not a text.", _short(path))
                where = f"{path}.{str(key)[:60]}" if isinstance(value, dict) else f"{path}[{key}]"
                waiting.append((child, where.removeprefix("."), depth + 1))
        else:
            _check_scalar(value, path)


def _check_scalar(value: object, path: str) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise LimitError(f"A text of {len(value):,} characters. Use at most {MAX_TEXT:,}.", _short(path))
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise LimitError("Holds half of a surrogate pair, which is no character. Remove it.", _short(path))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise LimitError(f"{value} is not a number that can be used. Use a finite number.", _short(path))
    elif isinstance(value, int):
        if abs(value) > MAX_NUMBER:
            raise LimitError("A number beyond 2^53. Use a smaller one.", _short(path))
    elif value is not None:
        raise LimitError(f"Holds a {type(value).__name__}, which JSON does not have.", _short(path))


def _short(path: str) -> str:
    return path if len(path) <= 200 else path[:197] + "…"
