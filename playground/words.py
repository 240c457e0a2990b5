"""Small words of sentences."""

from __future__ import annotations

MEGABYTE = 1_000_000
"""Bytes of one MB, in every limit and wherever room or a file's size is told: as disks are sold and quotas counted."""


def counted(count: int, one: str, more: str) -> str:
    """ "1 layer", "2 layers"."""
    return f"{count:,} {one if count == 1 else more}"


def listed(parts: list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def megabytes(size: int) -> str:
    """ "512 MB", below ten "3.4 MB", of a number of bytes."""
    return f"{size / MEGABYTE:,.0f} MB" if size >= 10 * MEGABYTE else f"{size / MEGABYTE:,.1f} MB"
