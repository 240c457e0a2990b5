"""Cards of data sets: what the picture shows and what the counts say is what the data hold."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from playground.datasets import DATASETS, tiles_per_class
from playground.protocol import MAX_FRAME_BYTES
from worker.cards import _picture, make_card
from worker.data import load


@pytest.mark.parametrize("name", [name for name, record in DATASETS.items() if not record.files])
def test_a_card_shows_ten_test_images_of_each_class(name: str) -> None:
    record, data = DATASETS[name], load(name)
    card, picture = make_card(name)
    assert card.bytes == len(picture)
    sheet = np.asarray(Image.open(io.BytesIO(picture)))
    assert sheet.shape[:2] == (10 * record.height, 10 * record.width)
    for index in (0, 37, 99):
        row, column = divmod(index, card.columns)
        tile = sheet[
            row * record.height : (row + 1) * record.height, column * record.width : (column + 1) * record.width
        ]
        image = data.test.images[card.positions[index]].numpy()
        assert (tile == (image[0] if record.channels == 1 else image.transpose(1, 2, 0))).all()
        assert data.test.labels[card.positions[index]] == row
    assert sum(card.train_counts) + sum(card.validation_counts) == record.train
    assert sum(card.test_counts) == record.test
    assert len(card.mean) == len(card.std) == record.channels


@pytest.mark.parametrize(("classes", "side", "tiles"), [(100, 32, 4), (10, 96, 10), (200, 96, 2)])
def test_a_card_of_many_or_large_images_still_fits_a_message(classes: int, side: int, tiles: int) -> None:
    assert tiles_per_class(classes, smallest=50) == tiles
    noise = np.random.RandomState(0).randint(0, 256, (classes * tiles, 3, side, side), np.uint8)
    picture, (height, width) = _picture(noise, tiles)
    assert len(picture) <= MAX_FRAME_BYTES - 32 * 1024
    assert Image.open(io.BytesIO(picture)).size == (tiles * width, classes * height)
    assert 8 <= height < side


def test_a_small_class_has_fewer_samples() -> None:
    assert tiles_per_class(3, smallest=4) == 4
    assert tiles_per_class(1000, smallest=4) == 1
