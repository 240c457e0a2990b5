"""The card of a data set: a picture of ten test images a class, and the counts that the page shows."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from playground.protocol import DatasetCard
from worker.data import load, probe_positions, tiles_per_class


@cache
def make_card(name: str) -> tuple[DatasetCard, bytes]:
    """The card and its PNG. Raises Failure(data_missing)."""
    data = load(name)
    positions = probe_positions(data)
    classes = len(data.record.classes)
    columns = tiles_per_class(data)
    picture = _picture(data.test.images[positions].numpy(), columns=columns)
    card = DatasetCard(
        name=name,
        columns=columns,
        tile_height=data.record.height,
        tile_width=data.record.width,
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


def _picture(tiles: NDArray[np.uint8], columns: int) -> bytes:
    """PNG of uint8 tiles [n, channels, h, w], row by row."""
    n, channels, height, width = tiles.shape
    rows = n // columns
    grid = tiles.reshape(rows, columns, channels, height, width).transpose(0, 3, 1, 4, 2)
    sheet = grid.reshape(rows * height, columns * width, channels)
    file = io.BytesIO()
    Image.fromarray(sheet[:, :, 0] if channels == 1 else sheet).save(file, "PNG", optimize=True)
    return file.getvalue()
