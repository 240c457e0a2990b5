"""How well a network does on a part of the data, and what it says of each image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from playground.datasets import EVALUATED_AT_ONCE
from playground.protocol import Evaluation, Split
from worker.build import TorchNetwork
from worker.data import Data, Part


@dataclass(frozen=True)
class Answers:
    """What the network says of each image of a part, in its order; all [n], on the processor."""

    truth: Tensor
    said: Tensor
    """int64. The class with the highest score."""
    loss: Tensor
    truth_probability: Tensor
    said_probability: Tensor
    """float32. Softmax of the scores."""

    @property
    def wrong(self) -> Tensor:
        """Positions of the mistakes: int64 [mistakes]."""
        return (self.truth != self.said).nonzero().squeeze(1)


@dataclass(frozen=True)
class Score:
    """Means over the images; `confusion` is int32 [true class, said class]."""

    images: int
    loss: float
    accuracy: float
    top5_error: float
    confusion: Tensor
    answers: Answers

    def message(
        self, step: int, split: Split, *, part: int = 0, seconds: float = 0.0, time_share: float = 0.0
    ) -> Evaluation:
        """As a record; its payload is the confusion's bytes. `part`: images that these stand for, where it is more."""
        return Evaluation(
            step=step,
            split=split,
            images=self.images,
            part=part or self.images,
            classes=len(self.confusion),
            loss=self.loss,
            accuracy=self.accuracy,
            top5_error=self.top5_error,
            seconds=seconds,
            time_share=time_share,
        )

    def payload(self) -> bytes:
        return self.confusion.numpy().tobytes()


def evaluate(
    network: TorchNetwork, data: Data, part: Part, *, give_up: Callable[[], bool] = lambda: False
) -> Score | None:
    """One pass in evaluation mode; touches neither weights nor random numbers. None where `give_up` ended it."""
    was_training = network.training
    network.eval()
    classes = len(data.record.classes)
    count = len(part)
    device = data.mean.device
    figures = torch.empty(3, count, device=device)  # loss, probability of the true class, of the one said
    said = torch.empty(count, dtype=torch.int64, device=device)
    right_in_5 = torch.zeros((), dtype=torch.int64, device=device)
    try:
        with torch.inference_mode():
            for start in range(0, count, EVALUATED_AT_ONCE):
                if give_up():
                    return None
                here = slice(start, start + EVALUATED_AT_ONCE)
                labels = part.labels[here].to(device)
                scores, _ = network.run(data.normalise(part.images[here]), ())
                logs = functional.log_softmax(scores.float(), dim=1)
                best = scores.topk(min(5, classes), dim=1).indices
                right_in_5 += (best == labels[:, None]).sum()
                said[here] = best[:, 0]
                figures[0, here] = -logs.gather(1, labels[:, None])[:, 0]
                figures[1, here] = logs.gather(1, labels[:, None])[:, 0].exp()
                figures[2, here] = logs.gather(1, best[:, :1])[:, 0].exp()
    finally:
        network.train(was_training)
    loss, truth_probability, said_probability = figures.cpu()
    answers = Answers(part.labels.cpu(), said.cpu(), loss, truth_probability, said_probability)
    table = torch.bincount(answers.truth * classes + answers.said, minlength=classes * classes)
    table = table.view(classes, classes).int()
    mean = float(loss.double().sum()) / count
    return Score(count, mean, int(table.trace()) / count, 1 - int(right_in_5) / count, table, answers)
