"""A layer that does not move."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.zones import DangerZone

STILL = 1e-7
"""Update ratio that float32 rounds away: neighbouring numbers are 1.2e-7 of their size apart."""
MOVING = 1e-5
"""Another layer moves at least so much, so that it is not the rate."""


@rule
class FrozenLayer(Rule):
    """For 50 steps a layer gets no gradient at all, or its changes are lost to rounding, while another layer moves."""

    id = "doctor.frozen"
    title = "A layer that does not move"
    why = (
        "Where something behind a layer has slope zero for every image, such as a step or ReLUs that are all dead, the"
        " gradient ends there, and all before it keeps its random start weights."
    )
    source = "Rumelhart, Hinton and Williams, Learning Representations by Back-Propagating Errors, 1986"
    remedies = ("smooth_step", "leaky_relu", "slower", "batch_norm")
    unless = frozenset({"doctor.vanishing"})
    zones = (DangerZone(quantity="update_ratio", high=MOVING, name="hardly moves: below 10⁻⁵"),)
    kept = ("_still", "_zero")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._gradients = case.weights("steps", "gradient_rms")
        self._ratios = case.weights("layers", "update_ratio")
        self._zero: list[str] = []
        self._still: list[str] = []

    def steps(self, block: Block) -> None:
        high = block.high
        zero = [layer for at, layer in self._gradients if high[at] == 0]
        if len(zero) == len(self._gradients):  # then nothing learns, which doctor.stuck and doctor.dying tell of
            zero = []
        present = bool(zero or self._still)
        if present:
            self._zero = zero
        self.sign.see(block.first, block.last, present)

    def layers(self, row: Row) -> None:
        ratios = [(row.values[at], layer) for at, layer in self._ratios]
        moves = max((ratio for ratio, _ in ratios if ratio == ratio), default=0.0)
        self._still = [layer for ratio, layer in ratios if ratio < STILL] if moves > MOVING else []

    def finding(self) -> Finding:
        order = [layer for _, layer in self._gradients]
        layers = sorted({*self._zero, *self._still}, key=order.index)
        layer = layers[-1]  # where the gradient ends; all before it only follow
        name, others = self.case.name(layer), len(layers) - 1
        blocked = self._blocked_by(layer)
        return Finding(
            title=f"{name} does not move",
            evidence=f"Since step {self.since():,} its gradient is zero or too small to change a weight{blocked}."
            + (f" So it is for {others} layer{'s' if others > 1 else ''} before it." if others else ""),
            fine="The layers behind it still learn." if len(layers) < len(order) else "",
            layer=layer,
            layers=tuple(layers),
        )

    def _blocked_by(self, layer: str) -> str:
        """The step or the ReLU right behind, in words."""
        behind = [step for step in self.case.plan.steps if layer in step.inputs]
        while len(behind) == 1 and not behind[0].parameters:
            if behind[0].block == "step":
                return f": {behind[0].label} behind it has slope zero everywhere"
            if behind[0].block == "relu":
                return f": {behind[0].label} behind it gives zero"
            behind = [step for step in self.case.plan.steps if behind[0].id in step.inputs]
        return ""
