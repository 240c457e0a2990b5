"""ReLUs that never fire again."""

from __future__ import annotations

import statistics

from playground.doctor.base import Finding, Rule
from playground.doctor.case import BLOCK, Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import percent, rate_words
from playground.doctor.zones import DangerZone

SHARE = 1 / 3
"""Of a layer's units or channels. A quarter is often born dead: behind a ReLU all inputs are positive, and a unit whose
weights are mostly negative never fires."""
GUESSED = 0.5
"""Loss as a share of guessing's, above which the dead units are missed: a network that learns all the same has room."""
EARLY = 3
"""Windows in which units may die without harm: Adam's first steps kill half of a dense layer in networks that learn."""
SUDDEN = 0.25
"""Share of a layer that died after that: something has happened, whatever the loss."""
JUST_BEFORE = 300
"""Steps in which a rise of the rate may have been the cause."""
RISE = 1.5
"""A rate so many times the one before has risen."""
RECENT = 50
"""Steps that the loss is averaged over."""

Dead = tuple[float, str, float, int]
"""Share, layer, how many, of how many."""


@rule
class DyingReLU(Rule):
    """A third of a layer's units gave zero for every training image of the last window, and the loss is above half of
    guessing's or a quarter of them died after the first three windows."""

    id = "doctor.dying"
    title = "ReLUs that die"
    why = (
        "A ReLU that gives zero for every image has slope zero for every image: no gradient reaches its weights, so it"
        " stays as it is. One long step that pushes its bias far down is enough."
    )
    source = "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013"
    remedies = ("slower_now", "leaky_relu", "slower")
    hold = 1
    zones = (DangerZone(quantity="dead", low=SHARE, name="dying: a third and more"),)
    kept = ("_rate", "_rise", "_early", "_losses")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        dead = case.columns("layers", "dead")
        self._layers = [(at, layer, case.step(layer).shape[0]) for at, layer in dead]
        self._early = [0.0] * len(self._layers)
        """Largest dead share of each layer in the first windows."""
        self._loss = case.column("steps", "loss")
        self._losses: list[float] = []
        self._rate_at = case.column("steps", "learning_rate")
        self._rate = 0.0
        self._rise: tuple[int, float] | None = None
        """The last rise of the rate: step and new rate."""
        self._dead: list[Dead] = []

    def steps(self, block: Block) -> None:
        if self._rate_at is None or self._loss is None:
            return
        self._losses = [*self._losses, block.mean[self._loss]][-(RECENT // BLOCK) :]
        rate = block.mean[self._rate_at]
        if 0 < self._rate * RISE < rate:
            self._rise = block.first, rate
        self._rate = rate

    def layers(self, row: Row) -> None:
        dead = [(row.values[at] / units, layer, row.values[at], units) for at, layer, units in self._layers]
        if not all(each[0] <= 1 for each in dead):  # NaN before the first window is over
            return
        if row.step < EARLY * self.case.recipe.dead_window:
            self._early = [max(before, now[0]) for before, now in zip(self._early, dead, strict=True)]
        missed = bool(self._losses) and statistics.fmean(self._losses) > GUESSED * self.case.guessing
        ill = [
            now[0] >= SHARE and (missed or now[0] >= before + SUDDEN)
            for before, now in zip(self._early, dead, strict=True)
        ]
        if any(ill):
            ranked = sorted(zip(ill, dead, strict=True), reverse=True)
            self._dead = [each for _, each in ranked]
        self.sign.see(row.step, row.step, any(ill))

    def finding(self) -> Finding:
        share, layer, count, units = self._dead[0]
        others = [each for each in self._dead[1:] if each[0] < SHARE]
        cause = ""
        if self._rise and 0 <= self.since() - self._rise[0] <= JUST_BEFORE:
            cause = f", just after the rate rose to {rate_words(self._rise[1])}"
        return Finding(
            title=f"{self.case.name(layer)} is dying: {percent(share)} of units never fire",
            evidence=f"{count:,.0f} of its {units:,} gave zero for every image of the last"
            f" {self.case.recipe.dead_window:,} steps. It began by step {self.since():,}{cause}.",
            fine=f"{len(others)} of {len(self._dead)} ReLU layers are alive." if others else "",
            layer=layer,
            layers=tuple(each[1] for each in self._dead if each[0] >= SHARE),
            value=share,
        )
