"""Batches for a device are those of the plain loop to the last bit, wherever the images lie."""

from __future__ import annotations

import pytest
import torch

from playground.recipe import Recipe
from worker.data import batches, load, steps_per_epoch
from worker.feed import Resident, Streamed, feed_for


@pytest.mark.parametrize("kind", [Resident, Streamed])
@pytest.mark.parametrize("augment", ["none", "shift_flip"])
@pytest.mark.parametrize("begin", [0, 11])
def test_the_same_images_in_the_same_order(kind: type[Resident] | type[Streamed], augment: str, begin: int) -> None:
    recipe = Recipe(dataset="digits", batch_size=200, seed=4, augment=augment)  # type: ignore[arg-type]
    data = load("digits")
    feed = kind(data, recipe)
    plain = batches(data, seed=4, step=begin, batch_size=200, augment=recipe.augment)
    count = steps_per_epoch(len(data.train), 200)
    for step in range(begin, begin + 2 * count + 3):
        images, labels = feed.batch(feed.ready(step))
        expected, truth = next(plain)
        assert torch.equal(images, expected) and torch.equal(labels, truth)
        assert images.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("kind", [Resident, Streamed])
def test_a_step_that_is_asked_for_out_of_turn_gets_its_own_images(kind: type[Resident] | type[Streamed]) -> None:
    recipe, data = Recipe(dataset="digits", batch_size=64), load("digits")
    feed = kind(data, recipe)
    for step in (0, 1, 30, 2, 3, 22):
        images, _ = feed.batch(feed.ready(step))
        assert torch.equal(images, next(batches(data, seed=1, step=step, batch_size=64))[0])


def test_images_that_lie_where_the_network_is_are_gathered_there() -> None:
    data, recipe = load("digits"), Recipe(dataset="digits")
    assert isinstance(feed_for(data, recipe), Resident)


def test_what_needs_more_room_than_there_is_stays_in_memory() -> None:
    data, elsewhere = load("digits"), torch.device("meta")
    size = sum(part.images.nbytes for part in (data.train, data.validation, data.test))
    assert data.to(elsewhere, room=size).train.images.device == elsewhere
    few = data.to(elsewhere, room=size - 1)
    assert few.train.images.device.type == "cpu" and few.mean.device == elsewhere
