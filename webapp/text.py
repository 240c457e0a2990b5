"""Words for paths."""

from __future__ import annotations

from collections.abc import Iterable


def path_of(location: Iterable[str | int]) -> str:
    """("network", "nodes", 3, "id") as "network.nodes[3].id"."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path[:200]
