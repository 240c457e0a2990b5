"""The largest derivative that an activation states, against torch's on a fine grid; and what becomes of it in depth."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from playground.blocks import CATALOGUE
from playground.network import read_network
from playground.plan import plan
from playground.settings import make_block
from playground.slopes import slope_bounds
from tests.worker.runs import Layer, network
from worker.build import FUNCTIONS
from worker.prepare import layer_infos, read_plan, recipe_of

CASES: list[tuple[str, dict[str, Any]]] = [
    ("relu", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"slope": 0.3}),
    ("sigmoid", {}),
    ("sigmoid", {"k": 3.0, "x0": 1.0, "L": 2.0}),
    ("sigmoid", {"k": -2.0, "L": -1.5}),
    ("tanh", {}),
    ("swish", {}),
    ("step", {}),
    ("linear_activation", {"c": -2.5}),
]


def test_every_activation_is_in_the_list() -> None:
    activations = {kind for kind, block in CATALOGUE.items() if block.category == "Activate"}
    assert {kind for kind, _ in CASES} == activations


@pytest.mark.parametrize(("kind", "params"), CASES)
def test_the_steepest_slope_is_torchs_largest_derivative(kind: str, params: dict[str, Any]) -> None:
    block = make_block(kind, params)
    layer = block.torch((3,))
    x = torch.linspace(-12, 12, 480_001, dtype=torch.float64, requires_grad=True)
    if layer.module:
        y = getattr(torch.nn, layer.module)(**layer.arguments)(x)
    else:
        y = FUNCTIONS[str(layer.function)](x, **layer.arguments)
    (slope,) = torch.autograd.grad(y.sum(), x)
    steepest = block.steepest()
    assert steepest is not None
    assert float(slope.abs().max()) == pytest.approx(steepest, rel=1e-8)
    if block.rectifies:
        assert ((y > 0) == (x > 0)).all()


@pytest.mark.parametrize("kind", [kind for kind, block in CATALOGUE.items() if block.category != "Activate"])
def test_other_blocks_state_none(kind: str) -> None:
    assert CATALOGUE[kind].steepest is CATALOGUE["dense"].steepest


def test_slopes_multiply_from_the_loss_to_the_input() -> None:
    stack: list[Layer] = [("flatten", {})]
    for _ in range(3):
        stack += [("dense", {"units": 8}), ("sigmoid", {"k": 2.0})]
    document = network(*stack, ("dense", {"units": 8}), ("tanh", {}), ("dense", {"units": 10}))
    bounds = slope_bounds(plan(read_network(document)))
    assert [bounds[layer] for layer in ("2_dense", "4_dense", "6_dense", "8_dense", "10_dense")] == [
        1 / 8,
        1 / 4,
        1 / 2,
        1,
        1,
    ]


def test_a_shortcut_lets_the_gradient_through() -> None:
    document = {
        "format": 1,
        "name": "Two ways",
        "nodes": [
            {"id": "input", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
            {"id": "first", "block": "conv2d", "params": {"filters": 4, "padding": 1}},
            {"id": "sigmoid", "block": "sigmoid"},
            {"id": "add", "block": "add"},
            {"id": "flat", "block": "flatten"},
            {"id": "dense", "block": "dense", "params": {"units": 10}},
            {"id": "output", "block": "output"},
        ],
        "edges": [
            {"source": a, "target": b}
            for a, b in (
                ("input", "first"), ("first", "sigmoid"), ("sigmoid", "add"), ("first", "add"), ("add", "flat"),
                ("flat", "dense"), ("dense", "output"),
            )
        ],
    }  # fmt: skip
    assert slope_bounds(plan(read_network(document)))["first"] == 1.0


def test_the_page_is_told() -> None:
    from tests.worker.runs import job

    task = job(("flatten", {}), ("dense", {"units": 8}), ("sigmoid", {}), ("dense", {"units": 10}))
    told = {info.id: info for info in layer_infos(read_plan(task, recipe_of(task)))}
    assert (told["3_sigmoid"].steepest, told["2_dense"].steepest) == (0.25, None)
    assert (told["2_dense"].slope_bound, told["4_dense"].slope_bound) == (0.25, 1.0)
