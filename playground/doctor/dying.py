"""ReLUs that never fire again."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import percent, rate_words

SHARE = 1 / 3
"""Of a layer's units or channels. A quarter is often born dead: behind a ReLU all inputs are positive, and a unit whose
weights are mostly negative never fires."""
JUST_BEFORE = 300
"""Steps in which a rise of the rate may have been the cause."""
RISE = 1.5


@rule
class DyingReLU(Rule):
    """A third of a layer's units gave zero for every training image of the last window."""

    id = "doctor.dying"
    title = "ReLUs that die"
    why = (
        "A ReLU that gives zero for every image has slope zero for every image: no gradient reaches its weights, so it"
        " stays as it is. One long step that pushes its bias far down is enough."
    )
    source = "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013"
    remedies = ("slower_now", "leaky_relu", "slower")
    hold = 1
    kept = ("_rate", "_rise")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        dead = case.columns("layers", "dead")
        self._layers = [(at, layer, case.step(layer).shape[0]) for at, layer in dead]
        self._rate_at = case.column("steps", "learning_rate")
        self._rate = 0.0
        self._rise: tuple[int, float] | None = None
        """The last rise of the rate: step and new rate."""
        self._dead: list[tuple[float, str, int, int]] = []

    def steps(self, block: Block) -> None:
        if self._rate_at is None:
            return
        rate = block.mean[self._rate_at]
        if 0 < self._rate * RISE < rate:
            self._rise = block.first, rate
        self._rate = rate

    def layers(self, row: Row) -> None:
        dead = [(row.values[at] / units, layer, row.values[at], units) for at, layer, units in self._layers]
        known = [each for each in dead if each[0] <= 1]  # NaN before the first window is over
        present = any(each[0] >= SHARE for each in known)
        if present:
            self._dead = sorted(((s, layer, int(n), units) for s, layer, n, units in known), reverse=True)
        self.sign.see(row.step, row.step, present)

    def finding(self) -> Finding:
        share, layer, count, units = self._dead[0]
        others = [each for each in self._dead[1:] if each[0] < SHARE]
        cause = ""
        if self._rise and 0 <= self.since() - self._rise[0] <= JUST_BEFORE:
            cause = f", just after the rate rose to {rate_words(self._rise[1])}"
        return Finding(
            title=f"{self.case.name(layer)} is dying: {percent(share)} of units never fire",
            evidence=f"{count:,} of its {units:,} gave zero for every image of the last"
            f" {self.case.recipe.dead_window:,} steps. It began by step {self.since():,}{cause}.",
            fine=f"{len(others)} of {len(self._dead)} ReLU layers are alive." if others else "",
            layer=layer,
            layers=tuple(each[1] for each in self._dead if each[0] >= SHARE),
            value=share,
        )
