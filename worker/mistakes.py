"""Which mistakes of an evaluation are shown, and their images as bytes."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from playground.protocol import Mistake, Mistakes, Split
from worker.evaluate import Answers

WORST = 24
"""So many with the highest loss, whatever their classes."""
MOST = 128
MOST_IMAGE_BYTES = 96 * 1024
"""125 images of MNIST, 32 coloured ones of 32 × 32. With the header, at most 300 bytes a mistake, far below
MOST_MISTAKES_BYTES."""


def mistakes(answers: Answers, images: Tensor, positions: Tensor, *, step: int, split: Split) -> tuple[Mistakes, bytes]:
    """The record and its payload; without images where nothing was wrong, so that older ones are not taken for new.

    images: uint8 [n, channels, height, width], those that `answers` are about. positions: int64 [n], where they stand
    in the data set.
    """
    original = (int(images.shape[2]), int(images.shape[3]))
    channels = int(images.shape[1])
    height, width = shown_size(channels, *original)
    room = min(MOST, MOST_IMAGE_BYTES // (channels * height * width))
    chosen = choose(answers, room)
    where = torch.tensor(chosen, dtype=torch.int64)
    pictures = scaled(images.index_select(0, where.to(images.device)).cpu(), height, width)
    record = Mistakes(
        step=step,
        split=split,
        wrong=len(answers.wrong),
        worst=min(WORST, len(chosen)),
        channels=channels,
        height=height,
        width=width,
        original=original,
        mistakes=[
            Mistake(
                position=int(positions[at]),
                truth=int(answers.truth[at]),
                said=int(answers.said[at]),
                truth_probability=_number(answers.truth_probability[at]),
                said_probability=_number(answers.said_probability[at]),
                loss=_number(answers.loss[at]),
            )
            for at in chosen
        ],
    )
    return record, pictures.contiguous().numpy().tobytes()


def choose(answers: Answers, room: int) -> list[int]:
    """Positions of at most `room` mistakes: the worst, then the next worst of each pair of classes in turns.

    The pairs take their turns from the most frequent one on. A loss that is not a number counts as the highest.
    """
    wrong = answers.wrong
    loss = answers.loss[wrong].nan_to_num(nan=math.inf, posinf=math.inf)
    order = wrong[loss.argsort(descending=True, stable=True)].tolist()
    worst = order[: min(WORST, room)]
    pairs: dict[tuple[int, int], list[int]] = {}
    truth, said = answers.truth.tolist(), answers.said.tolist()
    for at in order:
        pairs.setdefault((truth[at], said[at]), []).append(at)
    taken = set(worst)
    frequent = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))
    waiting = [[at for at in pairs[pair] if at not in taken] for pair in frequent]
    turns = [each[turn] for turn in range(room) for each in waiting if turn < len(each)]
    return worst + turns[: room - len(worst)]


def shown_size(channels: int, height: int, width: int) -> tuple[int, int]:
    """Height and width of the pictures: those of the images, or so much smaller that the worst ones have room."""
    shrink = min(1.0, math.sqrt(MOST_IMAGE_BYTES / (WORST * channels * height * width)))
    return max(1, math.floor(height * shrink)), max(1, math.floor(width * shrink))


def scaled(images: Tensor, height: int, width: int) -> Tensor:
    """uint8 [n, channels, height, width]; each pixel is the mean of those it stands for."""
    if images.shape[2:] == (height, width):
        return images
    return functional.interpolate(images.float(), (height, width), mode="area").round().to(torch.uint8)


def _number(value: Tensor) -> float | None:
    """Four figures: enough to show and to tell 99.99 % from certain."""
    number = float(value)
    return float(f"{number:.4g}") if math.isfinite(number) else None
