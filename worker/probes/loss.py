"""The batch's loss and accuracy and the learning rate, every step."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.protocol import Column
from worker.probes.base import Moment, Probe


class LossProbe(Probe):
    """Of the batch before its update: cross-entropy, share right, and the rate of the update."""

    stream = "steps"
    order = 0

    def columns(self) -> list[Column]:
        return [Column(quantity="loss"), Column(quantity="accuracy"), Column(quantity="learning_rate")]

    def each_step(self, moment: Moment, out: Tensor) -> None:
        with torch.no_grad():
            right = moment.scores.argmax(1).eq_(moment.labels).sum()
            torch.stack((moment.loss, right / len(moment.labels), moment.loss.new_full((), moment.rate)), out=out)
