"""Small words of sentences."""

from __future__ import annotations


def counted(count: int, one: str, more: str) -> str:
    """ "1 layer", "2 layers"."""
    return f"{count:,} {one if count == 1 else more}"


def listed(parts: list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
