"""Nothing is learned, and no other rule says why."""

from __future__ import annotations

import statistics

from playground.doctor.base import Finding, Rule
from playground.doctor.case import BLOCK, Block, Case
from playground.doctor.registry import rule
from playground.doctor.words import short

NEAR = 0.03
"""Distance from guessing's loss, as a share of it."""
STEPS = 150
"""How long; deep networks may need a hundred steps to find the first slope."""


@rule
class Stuck(Rule):
    """For 150 steps the mean loss is within 3 % of guessing's."""

    id = "doctor.stuck"
    title = "A network that only guesses"
    why = (
        "All classes get the same scores whatever the image. Start weights that are too small do that: each layer hands"
        " on less than it got, until the last ones see no difference between images."
    )
    source = "He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015, section 2.2"
    remedies = ("he_weights", "batch_norm", "slower", "faster_now")
    unless = frozenset(
        {
            "doctor.vanishing", "doctor.rate_low", "doctor.rate_high", "doctor.exploding", "doctor.saturation",
            "doctor.start",
        }
    )  # fmt: skip
    hold = STEPS
    kept = ("_losses",)

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._loss = case.column("steps", "loss")
        self._losses: list[float] = []

    def steps(self, block: Block) -> None:
        if self._loss is None:
            return
        self._losses = [*self._losses, block.mean[self._loss]][-(STEPS // BLOCK) :]
        guessing = self.case.guessing
        self.sign.see(block.first, block.last, abs(statistics.fmean(self._losses) - guessing) < NEAR * guessing)

    def finding(self) -> Finding:
        loss = statistics.fmean(self._losses)
        return Finding(
            title="The network only guesses",
            evidence=f"Since step {self.since():,} the loss stays at {short(loss)}; giving every class the same chance"
            f" gives {short(self.case.guessing)}.",
            value=loss,
        )
