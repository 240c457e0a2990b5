"""Which images are trained on, held out and tested on."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from playground.own_data import OwnDataLimits, OwnDataOptions
from webapp.datasets.layout import Layout, Part
from webapp.datasets.sources import Refused

SPLIT_SEED = 2012
"""Draws the test images and those held out: the same images and options give the same split, and the same file."""
HELD_OUT = 1 / 12
FEWEST_TRAINED = 2
"""Of a class, where the upload brings its own split."""


class Kept(NamedTuple):
    """An image that was read: the n-th on the disk."""

    place: int
    label: int
    part: Part | None
    path: str


def split_up(
    kept: list[Kept], layout: Layout, options: OwnDataOptions, limits: OwnDataLimits
) -> dict[Part, list[Kept]]:
    """Shares of each class alike, so that every class is in every part; each part in an order of its own."""
    random = np.random.RandomState(SPLIT_SEED)
    parts: dict[Part, list[Kept]] = {"train": [], "validation": [], "test": []}
    own_held_out = any(image.part == "validation" for image in kept)
    for label, name in enumerate(layout.classes):
        mine = [image for image in kept if image.label == label]
        _check_class(name, mine, layout, limits, own_held_out)
        test = [image for image in mine if image.part == "test"]
        held = [image for image in mine if image.part == "validation"]
        rest = [image for image in mine if image.part not in ("test", "validation")]
        rest = [rest[at] for at in random.permutation(len(rest))]
        if not layout.split:
            cut = max(1, round(len(rest) * options.test_share / 100))
            test, rest = rest[:cut], rest[cut:]
        if not own_held_out:
            cut = max(1, round(len(rest) * HELD_OUT))
            held, rest = rest[:cut], rest[cut:]
        parts["test"] += test
        parts["validation"] += held
        parts["train"] += rest
    return {part: [images[at] for at in random.permutation(len(images))] for part, images in parts.items()}


def _check_class(name: str, mine: list[Kept], layout: Layout, limits: OwnDataLimits, own_held_out: bool) -> None:
    if not mine:
        raise Refused(
            f"The class “{name}” has no image that can be used. Add images to its folder, or remove the folder."
        )
    if len(mine) < limits.fewest_images:
        count = "only 1 image" if len(mine) == 1 else f"only {len(mine)} different images"
        raise Refused(
            f"The class “{name}” has {count} that can be used; at least {limits.fewest_images} are needed. Add some, "
            "or remove the folder."
        )
    if not layout.split:
        return
    counts = Counter(image.part for image in mine)
    if counts["test"] == 0:
        raise Refused(
            f"The class “{name}” has no test image that is not in the training set too. Put other images into the test "
            "folder, or pack class folders alone: the split is then drawn."
        )
    if counts["train"] < FEWEST_TRAINED + (not own_held_out):
        raise Refused(
            f"The class “{name}” has too few training images ({counts['train']}). Put more into its training folder."
        )
    if own_held_out and counts["validation"] == 0:
        raise Refused(
            f"The class “{name}” has no image in the validation folder. Add some, or leave that folder out: the "
            "held-out images are then drawn."
        )
