"""The worst mistakes, against brute force: chosen rightly, shown as they are in the data, and never too large."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.protocol import MOST_MISTAKES_BYTES, TELEMETRY, Mistakes, decode, encode
from tests.worker.test_evaluate import scored, somewhat_trained
from worker.data import set_positions
from worker.evaluate import Answers
from worker.mistakes import MOST, MOST_IMAGE_BYTES, WORST, choose, mistakes, scaled, shown_size


def random_answers(seed: int, images: int, classes: int, wrong: float) -> Answers:
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, classes, images)
    said = np.where(chance.random(images) < wrong, chance.integers(0, classes, images), truth)
    loss = chance.exponential(1.0, images).astype(np.float32)
    loss[chance.random(images) < 0.02] = math.nan
    loss[chance.random(images) < 0.02] = math.inf
    truth_probability = torch.from_numpy(np.exp(-np.nan_to_num(loss, nan=1.0)).astype(np.float32))
    return Answers(
        torch.from_numpy(truth),
        torch.from_numpy(said),
        torch.from_numpy(loss),
        truth_probability,
        1 - truth_probability,
    )


def by_hand(answers: Answers, room: int) -> list[int]:
    """The rule, said once more without thinking of speed."""
    known = list(zip(answers.truth.tolist(), answers.said.tolist(), answers.loss.tolist(), strict=True))
    wrong = [at for at, (truth, said, _) in enumerate(known) if truth != said]
    wrong.sort(key=lambda at: (-(known[at][2] if math.isfinite(known[at][2]) else math.inf), at))
    found = wrong[: min(WORST, room)]
    often = Counter(known[at][:2] for at in wrong)
    while len(found) < min(room, len(wrong)):
        before = len(found)
        for pair in sorted(often, key=lambda pair: (-often[pair], pair)):
            rest = [at for at in wrong if known[at][:2] == pair and at not in found]
            if rest and len(found) < room:
                found.append(rest[0])
        assert len(found) > before
    return found


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    images=st.integers(1, 400),
    classes=st.integers(1, 12),
    wrong=st.floats(0, 1),
    room=st.integers(1, MOST),
)
def test_the_choice_is_that_of_brute_force(seed: int, images: int, classes: int, wrong: float, room: int) -> None:
    answers = random_answers(seed, images, classes, wrong)
    assert choose(answers, room) == by_hand(answers, room)


def test_the_record_of_real_digits_names_each_image_and_brings_it() -> None:
    run = somewhat_trained()
    part = run.data.validation
    answers = scored(run, part).answers
    positions = set_positions(run.data.record, "validation")
    message, payload = mistakes(answers, part.images, positions, step=20, split="validation")
    told, bytes_told = decode(encode(message, payload), TELEMETRY)
    assert told == message and isinstance(told, Mistakes)
    assert (told.channels, told.height, told.width, told.original) == (1, 8, 8, (8, 8))
    assert told.wrong == len(answers.wrong) >= len(told.mistakes) > 0
    losses = [each.loss for each in told.mistakes[: told.worst]]
    assert losses == sorted(losses, reverse=True)
    images = np.frombuffer(bytes_told, np.uint8, len(told.mistakes) * 64).reshape(-1, 1, 8, 8)
    at_position = {int(position): index for index, position in enumerate(positions)}
    for each, image in zip(told.mistakes, images, strict=True):
        at = at_position[each.position]
        assert (image == part.images[at].numpy()).all()
        assert (each.truth, each.said) == (int(part.labels[at]), int(answers.said[at]))
        assert each.truth != each.said
        assert each.said_probability is not None and each.truth_probability is not None and each.loss is not None
        assert each.said_probability >= each.truth_probability
        assert math.isclose(each.loss, -math.log(each.truth_probability), rel_tol=2e-3, abs_tol=2e-3)


def test_where_nothing_is_wrong_the_record_says_so() -> None:
    right = torch.arange(10)
    answers = Answers(right, right, torch.zeros(10), torch.ones(10), torch.ones(10))
    message, payload = mistakes(answers, torch.zeros(10, 1, 8, 8, dtype=torch.uint8), right, step=1, split="test")
    assert (message.wrong, message.worst, message.mistakes, payload) == (0, 0, [], b"")


@settings(max_examples=25, deadline=None)
@given(
    channels=st.sampled_from([1, 3, 4]),
    height=st.integers(1, 256),
    width=st.integers(1, 256),
    seed=st.integers(0, 2**31),
)
def test_no_record_is_larger_than_allowed_and_the_worst_always_have_room(
    channels: int, height: int, width: int, seed: int
) -> None:
    answers = random_answers(seed, 300, 1000, 1.0)
    images = torch.zeros(1, channels, height, width, dtype=torch.uint8).expand(300, -1, -1, -1)
    positions = torch.arange(300) + 10**9
    message, payload = mistakes(answers, images, positions, step=2**32 - 1, split="validation")
    assert len(encode(message, payload)) <= MOST_MISTAKES_BYTES
    assert len(payload) == len(message.mistakes) * channels * message.height * message.width <= MOST_IMAGE_BYTES
    assert len(message.mistakes) >= message.worst == WORST
    assert message.original == (height, width)


def test_small_images_stay_and_large_ones_shrink_in_proportion() -> None:
    assert shown_size(1, 28, 28) == (28, 28)
    assert shown_size(3, 32, 32) == (32, 32)
    assert shown_size(1, 64, 64) == (64, 64)
    assert shown_size(3, 224, 224) == (36, 36)
    height, width = shown_size(3, 100, 200)
    assert (height, width) == (26, 52)


def test_a_pixel_of_a_scaled_image_is_the_mean_of_those_it_stands_for() -> None:
    images = torch.arange(2 * 3 * 8 * 12).remainder(251).to(torch.uint8).view(2, 3, 8, 12)
    expected = images.double().numpy().reshape(2, 3, 4, 2, 6, 2).mean(axis=(3, 5)).round()
    assert (scaled(images, 4, 6).numpy() == expected).all()
