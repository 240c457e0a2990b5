"""Sweeps: the runs that they make, what those cost, and what cannot be swept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.datasets import DATASETS
from playground.plan import plan
from playground.recipe import Recipe
from playground.sweep import MOST_RUNS, Axis, SweepError, members, spaced, sweep_fields
from tests.playground.doctor.ward import network as chain

NETWORK = chain(
    ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}), ("relu", {}), ("flatten", {}), ("dense", {"units": 10})
)
RECIPE = Recipe(dataset="digits", seed=5)
RATE = "learning_rate"


def axis(field: str, **how: Any) -> Axis:
    return Axis(field=field, **how)


def test_a_list_of_rates_changes_the_rate_alone() -> None:
    found = members(NETWORK, RECIPE, [axis(RATE, values=[0.1, 0.01, 0.1])])
    assert [member.recipe.learning_rate for member in found] == [0.1, 0.01]
    assert {member.recipe.model_copy(update={"learning_rate": 0}) for member in found} == {
        RECIPE.model_copy(update={"learning_rate": 0})
    }
    assert [member.name for member in found] == ["rate 0.1", "rate 0.01"]
    assert all(member.network == NETWORK for member in found)


def test_two_settings_and_seeds_make_every_combination_once() -> None:
    found = members(NETWORK, RECIPE, [axis(RATE, values=[0.1, 0.01]), axis("1_conv2d/filters", values=[2, 4, 8])], 2)
    assert len(found) == 12 and len({member.name for member in found}) == 12
    assert {member.recipe.seed for member in found} == {5, 6}
    assert found[0].name == "rate 0.1, Conv 3×3 channels out 2, seed 5"


def test_seeds_alone() -> None:
    assert [member.recipe.seed for member in members(NETWORK, RECIPE, [], 3)] == [5, 6, 7]


def test_the_work_is_counted_from_each_network() -> None:
    digits = DATASETS["digits"]
    for member in members(NETWORK, RECIPE, [axis("1_conv2d/filters", low=2, high=8, count=3)]):
        macs = sum(step.macs for step in plan(member.network).steps)
        assert member.work == macs * (digits.train - digits.validation) * RECIPE.epochs * 3
        assert member.macs == macs


@pytest.mark.parametrize(("low", "high", "count"), [(1e-4, 1.0, 5), (0.003, 0.3, 7), (1, 8, 2)])
def test_ranges_are_numpys(low: float, high: float, count: int) -> None:
    assert spaced(low, high, count, "log", False) == pytest.approx(np.geomspace(low, high, count), rel=5e-3)
    assert spaced(low, high, count, "linear", False) == pytest.approx(np.linspace(low, high, count), rel=5e-3)


def test_whole_ranges_have_no_value_twice() -> None:
    assert spaced(1, 3, 8, "linear", True) == [1, 2, 3]


def test_data_and_seed_are_not_swept() -> None:
    names = {each.field for each in sweep_fields(NETWORK, RECIPE)}
    assert RATE in names and "4_dense/units" in names
    assert not {"dataset", "seed", "input/channels"} & names


@pytest.mark.parametrize(
    ("axes", "seeds", "path", "message"),
    [
        ([], 1, "axes", "There is nothing to compare."),
        ([axis("dataset", values=["mnist"])], 1, "axes[0].field", "There is no setting 'dataset'"),
        ([axis(RATE, values=[-1])], 1, "axes[0].values[0]", "Rate cannot be -1. Use a number from 0 to 100."),
        ([axis(RATE, values=[])], 1, "axes[0].values", "Give at least one value of Rate."),
        ([axis(RATE)], 1, "axes[0].low", "Give values of Rate, or where its range begins and ends."),
        ([axis(RATE, low=1, high=0.1)], 1, "axes[0].high", "The range of Rate ends at 0.1, before it begins."),
        ([axis(RATE, low=0, high=1, scale="log")], 1, "axes[0].low", "A logarithmic range begins above 0."),
        ([axis("optimiser", low=0, high=1)], 1, "axes[0].values", "Optimiser has no range."),
        ([axis(RATE, values=[1]), axis(RATE, values=[2])], 1, "axes[1].field", "Both settings are the same."),
        ([axis(RATE, low=0.1, high=1, count=9)], 3, "axes", f"That makes 27 runs; a sweep has {MOST_RUNS} at most."),
        ([axis("1_conv2d/kernel_size", values=[20])], 1, "axes", "With Conv 3×3 kernel 20 px the network cannot"),
    ],
)
def test_what_cannot_be_swept_is_told(axes: list[Axis], seeds: int, path: str, message: str) -> None:
    with pytest.raises(SweepError) as told:
        members(NETWORK, RECIPE, axes, seeds)
    assert told.value.path == path
    assert told.value.message.startswith(message)


def test_blocks_of_one_name_are_told_apart() -> None:
    conv = ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1})
    fields = sweep_fields(chain(conv, ("relu", {}), conv, ("flatten", {}), ("dense", {"units": 10})), RECIPE)
    owners = {each.field: each.owner for each in fields}
    assert (owners["1_conv2d/filters"], owners["3_conv2d/filters"]) == ("Conv 3×3 a", "Conv 3×3 b")
    assert owners["5_dense/units"] == "Dense 10"
