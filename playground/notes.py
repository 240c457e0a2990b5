"""Notes taken while a network is analysed, and their publication as notices.

A note's fix is a function that is called at publication, for the first few notes only: each fix is a whole document,
and a large network with many faults would be answered with megabytes. The others are published by their label alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from playground.findings import Cost, Fix, Notice

MAX_FIXED_BLOCKS = 300
"""Blocks in all the fixes of one answer together; the first fix is always there."""


class Note(NamedTuple):
    """A finding, not yet published."""

    level: Literal["error", "warning", "advice"]
    id: str
    node: str | None
    message: str
    hint: str
    fix_label: str = ""
    fix: Callable[[], dict[str, Any]] | None = None


Price = Callable[[dict[str, Any]], tuple[Cost | None, Cost | None]]
"""What the network costs before and after a fix that gives this document."""


def published(notes: Iterable[Note], price: Price) -> list[Notice]:
    """The notices for the page; the first with their fixes."""
    notices, blocks = [], 0
    for note in notes:
        fix = Fix(label=note.fix_label) if note.fix else None
        if note.fix and blocks < MAX_FIXED_BLOCKS:
            network = note.fix()
            blocks += len(network["nodes"])
            fix = priced(note.fix_label, network, price)
        notices.append(
            Notice(level=note.level, id=note.id, node=note.node, message=note.message, hint=note.hint, fix=fix)
        )
    return notices


def priced(label: str, network: dict[str, Any], price: Price) -> Fix:
    """A fix with its document and its numbers."""
    before, after = price(network)
    return Fix(label=label, network=network, before=before, after=after)
