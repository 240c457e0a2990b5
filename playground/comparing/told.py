"""The difference of one training run to another in a sentence: "Rate 0.05 instead of 0.1; 3 blocks more"."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from playground.difference import LABEL, STAGE, BlockMatch, Difference, FieldChange, difference, recipe_changes
from playground.network import Network
from playground.recipe import Recipe
from playground.words import counted, listed

NAMES = {LABEL, STAGE}
"""What only the drawing shows."""
MOST_NAMED = 3
SAME = "The same network and recipe"


def told(before: tuple[Network, Recipe], after: tuple[Network, Recipe], aside: Collection[str] = ()) -> str:
    """What the second has other than the first, settings of the recipe named in `aside` left out."""
    settings = [change for change in recipe_changes(before[1], after[1]) if change.name not in aside]
    parts = [f"{change.label.lower()} {_instead(change)}" for change in settings]
    if before[0] is not after[0]:
        parts += network_parts(difference(before[0], after[0]))
    words = "; ".join(parts) or SAME
    return words[0].upper() + words[1:]


def network_parts(change: Difference) -> list[str]:
    """Blocks that one network has and the other has not, blocks that are set differently, wires."""
    more, fewer = len(change.added), len(change.removed)
    parts = []
    if more and fewer:
        some = "another block" if more == 1 else f"{more} other blocks"
        parts.append(f"{some} ({_names(change.added)}) in place of {_these(fewer)} ({_names(change.removed)})")
    elif more:
        parts.append(f"{counted(more, 'block', 'blocks')} more ({_names(change.added)})")
    elif fewer:
        parts.append(f"{counted(fewer, 'block', 'blocks')} fewer ({_names(change.removed)})")
    parts += _set_differently(change.changed)
    if not parts and (change.wires_added or change.wires_removed):
        parts.append("wired differently")
    return parts


def _set_differently(matches: Sequence[BlockMatch]) -> list[str]:
    """Blocks with like changes are told together."""
    alike: dict[str, list[str]] = {}
    for match in matches:
        changes = [change for change in match.changes if change.name not in NAMES]
        if changes:
            words = listed([f"{change.label.lower()} {_instead(change)}" for change in changes])
            alike.setdefault(words, []).append(match.label)
    if len(alike) > MOST_NAMED:
        return [f"{sum(map(len, alike.values()))} blocks set differently"]
    return [
        f"{words} in {labels[0] if len(labels) == 1 else counted(len(labels), 'block', 'blocks')}"
        for words, labels in alike.items()
    ]


def _instead(change: FieldChange) -> str:
    return f"{change.after_words} instead of {change.before_words}"


def _these(count: int) -> str:
    return "one" if count == 1 else str(count)


def _names(blocks: Sequence[object]) -> str:
    """ "2 Conv 3×3, ReLU and 4 others"."""
    counts: dict[str, int] = {}
    for block in blocks:
        label = str(getattr(block, "label", ""))
        counts[label] = counts.get(label, 0) + 1
    named = [label if count == 1 else f"{count} {label}" for label, count in list(counts.items())[:MOST_NAMED]]
    rest = sum(list(counts.values())[MOST_NAMED:])
    return listed([*named, counted(rest, "other", "others")] if rest else named)
