"""Loss or gradient grows without bound, in time or from layer to layer."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import BLOCK, Block, Case
from playground.doctor.registry import rule
from playground.doctor.words import short

FACTOR = 1e3
"""Growth within WINDOW steps (design, section 7)."""
WINDOW = 50
ABOVE_FRESH = 10.0
"""And so many times what the fresh weights had: a loss that rose from almost nothing is no explosion."""
LARGE = 1.0
"""A gradient magnitude from which the weights, whose size is below 1, cannot follow it."""


@rule
class Exploding(Rule):
    """Loss or a layer's gradient grew 1e3-fold in 50 steps, to more than 10 times what the fresh network had; and a
    gradient to a magnitude above 1."""

    id = "doctor.exploding"
    title = "Gradients that explode"
    why = (
        "A step that is too long lands where the loss is steeper, so the next one is longer still. Within a few steps"
        " the weights are so large that nothing can be learned with them."
    )
    source = "Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013"
    remedies = ("slower_now", "slower", "batch_norm", "warm_up")
    hold = 1
    kept = ("_before", "_fresh", "_worst")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._layers = case.weights("steps", "gradient_rms")
        loss = case.column("steps", "loss")
        self._places = ([] if loss is None else [loss]) + [at for at, _ in self._layers]
        self._names: list[str | None] = ([] if loss is None else [None]) + [layer for _, layer in self._layers]
        self._before: list[list[float]] = []
        """Means of the last blocks within the window, [block][place]."""
        self._fresh: list[float] = []
        self._worst: tuple[int, float] = (0, 0.0)
        """Index into `_places`, and its growth."""

    def steps(self, block: Block) -> None:
        if block.opening is not None:
            self._fresh = [block.opening[at] for at in self._places]
            self._before = [self._fresh]
        high = block.high
        worst, most = 0, 0.0
        for index, at in enumerate(self._places):
            value = high[at]
            if self._fresh and not value > ABOVE_FRESH * self._fresh[index]:
                continue
            if self._names[index] is not None and not value > LARGE:
                continue
            least = min((means[index] for means in self._before), default=0.0)
            if least > 0 and value / least > most:
                worst, most = index, value / least
        if most >= FACTOR:
            self._worst = worst, most
        self.sign.see(block.first, block.last, most >= FACTOR)
        self._before = [*self._before, [block.mean[at] for at in self._places]][-(WINDOW // BLOCK) :]

    def finding(self) -> Finding:
        index, growth = self._worst
        layer = self._names[index]
        what = f"The gradient of {self.case.name(layer)}" if layer else "The loss"
        return Finding(
            title=f"{what} explodes",
            evidence=f"It grew {short(growth)}-fold within {WINDOW} steps, up to step {self.since():,}.",
            layer=layer,
            value=growth,
        )
