"""Numbers in an alert's sentences, written as the page writes them."""

from __future__ import annotations

import math

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short(value: float) -> str:
    """Three figures at most: 2.31, 0.0841, 4.2×10⁻⁵, 1.5×10¹²."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite" if value > 0 else "−infinite"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.001 or size >= 1e6:
        digits, power = f"{value:.1e}".split("e")
        return f"{digits.replace('-', '−')}×10{str(int(power)).translate(_RAISED)}"
    if size >= 999.5:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:#.3g}".rstrip(".").replace("-", "−")


def rate_words(rate: float) -> str:
    """A learning rate as one types it: 0.005, 2e-05."""
    return f"{rate:.3g}"


def percent(share: float) -> str:
    """ "42%"; never 100% for less than all."""
    whole = round(100 * share)
    return f"{min(whole, 99) if share < 1 else whole}%"
