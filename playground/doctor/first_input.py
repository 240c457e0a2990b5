"""What the first layer takes in is not of the size it was made for.

The worker normalises every data set to mean 0 and deviation 1, so the images themselves are always right. What can go
wrong is what stands between them and the first layer with weights: a block that scales or squeezes.
"""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import short

FARTHEST = 1.0
"""Size of the mean, where 0 is right."""
SPREAD = 4.0
"""Deviation above this, or below its inverse, where 1 is right."""


@rule
class InputNotNormalised(Rule):
    """For 20 steps what the first layer with weights takes in has a mean beyond ±1 or a deviation outside 1/4 to 4."""

    id = "doctor.input"
    title = "An input that is not normalised"
    why = (
        "Start weights are drawn for inputs of mean 0 and deviation 1. Larger ones make every output, and so every"
        " step, larger by as much; a common offset drags all filters of the first layer the same way."
    )
    source = "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998, section 4.3"
    remedies = ("normalise_input", "slower")
    hold = 20
    kept = ("_now",)

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        means = {layer: at for at, layer in case.columns("layers", "activation_mean")}
        spreads = {layer: at for at, layer in case.columns("layers", "activation_std")}
        self._layer = _feeding(case, means)
        self._places = (means[self._layer], spreads[self._layer]) if self._layer in spreads else None
        self._now = (0.0, 1.0)

    def layers(self, row: Row) -> None:
        if self._places is None:
            return
        mean, spread = (row.values[at] for at in self._places)
        present = abs(mean) > FARTHEST or spread > SPREAD or spread < 1 / SPREAD
        if present:
            self._now = mean, spread
        self.sign.see(row.step, row.step, present)

    def finding(self) -> Finding:
        mean, spread = self._now
        assert self._layer is not None
        label = self.case.step(self._layer).label
        return Finding(
            title="The first layer's input is not normalised",
            evidence=f"Since step {self.since():,} what {label} hands on has mean {short(mean)} and deviation"
            f" {short(spread)}; start weights are made for 0 and 1.",
            layer=self._layer,
            value=spread,
        )


def _feeding(case: Case, measured: dict[str, int]) -> str | None:
    """The last measured step on the one way from the image to the first layer with weights."""
    for step in case.plan.steps:
        if step.parameters:
            before = step.inputs[0]
            while before not in measured and case.step(before).inputs:
                before = case.step(before).inputs[0]
            return before if before in measured else None
    return None
