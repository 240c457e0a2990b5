"""Images are shifted and mirrored as drawn, the same in every life of a run."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.runs import job
from worker.augment import augmented, epoch_draws, reach
from worker.data import batches, load
from worker.prepare import prepare


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 3), st.integers(4, 33), st.integers(4, 33), st.integers(0, 2**31 - 1), st.integers(0, 500))
def test_an_image_is_cut_out_of_itself_with_a_black_border(
    channels: int, height: int, width: int, seed: int, epoch: int
) -> None:
    images = torch.randint(256, (5, channels, height, width), dtype=torch.uint8)
    draws = epoch_draws(5, images.shape, "shift_flip", seed, epoch)
    assert draws is not None
    for image, seen, (row, column, mirrored) in zip(images, augmented(images, draws), draws.tolist(), strict=True):
        down, across = reach(height), reach(width)
        bordered = np.pad(image.numpy(), ((0, 0), (down, down), (across, across)))
        cut = bordered[:, row : row + height, column : column + width]
        assert np.array_equal(seen.numpy(), cut[:, :, ::-1] if mirrored else cut)


def test_draws_use_their_whole_range_and_only_what_was_asked_for() -> None:
    shape = (5000, 1, 32, 32)
    both, shift, flip = (epoch_draws(5000, shape, kind, 1, 0) for kind in ("shift_flip", "shift", "flip"))
    assert both is not None and shift is not None and flip is not None
    assert set(shift[:, 0].tolist()) == set(shift[:, 1].tolist()) == set(range(9))
    assert set(shift[:, 2].tolist()) == {0}
    assert set(flip[:, 0].tolist()) == set(flip[:, 1].tolist()) == {4}
    assert float(flip[:, 2].float().mean()) == pytest.approx(0.5, abs=0.03)
    assert len(both.unique(dim=0)) == 9 * 9 * 2
    assert epoch_draws(5000, shape, "none", 1, 0) is None


def test_each_epoch_changes_its_images_anew_and_a_run_can_begin_anywhere_in_one() -> None:
    data = load("digits")
    stream = batches(data, seed=3, step=0, batch_size=400, augment="shift")
    steps = [next(stream) for _ in range(8)]
    images, labels = next(batches(data, seed=3, step=6, batch_size=400, augment="shift"))
    assert torch.equal(images, steps[6][0]) and torch.equal(labels, steps[6][1])
    first, second = (epoch_draws(50, (50, 1, 8, 8), "shift", 3, epoch) for epoch in (0, 1))
    assert first is not None and second is not None and not torch.equal(first, second)


def test_a_recipe_without_it_shows_the_images_as_they_are() -> None:
    run = prepare(job())
    images, _ = next(run.batches(0))
    plain, _ = next(batches(run.data, seed=1, step=0, batch_size=64))
    assert torch.equal(images, plain)
    shifted, _ = next(prepare(job(augment="shift")).batches(0))
    assert not torch.equal(images, shifted)
