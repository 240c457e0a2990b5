"""Sigmoids and tanhs that are stuck at their flat ends."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import percent
from playground.doctor.zones import DangerZone

SHARE = 0.5
"""Of a layer's outputs over the batch, beyond 0.99 of the range."""


@rule
class Saturation(Rule):
    """Half of a layer's outputs stand at the end of a sigmoid's or tanh's range for 50 steps."""

    id = "doctor.saturation"
    title = "Sigmoids and tanhs at their end"
    why = (
        "At its ends a sigmoid or tanh is flat: whatever the gradient asks for, the slope there makes next to nothing"
        " of it. Weights that are too large, or inputs that are, push values there."
    )
    source = "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998"
    remedies = ("relu", "batch_norm", "glorot_weights", "slower_now", "slower")
    zones = (DangerZone(quantity="saturated", low=SHARE, name="saturated: a half and more"),)
    kept = ("_at_end",)

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._layers = case.columns("layers", "saturated")
        self._at_end: list[tuple[float, str]] = []

    def layers(self, row: Row) -> None:
        at_end = [(row.values[at], layer) for at, layer in self._layers if SHARE <= row.values[at] <= 1]
        self._at_end = at_end or self._at_end
        self.sign.see(row.step, row.step, bool(at_end))

    def finding(self) -> Finding:
        share, layer = max(self._at_end)
        fine = len(self._layers) - len(self._at_end)
        return Finding(
            title=f"{self.case.name(layer)} is saturated: {percent(share)} of its outputs stand at the end",
            evidence=f"Since step {self.since():,} at least {percent(SHARE)} are beyond 0.99 of the range, where the"
            " slope is almost zero.",
            fine=f"{fine} of {len(self._layers)} such layers are not." if fine else "",
            layer=layer,
            layers=tuple(each for _, each in self._at_end),
            value=share,
        )
