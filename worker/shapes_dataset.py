"""The `shapes` data set: ten coloured shapes of 32×32 pixels, drawn by code from a fixed seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from playground.datasets import DATASETS

SEED = 2012
SIZE = 32
SCALE = 4
"""Drawn this many times larger, then averaged down, so that edges are smooth."""

Point = tuple[float, float]
Colour = tuple[int, int, int]


def draw_all() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images [n, 3, 32, 32] and labels [n], training images first; the same on every call."""
    record = DATASETS["shapes"]
    count = record.train + record.test
    random = np.random.RandomState(SEED)  # its stream is frozen for ever, unlike default_rng's
    labels = random.permutation(np.arange(count) % len(record.classes)).astype(np.uint8)
    images = np.stack([draw(record.classes[label], random) for label in labels])
    return images, labels


def draw(shape: str, random: np.random.RandomState) -> NDArray[np.uint8]:
    """One image [3, 32, 32]: the shape in one colour on another, at a random place, size and angle, with noise."""
    background, ink = _two_colours(random)
    picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), background)
    radius = random.uniform(0.22, 0.42) * SIZE * SCALE
    centre = (
        random.uniform(radius, SIZE * SCALE - radius),
        random.uniform(radius, SIZE * SCALE - radius),
    )
    _paint(ImageDraw.Draw(picture), shape, centre, radius, random.uniform(-0.3, 0.3), ink, background)
    pixels = np.asarray(picture.reduce(SCALE), dtype=np.float32)
    pixels += random.normal(0.0, random.uniform(4.0, 24.0), pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8).transpose(2, 0, 1)


def _two_colours(random: np.random.RandomState) -> tuple[Colour, Colour]:
    while True:
        first, second = random.randint(0, 256, (2, 3))
        if np.abs(first - second).sum() > 180:  # far enough apart for an eye
            return _colour(first), _colour(second)


def _colour(values: NDArray[np.int_]) -> Colour:
    red, green, blue = (int(value) for value in values)
    return red, green, blue


def _paint(
    pen: ImageDraw.ImageDraw, shape: str, at: Point, radius: float, turn: float, ink: Colour, ground: Colour
) -> None:
    if shape in {"circle", "ring", "crescent"}:
        _disc(pen, at, radius, ink)
        if shape == "ring":
            _disc(pen, at, radius * 0.55, ground)
        elif shape == "crescent":
            _disc(pen, _place((0.5, -0.2), at, radius, turn), radius * 0.8, ground)
        return
    pen.polygon([_place(corner, at, radius, turn) for corner in _CORNERS[shape]], fill=ink)


def _disc(pen: ImageDraw.ImageDraw, at: Point, radius: float, colour: Colour) -> None:
    pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=colour)


def _place(corner: Point, at: Point, radius: float, turn: float) -> Point:
    x, y = corner
    cosine, sine = math.cos(turn), math.sin(turn)
    return (at[0] + radius * (x * cosine - y * sine), at[1] + radius * (x * sine + y * cosine))


def _regular(corners: int, start: float = -math.pi / 2, inner: float | None = None) -> list[Point]:
    points = []
    for k in range(corners):
        angle = start + 2 * math.pi * k / corners
        points.append((math.cos(angle), math.sin(angle)))
        if inner is not None:
            angle += math.pi / corners
            points.append((inner * math.cos(angle), inner * math.sin(angle)))
    return points


_CORNERS: dict[str, list[Point]] = {  # within the unit circle, y downwards
    "square": _regular(4, start=math.pi / 4),
    "triangle": _regular(3),
    "star": _regular(5, inner=0.4),
    "diamond": [(0, -1), (0.6, 0), (0, 1), (-0.6, 0)],
    "hexagon": _regular(6),
    "cross": [
        (-0.3, -1), (0.3, -1), (0.3, -0.3), (1, -0.3), (1, 0.3), (0.3, 0.3),
        (0.3, 1), (-0.3, 1), (-0.3, 0.3), (-1, 0.3), (-1, -0.3), (-0.3, -0.3),
    ],
    "arrow": [(-1, -0.25), (0.1, -0.25), (0.1, -0.7), (1, 0), (0.1, 0.7), (0.1, 0.25), (-1, 0.25)],
}  # fmt: skip
