"""The gradient gets lost on its way to the first layers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case
from playground.doctor.registry import rule
from playground.doctor.words import short
from playground.doctor.zones import DangerZone

FACTOR = 1e-3
"""First layers' gradient magnitude as a share of the last layers' (design, section 7)."""
PART = 4
"""First and last are a quarter of the layers each; their geometric mean, so that no one layer hides the others."""


@rule
class Vanishing(Rule):
    """Gradient magnitude of the first layers below 1e-3 of the last layers' for 50 steps."""

    id = "doctor.vanishing"
    title = "Gradients that vanish"
    why = (
        "On its way back the gradient is multiplied by every layer's slopes and weights. A sigmoid's slope is 1/4 at"
        " most, a tanh's mostly below 1: after a few of them hardly anything is left, and the first layers stay as"
        " random as they began."
    )
    source = "Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010"
    remedies = ("relu", "shortcuts", "batch_norm", "he_weights")
    zones = tuple(
        DangerZone(
            quantity=quantity,
            high=FACTOR,
            last_part=PART,
            name=f"vanishing: below 1/{1 / FACTOR:.0f} of the last layers",
        )
        for quantity in ("gradient_rms", "gradient_mean")
    )

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._all = case.weights("steps", "gradient_rms")
        count = max(1, len(self._all) // PART)
        self._first = [at for at, _ in self._all[:count]]
        self._last = [at for at, _ in self._all[-count:]]
        self._now: tuple[float, float] = (1.0, 1.0)

    def steps(self, block: Block) -> None:
        if len(self._all) < 2:
            return
        first, last = _together(block.mean, self._first), _together(block.mean, self._last)
        # exactly zero is no gradient at all, which doctor.frozen tells of
        present = 0 < first < FACTOR * last < math.inf
        if present:
            self._now = first, last
        self.sign.see(block.first, block.last, present)

    def finding(self) -> Finding:
        name, end = self.case.name(self._all[0][1]), self.case.name(self._all[-1][1])
        first, last = self._now
        return Finding(
            title=f"The gradient vanishes before it reaches {name}",
            evidence=f"Since step {self.since():,} the first layers get {short(first / last)} of what the last get:"
            f" {short(first)} against {short(last)}.",
            fine=f"{end} gets its gradient whole.",
            layer=self._all[0][1],
            value=first / last,
        )


def _together(values: Sequence[float], places: Sequence[int]) -> float:
    product = 0.0
    for at in places:
        value = values[at]
        if not value > 0:
            return 0.0
        product += math.log(value)
    return math.exp(product / len(places))
