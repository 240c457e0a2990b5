"""The card of a data set: a picture of ten test images a class, and the counts that the page shows."""

from __future__ import annotations

import io
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from playground.protocol import MAX_FRAME_BYTES, DatasetCard
from worker.data import load, probe_positions, tiles_per_class

MOST_PICTURE_BYTES = MAX_FRAME_BYTES - 32 * 1024
"""The header, with the positions of all tiles, fits beside it."""


@cache
def make_card(name: str) -> tuple[DatasetCard, bytes]:
    """The card and its PNG. Raises Failure(data_missing)."""
    data = load(name)
    positions = probe_positions(data)
    classes = len(data.record.classes)
    columns = tiles_per_class(data)
    picture, (tile_height, tile_width) = _picture(data.test.images[positions].numpy(), columns)
    card = DatasetCard(
        name=name,
        columns=columns,
        tile_height=tile_height,
        tile_width=tile_width,
        positions=positions,
        train_counts=_counts(data.train.labels, classes),
        validation_counts=_counts(data.validation.labels, classes),
        test_counts=_counts(data.test.labels, classes),
        mean=data.mean.tolist(),
        std=data.std.tolist(),
        bytes=len(picture),
    )
    return card, picture


def _counts(labels: Tensor, classes: int) -> list[int]:
    counts: list[int] = labels.bincount(minlength=classes).tolist()
    return counts


def _picture(tiles: NDArray[np.uint8], columns: int) -> tuple[bytes, tuple[int, int]]:
    """PNG of uint8 tiles [n, channels, h, w], row by row, and their height and width in it: smaller than they are where
    the message would be too large."""
    height, width = tiles.shape[2:]
    picture = _sheet(tiles, columns, (height, width))
    while len(picture) > MOST_PICTURE_BYTES:
        share = min(0.9, math.sqrt(MOST_PICTURE_BYTES / len(picture)))
        height, width = max(1, int(height * share)), max(1, int(width * share))
        picture = _sheet(tiles, columns, (height, width))
    return picture, (height, width)


def _sheet(tiles: NDArray[np.uint8], columns: int, size: tuple[int, int]) -> bytes:
    n, channels, *own = tiles.shape
    height, width = size
    sheet = Image.new("L" if channels == 1 else "RGB", (columns * width, -(-n // columns) * height))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        image = Image.fromarray(tile[0] if channels == 1 else np.ascontiguousarray(tile.transpose(1, 2, 0)))
        shown = image if own == [height, width] else image.resize((width, height), Image.Resampling.BOX)
        sheet.paste(shown, (column * width, row * height))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()
