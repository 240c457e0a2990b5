"""Writes centring.json: drawings, and what MNIST's rule makes of them, by another way than the page's.

    python tests/editor/panels/train/probe/make_centring.py

The page sums overlaps of pixels; here the area under a pixel row is integrated (a cumulative sum, interpolated), first
down, then across.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FAINT = 16
Image = NDArray[np.float64]


def integrated(image: Image, size: int) -> Image:
    """Means over `size` equal parts of the first axis."""
    total = np.vstack([np.zeros((1, image.shape[1])), image.cumsum(0)])
    edges = np.linspace(0, image.shape[0], size + 1)
    at_edges = np.stack([np.interp(edges, np.arange(len(total)), column) for column in total.T], axis=1)
    means: Image = np.diff(at_edges, axis=0) * size / image.shape[0]
    return means


def centred(image: Image, size: int, box: int, middle: str) -> Image:
    """[size, size] from a drawing of any size."""
    out = np.zeros((size, size))
    rows, columns = np.nonzero(image > FAINT)
    if not len(rows):
        return out
    ink = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = (max(1, int(np.floor(side * box / max(ink.shape) + 0.5))) for side in ink.shape)
    fitted = integrated(integrated(ink, height).T, width).T
    if middle == "mass":
        grid = np.mgrid[:height, :width]
        mass = [(fitted * axis).sum() / fitted.sum() for axis in grid]
        top, left = (int(np.floor(size / 2 - place + 0.5)) for place in mass)
        top, left = int(np.clip(top, 0, size - height)), int(np.clip(left, 0, size - width))
    else:
        top, left = (size - height) // 2, (size - width) // 2
    out[top : top + height, left : left + width] = fitted
    return out


def drawings() -> dict[str, Image]:
    """A seven, a one at the edge, a blot, a faint smear, and nothing."""
    y, x = np.mgrid[:56, :48].astype(float)
    seven = 255.0 * (
        ((y > 8) & (y < 14) & (x > 8) & (x < 38)) | ((abs(x - (40 - 0.5 * (y - 8))) < 3) & (y > 8) & (y < 50))
    )
    one = 255.0 * ((x < 4) & (y > 20))
    blot = np.clip(400 - 30 * np.hypot(y - 10.3, x - 40.7), 0, 255)
    return {"seven": seven, "one": one, "blot": blot, "faint": np.full_like(y, 10), "nothing": np.zeros_like(y)}


def main() -> None:
    cases = []
    for name, image in drawings().items():
        image = image.round()
        for size, box, middle in ((28, 20, "mass"), (8, 8, "box")):
            made = centred(image, size, box, middle).ravel().round(4).tolist()
            pixels = image.astype(int).ravel().tolist()
            shape = {"height": image.shape[0], "width": image.shape[1]}
            cases.append(
                {"name": name, **shape, "pixels": pixels, "size": size, "box": box, "middle": middle, "made": made}
            )
    Path(__file__).with_name("centring.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
