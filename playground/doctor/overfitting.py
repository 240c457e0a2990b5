"""The training images are learned by heart."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.case import Block, Case, Row
from playground.doctor.registry import rule
from playground.doctor.words import short

RISEN = 1.25
"""Held-out loss as a multiple of its lowest."""
RISEN_BY = 0.05
"""And at least so much more: small losses double by chance."""
LEARNED = 0.5
"""Share of guessing's loss: while the training loss is above it, nothing is known by heart yet."""
GAP = 0.5
"""Training loss over the last epoch as a share of the held-out loss; above it both rise, for another reason."""
WIDE = 1 / 3
"""The same, for a held-out loss that only stands still."""
PATIENCE = 5
"""Epochs without a new lowest (Prechelt's stopping by generalisation loss, with a strip of five)."""
UNLEARNED = 0.2
"""Share of guessing's loss: a held-out loss below it stands still because there is little left to learn."""
TIMES = 3
"""Epochs in a row: on a small held-out part one or two may be chance."""


@rule
class Overfitting(Rule):
    """Three epochs in a row the held-out loss is a quarter above its lowest and the training loss below half of it; or
    it has not fallen for five epochs, is above a fifth of guessing's, and the training loss is below a third of it.
    Either way the training loss is below half of guessing's."""

    id = "doctor.overfitting"
    title = "Learning by heart"
    why = (
        "A network with room enough can remember its training images one by one. From then on it gets better on those"
        " and worse on all others: what it learns is no longer what they have in common."
    )
    source = "Prechelt, Early Stopping – But When?, 1998"
    remedies = ("stop_early", "weight_decay", "dropout")
    hold = 1
    rest = 1
    kept = ("_best", "_now", "_times", "_train", "_blocks")

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._places = {name: case.column("validation", name) for name in ("loss", "sample", "epoch")}
        self._loss = case.column("steps", "loss")
        self._best: tuple[float, float, int] | None = None
        """Lowest held-out loss, its epoch and step."""
        self._now = 0.0
        self._times = 0
        self._train = 0.0
        """Mean training loss of the last epoch."""
        self._blocks: list[float] = []

    def steps(self, block: Block) -> None:
        if self._loss is not None:
            self._blocks.append(block.mean[self._loss])

    def validation(self, row: Row) -> None:
        loss, sample, epoch = (row.values[at] if at is not None else 0.0 for at in self._places.values())
        if sample:  # another set of images: its loss cannot be compared
            return
        if self._blocks:
            self._train, self._blocks = sum(self._blocks) / len(self._blocks), []
        self._now = loss
        if self._best is None or loss < self._best[0]:
            self._best = loss, epoch, row.step
        learned = self._train < LEARNED * self.case.guessing
        risen = loss > max(RISEN * self._best[0], self._best[0] + RISEN_BY) and self._train < GAP * loss and learned
        self._times = self._times + 1 if risen else 0
        stands = epoch - self._best[1] >= PATIENCE and loss > UNLEARNED * self.case.guessing
        present = self._times >= TIMES or (risen and self.sign.on) or (stands and learned and self._train < WIDE * loss)
        self.sign.see(row.step, row.step, present)

    def since(self) -> int:
        return self._best[2] if self._best else 0

    def finding(self) -> Finding:
        assert self._best is not None
        loss, epoch, step = self._best
        return Finding(
            title="The network learns its training images by heart",
            evidence=f"The held-out loss was lowest after epoch {epoch:.0f} (step {step:,}) with {short(loss)} and is"
            f" {short(self._now)} now, while the training loss is {short(self._train)}.",
            fine=f"The weights of epoch {epoch:.0f} were still good.",
            value=epoch,
        )
