"""The picture of a data set's samples: a row of tiles for each class. No Django here."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LARGEST_TILE = 96
"""Larger images are shown smaller: the sheet of 200 classes stays a picture that a browser can hold."""


def sheet(
    tiles: Iterator[NDArray[np.uint8]], shape: tuple[int, int, int], *, rows: int, columns: int
) -> tuple[bytes, tuple[int, int]]:
    """PNG of rows × columns tiles, uint8 [channels, height, width] each, and the height and width of a tile in it."""
    channels, height, width = shape
    share = min(1.0, LARGEST_TILE / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    mode = "L" if channels == 1 else "RGB"
    picture = Image.new(mode, (columns * size[0], rows * size[1]))
    for number, tile in enumerate(tiles):
        image = Image.fromarray(tile[0] if channels == 1 else np.ascontiguousarray(tile.transpose(1, 2, 0)))
        row, column = divmod(number, columns)
        picture.paste(
            image.resize(size, Image.Resampling.BOX) if share < 1 else image, (column * size[0], row * size[1])
        )
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue(), (size[1], size[0])
