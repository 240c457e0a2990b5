"""A fresh network that is sure of what it does not know."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case
from playground.doctor.registry import rule
from playground.doctor.words import short

TIMES = 5.0
"""Loss of the fresh weights as a multiple of guessing's, ln(classes)."""


@rule
class WildStart(Rule):
    """The loss of the fresh weights is more than five times that of guessing."""

    id = "doctor.start"
    title = "Start weights that are too large"
    why = (
        "Before its first step a network knows nothing and should say so: the same chance for every class, a loss of"
        " ln(classes). A loss far above it means that values grow from layer to layer, and gradients on their way back"
        " with them."
    )
    source = "Karpathy, A Recipe for Training Neural Networks, 2019: verify loss at init"
    remedies = ("batch_norm", "he_weights", "glorot_weights", "slower")
    hold = 1
    kept = ("_opening",)

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._loss = case.column("steps", "loss")
        self._opening = 0.0

    def steps(self, block: Block) -> None:
        if self._loss is None:
            return
        if block.opening is not None:
            self._opening = block.opening[self._loss]
        wild = self._opening > TIMES * self.case.guessing
        present = (
            wild if block.opening is not None else self.sign.on and block.mean[self._loss] > TIMES * self.case.guessing
        )
        self.sign.see(block.first, block.last, present)

    def finding(self) -> Finding:
        return Finding(
            title="The fresh network's scores are far too large",
            evidence=f"Before the first step the loss was {short(self._opening)}; guessing gives"
            f" {short(self.case.guessing)}.",
            value=self._opening,
        )
