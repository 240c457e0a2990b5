"""Old documents become new ones: one small function for each old format, chained. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From format n to n + 1. Each takes a document that it may not change and returns a new one."""


def upgrade(document: dict[str, Any], version: int, newest: int) -> dict[str, Any]:
    """The document in the newest format. Raises KeyError where no upgrade from some format exists."""
    while version < newest:
        document = {**UPGRADES[version](document), "format": version + 1}
        version += 1
    return document
