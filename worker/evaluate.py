"""How well a network does on held-out images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from playground.protocol import Evaluation
from worker.build import TorchNetwork
from worker.data import Data, Part

BATCH = 500


@dataclass(frozen=True)
class Score:
    """Means over the images; `confusion` is int32 [true class, said class]."""

    images: int
    loss: float
    accuracy: float
    top5_error: float
    confusion: Tensor

    def message(self, step: int, split: str) -> Evaluation:
        """As a record; its payload is the confusion's bytes."""
        return Evaluation(
            step=step,
            split=split,  # type: ignore[arg-type]
            images=self.images,
            classes=len(self.confusion),
            loss=self.loss,
            accuracy=self.accuracy,
            top5_error=self.top5_error,
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
    loss = torch.zeros((), dtype=torch.float64, device=data.mean.device)
    right_in_5 = torch.zeros((), dtype=torch.int64, device=data.mean.device)
    confusion = torch.zeros(classes * classes, dtype=torch.int64, device=data.mean.device)
    try:
        with torch.inference_mode():
            for images, labels in zip(part.images.split(BATCH), part.labels.split(BATCH), strict=True):
                if give_up():
                    return None
                scores, _ = network.run(data.normalise(images), ())
                loss += functional.cross_entropy(scores.float(), labels, reduction="sum").double()
                best = scores.topk(min(5, classes), dim=1).indices
                right_in_5 += (best == labels[:, None]).sum()
                confusion += torch.bincount(labels * classes + best[:, 0], minlength=classes * classes)
    finally:
        network.train(was_training)
    table = confusion.view(classes, classes).int().cpu()
    count = len(part)
    return Score(count, float(loss) / count, int(table.trace()) / count, 1 - int(right_in_5) / count, table)
