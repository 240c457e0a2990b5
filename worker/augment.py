"""Training images changed at random: shifted, mirrored. On bytes, before they are normalised.

What happens to each image of an epoch is drawn beforehand, from the seed and the epoch alone: a restart, another device
and a recorded step all see the same images.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from playground.recipe import Augment

_ANOTHER_STREAM = 0x5EED
"""Keeps these numbers apart from those of the order of the images."""


def reach(side: int) -> int:
    """Pixels by which an image of so many is shifted at most: 4 of 32, as He et al. 2016 did for CIFAR-10."""
    return max(1, side // 8)


def epoch_draws(images: int, shape: Sequence[int], augment: Augment, seed: int, epoch: int) -> Tensor | None:
    """int64 [images, 3], in the order of the epoch: first row and column that are seen of the image with its border,
    and whether it is mirrored. None where nothing is changed. `shape` ends in height and width."""
    if augment == "none":
        return None
    generator = torch.Generator().manual_seed((seed * 1_000_003 + epoch) ^ (_ANOTHER_STREAM << 40))
    borders = [reach(side) for side in shape[-2:]]
    corners = [torch.randint(2 * border + 1, (images,), generator=generator) for border in borders]
    if "shift" not in augment:
        corners = [torch.full((images,), border) for border in borders]
    mirrored = torch.randint(2, (images,), generator=generator)
    return torch.stack((*corners, mirrored if "flip" in augment else torch.zeros_like(mirrored)), dim=1)


def augmented(images: Tensor, draws: Tensor) -> Tensor:
    """uint8 [b, c, h, w] as the draws [b, 3] want them: one gather, nothing that the host would have to wait for."""
    height, width = images.shape[-2:]
    down, across = reach(height), reach(width)
    bordered = functional.pad(images, (across, across, down, down))
    rows = draws[:, 0, None] + torch.arange(height, device=images.device)
    columns = torch.arange(width, device=images.device)
    columns = draws[:, 1, None] + torch.where(draws[:, 2, None] > 0, width - 1 - columns, columns)
    each = torch.arange(len(images), device=images.device)[:, None, None]
    return bordered[each, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
