"""Pairs are fair: a fork that changes nothing gives the same curve to the last bit, and twins start as they say."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from playground.network import read_network
from playground.plan import plan
from playground.protocol import Job
from playground.recipe import Recipe
from playground.twins import Original, twins
from tests.worker.runs import CONVNET, STEADY, Layer, Listener, job, network
from worker.build import build
from worker.initialise import initialise
from worker.train import train


def curve(wanted: Job) -> tuple[bytes, bytes]:
    listener = Listener()
    train(wanted, emit=listener)
    return tuple(  # type: ignore[return-value]
        listener.series("steps", quantity)[1].tobytes() for quantity in ("loss", "accuracy")
    )


@pytest.mark.parametrize("layers", [CONVNET, STEADY])
def test_a_fork_that_changes_nothing_gives_the_same_curve_to_the_last_bit(layers: tuple[Layer, ...]) -> None:
    original = job(*layers, epochs=1)
    document = read_network(original.network).model_dump(mode="json", exclude_unset=True)
    recipe = Recipe.model_validate(original.recipe).model_dump(mode="json")
    fork = Job(run="fork", attempt=1, network={**document, "name": "A fork"}, recipe=recipe)
    first = curve(original)
    assert len(first[0]) >= 4 * 20 and curve(fork) == first


def started(document: dict[str, Any], recipe: Recipe) -> list[torch.Tensor]:
    torch.manual_seed(recipe.seed)
    made = build(plan(read_network(document), classes=10))
    initialise(made, recipe.initialisation)
    return [weight.detach().clone() for weight in made.parameters() if weight.dim() > 1]


@pytest.mark.parametrize("initialisation", ["torch", "he_normal"])
def test_twins_that_say_so_start_from_the_same_weights(initialisation: str) -> None:
    recipe = Recipe.model_validate({"dataset": "digits", "initialisation": initialisation})
    original = Original(read_network(network(*CONVNET)), recipe)
    first = started(network(*CONVNET), recipe)
    alike = 0
    for twin in twins(original):
        weights = started(twin.network.model_dump(mode="json", exclude_unset=True), twin.recipe)
        equal = len(weights) == len(first) and all(map(torch.equal, weights, first))
        assert equal == twin.fair.endswith("start from the same weights."), twin.variant.label
        alike += equal
    assert alike >= 8
