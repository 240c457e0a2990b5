"""The learning rate of each step, and the optimisers of a recipe."""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from playground.recipe import Recipe
from worker.optimise import Rate, Update, make_optimiser, set_rate


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


RECIPES: dict[str, dict[str, object]] = {
    "plain descent": {"optimiser": "sgd", "momentum": 0.0},
    "nesterov": {"optimiser": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 1e-3},
    "rmsprop": {"optimiser": "rmsprop", "momentum": 0.5, "weight_decay": 1e-3},
    "adam": {"optimiser": "adam", "weight_decay": 1e-3},
    "adamw": {"optimiser": "adamw", "weight_decay": 1e-2},
}


@pytest.mark.parametrize("name", RECIPES)
def test_an_update_is_torch_s_own_step_to_the_last_bit(name: str) -> None:
    """Weights and state alike, with a rate that changes, after a restart, and where a weight has no gradient."""
    settings = Recipe(**RECIPES[name])  # type: ignore[arg-type]

    def weights() -> list[torch.nn.Parameter]:
        torch.manual_seed(1)
        return [torch.nn.Parameter(torch.randn(*shape)) for shape in ((4, 3, 3, 3), (4,), (7, 5))]

    ours, theirs = weights(), weights()
    our, their = make_optimiser(ours, settings), make_optimiser(theirs, settings)
    update = Update(our)
    for step in range(12):
        if step == 6:  # as a run that goes on from its checkpoint
            again = make_optimiser(ours, settings)
            again.load_state_dict(our.state_dict())
            our, update = again, Update(again)
        rate = 0.1 / (step + 1)
        update.forget_gradients()
        assert all(weight.grad is None for weight in ours)
        for one, other in zip(ours, theirs, strict=True):
            if step == 3 and one.dim() == 1:
                other.grad = None
                continue
            gradient = torch.randn(one.shape, generator=torch.Generator().manual_seed(step))
            one.grad, other.grad = gradient.clone(), gradient.clone()
        update.step(rate)
        set_rate(their, rate)
        their.step()
        assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True))
    assert_close(our.state_dict()["state"], their.state_dict()["state"], rtol=0, atol=0)


@pytest.mark.parametrize("name", RECIPES)
def test_with_a_rate_on_the_device_an_update_is_the_same_until_a_step_breaks_and_then_none(name: str) -> None:
    """0.0625 and its like are the same number in float32, which a device's rate has."""
    settings = Recipe(**RECIPES[name])  # type: ignore[arg-type]
    torch.manual_seed(1)
    theirs = [torch.nn.Parameter(torch.randn(*shape)) for shape in ((4, 3, 3, 3), (4,), (7, 5))]
    ours = [torch.nn.Parameter(weight.detach().clone()) for weight in theirs]
    broken, rate = torch.zeros(()), torch.zeros(())
    plain = Update(make_optimiser(theirs, settings))
    update = Update(make_optimiser(ours, settings), broken)
    for step in range(8):
        for one, other in zip(ours, theirs, strict=True):
            gradient = torch.randn(one.shape, generator=torch.Generator().manual_seed(step))
            one.grad, other.grad = gradient.clone(), gradient.clone()
        rate.fill_(0.0625 / 2 ** (step % 3))
        update.step(rate)
        plain.step(float(rate))
        assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True))
    broken.fill_(1.0)
    for value in (float("nan"), 1.0):
        for one in ours:
            one.grad = torch.full_like(one, value)
        update.step(rate)
    assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True))


def test_gradients_are_put_back_as_they_were() -> None:
    weights = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(3))]
    update = Update(make_optimiser(weights, Recipe()))
    weights[0].grad = torch.tensor([1.0, 2.0])
    kept = update.gradients
    update.forget_gradients()
    update.put_back(kept)
    assert weights[0].grad is kept[0] and weights[1].grad is None
