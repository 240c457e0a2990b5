"""How numbers are made, as text with the values put in: "(32 + 2·1 − 3) / 2 + 1 = 16, rounded down".

Thousands are parted by commas; what stands in brackets behind a number in words, or behind a comma after the last
number, is a remark. A test reads every formula back and finds the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

FLOAT_BYTES = 4
"""Bytes of a value as float32."""
MAX_TERMS = 40
"""Terms of a sum that are written out."""


def factors(*values: int) -> str:
    """ "3·3·16·32" """
    return "·".join(map(str, values))


def summed(terms: Iterable[int]) -> str:
    """Terms that are summed, zeros left out, equal neighbours together: "9,408 + 3 · 70,400"; empty for no terms."""
    runs = [(value, sum(1 for _ in group)) for value, group in groupby(term for term in terms if term)]
    shown, rest = runs[:MAX_TERMS], runs[MAX_TERMS:]
    words = [f"{value:,}" if count == 1 else f"{count} · {value:,}" for value, count in shown]
    if rest:
        words.append(f"{sum(value * count for value, count in rest):,} (the others)")
    return " + ".join(words)


def volume(shape: Sequence[int]) -> str:
    """ "64×32×32" """
    return "×".join(map(str, shape))


def as_bytes(values: str) -> str:
    """Values as float32."""
    return f"{values} · {FLOAT_BYTES} bytes"


def window_side(
    size: int, out: int, *, window: int, stride: int, padding: int, dilation: int = 1, extra: int = 0, up: bool = False
) -> str:
    """Output pixels of a sliding window along one direction.

    `padding` stands at both ends, `extra` pixels more at the far one; `up`: rounded up, as pools may be.
    """
    pads = f"2·{padding}" if not extra else f"{2 * padding + extra}"
    reach = f"{window}" if dilation == 1 else f"{dilation}·({window} − 1) − 1"
    text = f"({size} + {pads} − {reach}) / {stride} + 1"
    left = size + 2 * padding + extra - dilation * (window - 1) - 1
    if left % stride == 0:
        return f"{text} = {out}"
    if not up:
        return f"{text} = {out}, rounded down"
    if out == -(-left // stride) + 1:
        return f"{text} = {out}, rounded up"
    return f"{text} − 1 = {out}, rounded up, less the window that would start past the image"


def both_sides(vertical: str, horizontal: str) -> str:
    """One text for both directions where they are made alike."""
    return vertical if vertical == horizontal else f"height: {vertical}; width: {horizontal}"
