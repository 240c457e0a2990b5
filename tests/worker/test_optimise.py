"""The learning rate of each step, and the optimisers of a recipe."""

from __future__ import annotations

import pytest
import torch

from playground.recipe import Recipe
from worker.optimise import Rate, make_optimiser


def rates(total: int = 100, **recipe: object) -> list[float]:
    rate = Rate(Recipe(learning_rate=1.0, **recipe), total)  # type: ignore[arg-type]
    return [rate.at(step) for step in range(total)]


def test_schedules() -> None:
    assert set(rates(schedule="constant")) == {1.0}
    cosine, linear, step = rates(schedule="cosine"), rates(schedule="linear"), rates(schedule="step")
    assert (cosine[0], cosine[50]) == (1.0, pytest.approx(0.5)) and cosine[99] < 0.001
    assert (linear[0], linear[50], linear[99]) == (1.0, 0.5, pytest.approx(0.01))
    assert (step[49], step[50], step[74], step[75]) == (1.0, 0.1, 0.1, 0.01)


def test_warm_up_rises_from_near_zero_to_the_full_rate() -> None:
    warm = rates(warmup_steps=10)
    assert warm[:10] == pytest.approx([0.1 * n for n in range(1, 11)])
    assert warm[10] == 1.0


def test_nesterov_without_momentum_is_plain_descent() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    optimiser = make_optimiser([weight], Recipe(momentum=0.0, nesterov=True, learning_rate=0.5))
    weight.grad = torch.ones(2)
    optimiser.step()
    assert weight.tolist() == [0.5, 0.5]
