"""Steps that are too short."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import rate_words, short

CRAWL = 1e-4
"""Update ratio of the layer that moves most; a thousandth is usual (Karpathy, CS231n)."""
UNLEARNED = 0.5
"""Share of guessing's loss above which there is much to learn yet."""
STEEP = 1e-3
"""Length of the gradient over that of the weights, of the layer where it is largest: below it there is no slope to go
down, whatever the rate."""
MEANT = 0.5
"""Share of the recipe's rate: below it the schedule or the warm-up keeps the rate low on purpose."""


@rule
class RateTooLow(Rule):
    """For 50 steps no layer changes by more than a ten-thousandth a step, with much to learn yet."""

    id = "doctor.rate_low"
    title = "A learning rate that is too low"
    why = "Each step moves the weights so little that thousands of them change nothing that one could see."
    source = "Karpathy, CS231n, Learning and evaluation: ratio of weights to updates"
    remedies = ("faster", "faster_now")
    kept = ("_ratio", "_learning")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._loss = case.column("steps", "loss")
        self._rate_at = case.column("steps", "learning_rate")
        self._ratios = [at for at, _ in case.weights("layers", "update_ratio")]
        gradients, weights = (
            {layer: at for at, layer in case.weights("layers", quantity)} for quantity in ("gradient_l2", "weight_l2")
        )
        self._slopes = [(at, weights[layer]) for layer, at in gradients.items() if layer in weights]
        self._ratio = 0.0
        self._rate = 0.0
        self._now = case.guessing
        self._learning = False
        """The rate is as the recipe means it, and there is much to learn."""

    def steps(self, block: Block) -> None:
        if self._loss is None or self._rate_at is None:
            return
        self._rate, self._now = block.mean[self._rate_at], block.mean[self._loss]
        meant = self._rate >= MEANT * self.case.recipe.learning_rate
        self._learning = meant and self._now > UNLEARNED * self.case.guessing

    def layers(self, row: Row) -> None:
        known = [row.values[at] for at in self._ratios if row.values[at] == row.values[at]]
        present = bool(known) and 0 < max(known) < CRAWL and self._learning and self._steep(row)
        if present:
            self._ratio = max(known)
        self.sign.see(row.step, row.step, present)

    def _steep(self, row: Row) -> bool:
        return any(row.values[gradient] > STEEP * row.values[weight] for gradient, weight in self._slopes)

    def finding(self) -> Finding:
        return Finding(
            title=f"The learning rate of {rate_words(self._rate)} is too low",
            evidence=f"Since step {self.since():,} a step changes no layer's weights by more than"
            f" {short(self._ratio)} of their length; 0.001 is usual. The loss is {short(self._now)}, guessing gives"
            f" {short(self.case.guessing)}.",
            value=self._ratio,
        )
