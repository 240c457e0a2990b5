"""Steps that are too long."""

from __future__ import annotations

import statistics

from playground.doctor.base import Finding, Rule
from playground.doctor.case import BLOCK, Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import rate_words, short
from playground.doctor.zones import DangerZone

WORSE = 1.5
"""Loss as a multiple of what the fresh network had, or of guessing where that is more."""
SWEEP = 0.1
"""Update ratio of the middle layer: a step changes a tenth of the weights; a thousandth is usual (Karpathy, CS231n)."""
FALLING = 0.7
"""With a loss below this share of guessing something is learned all the same."""
FAST = 0.01
"""Update ratio from which on a step is called long; not yet a fault."""
WINDOW = 30


@rule
class RateTooHigh(Rule):
    """For 30 steps the loss is 1.5 times the fresh network's, or a step sweeps a tenth of the weights for nothing."""

    id = "doctor.rate_high"
    title = "A learning rate that is too high"
    why = (
        "A step along the gradient helps only as far as the slope stays what it was. A longer one jumps over the valley"
        " and lands higher on the other side."
    )
    source = "Bengio, Practical Recommendations for Gradient-Based Training of Deep Architectures, 2012"
    remedies = ("slower", "slower_now", "warm_up", "batch_norm")
    hold = WINDOW
    zones = (DangerZone(quantity="update_ratio", low=FAST, name=f"fast: over {FAST:.0%} of the weights a step"),)
    kept = ("_losses", "_fresh", "_ratio")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._loss = case.column("steps", "loss")
        self._rate_at = case.column("steps", "learning_rate")
        self._ratios = [at for at, _ in case.weights("layers", "update_ratio")]
        self._losses: list[float] = []
        self._fresh = case.guessing
        self._ratio = 0.0
        self._rate = 0.0

    def steps(self, block: Block) -> None:
        if self._loss is None or self._rate_at is None:
            return
        self._rate = block.mean[self._rate_at]
        if block.opening is not None:
            self._fresh = max(self._fresh, block.opening[self._loss])
        self._losses = [*self._losses, block.mean[self._loss]][-(WINDOW // BLOCK) :]
        loss = statistics.fmean(self._losses)
        sweeping = self._ratio > SWEEP and loss > FALLING * self.case.guessing
        self.sign.see(block.first, block.last, loss > WORSE * self._fresh or sweeping)

    def layers(self, row: Row) -> None:
        known = [row.values[at] for at in self._ratios if row.values[at] == row.values[at]]
        self._ratio = statistics.median(known) if known else 0.0

    def finding(self) -> Finding:
        loss = statistics.fmean(self._losses)
        sweeps = f" Each step changes the weights by {short(self._ratio)} of their length; 0.001 is usual."
        return Finding(
            title=f"The learning rate of {rate_words(self._rate)} is too high",
            evidence=f"Since step {self.since():,} the loss is {short(loss)}; the fresh network's was"
            f" {short(self._fresh)}, guessing gives {short(self.case.guessing)}.{sweeps if self._ratio > FAST else ''}",
            value=self._ratio or None,
        )
