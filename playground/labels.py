"""Names on the drawing and in lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from string import ascii_lowercase


def unique(labels: Sequence[str]) -> list[str]:
    """Labels told apart: "Conv 3×3 a" and "Conv 3×3 b" where a label ends in a digit, else "ReLU 1" and "ReLU 2"."""
    counts = Counter(labels)
    taken = {label for label, count in counts.items() if count == 1}
    seen: Counter[str] = Counter()
    result = []
    for label in labels:
        if counts[label] > 1:
            stem = label
            while label in taken or label == stem:
                seen[stem] += 1
                label = f"{stem} {_letters(seen[stem]) if stem[-1:].isdigit() else seen[stem]}"
            taken.add(label)
        result.append(label)
    return result


def _letters(number: int) -> str:
    """1 is a, 26 z, 27 aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = ascii_lowercase[rest] + letters
    return letters
