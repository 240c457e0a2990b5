"""Twins: of any network that can train, each differs in one thing, can train, and its numbers are a recount."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.analysis import analyse
from playground.datasets import DATASETS
from playground.network import Network, read_network
from playground.plan import plan
from playground.recipe import Recipe
from playground.sameness import signature
from playground.twins import KINDS, Original, Twin, twins
from playground.twins.registry import called
from playground.zoo import ZOO
from tests.networks import documents
from tests.playground.doctor.ward import network as chain

RECIPE = Recipe(dataset="digits")
STACK = [
    ("conv2d", {"filters": 4, "kernel_size": 5, "padding": 2}), ("relu", {}),
    ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}), ("relu", {}),
    ("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}), ("relu", {}),
    ("flatten", {}), ("dense", {"units": 10}),
]  # fmt: skip


def made(kind: str, *layers: tuple[str, dict[str, Any]], **recipe: Any) -> dict[str, Twin]:
    original = Original(chain(*(layers or STACK)), Recipe(dataset="digits", **recipe))
    return {twin.variant.option: twin for twin in twins(original, kind)}


def kinds(network: Network) -> list[str]:
    return [step.block for step in plan(network).steps]


@st.composite
def originals(draw: st.DrawFn) -> Original:
    """Random networks on images of the digits' size; those that cannot take them are not drawn."""
    document = draw(documents(classes=10, side=8))
    channels, height, width = DATASETS["digits"].shape
    document["nodes"][0]["params"] = {"channels": channels, "height": height, "width": width}
    optimiser = draw(st.sampled_from(["sgd", "rmsprop", "adam", "adamw"]))
    return Original(read_network(document), Recipe(dataset="digits", optimiser=optimiser))


@settings(max_examples=60, deadline=None)
@given(original=originals())
def test_twins_of_any_network_can_train_and_their_numbers_are_a_recount(original: Original) -> None:
    digits = DATASETS["digits"]
    found = twins(original)
    if not original.analysis.trainable:
        assert found == []
        return
    for twin in found:
        analysis = analyse(twin.network, classes=len(digits.classes), images=digits.shape)
        assert analysis.trainable, (twin.kind.id, twin.variant.option, analysis.notices)
        totals, steps = analysis.totals, plan(twin.network).steps
        assert (twin.after.parameters, twin.after.macs, twin.after.depth) == (
            sum(step.parameters for step in steps), sum(step.macs for step in steps), totals.depth,
        )  # fmt: skip
        assert steps[-1].shape == plan(original.network).steps[-1].shape
        assert (twin.recipe.seed, twin.recipe.dataset) == (original.recipe.seed, original.recipe.dataset)
        network_changed = signature(plan(twin.network)) != signature(plan(original.network))
        recipe_changed = twin.recipe != original.recipe
        assert network_changed != recipe_changed, "a twin differs in one thing: the network or the recipe"
        assert read_network(twin.network.model_dump(mode="json", exclude_unset=True)) == twin.network
    assert len({(twin.kind.id, twin.variant.option) for twin in found}) == len(found)


@pytest.mark.parametrize("name", ["lenet-5", "resnet-8", "plain-8", "vgg-16", "googlenet", "resnet-152"])
def test_networks_of_the_zoo_have_twins_of_most_kinds(name: str) -> None:
    network = ZOO[name].network
    channels = network.nodes[0].params.get("channels", 1)
    recipe = Recipe(dataset="mnist" if channels == 1 else "shapes")
    original = Original(network, recipe)
    if original.analysis.trainable:
        assert len({twin.kind.id for twin in twins(original)}) >= 6
    else:  # made for larger images than any data set here has
        assert twins(original) == []


def test_every_kind_asks_something() -> None:
    assert all(kind.title and kind.asks.endswith("?") for kind in KINDS.values())


def test_activations_change_everywhere_inside_blocks_and_groups_too() -> None:
    inside = {
        "nodes": [{"id": "a", "block": "tanh"}, {"id": "b", "block": "conv2d", "params": {"padding": "same"}}],
        "edges": [{"source": "in", "target": "a"}, {"source": "a", "target": "b"}, {"source": "b", "target": "out"}],
    }
    layers = [("residual_basic", {"filters": 4}), ("group", {"network": inside}), *STACK]
    twin = made("activation", *layers)["sigmoid"]
    found = kinds(twin.network)
    assert "sigmoid" in found and not {"relu", "tanh"} & set(found)
    assert twin.before == twin.after and twin.fair.endswith("start from the same weights.")


def test_an_activation_that_is_there_already_is_no_twin() -> None:
    assert "relu" not in made("activation") and set(made("activation")) == {"sigmoid", "tanh", "leaky_relu", "swish"}


def test_batch_norm_comes_and_goes() -> None:
    layers = [("conv2d", {"bias": False, "padding": 1}), ("batch_norm", {}), ("relu", {}), ("flatten", {})]
    twin = made("batch_norm", *layers, ("dense", {"units": 10}))["without"]
    assert "batch_norm" not in kinds(twin.network)
    assert plan(twin.network).steps[1].params["bias"] is True
    back = twins(Original(twin.network, twin.recipe), "batch_norm")[0]
    assert signature(plan(back.network)) == signature(plan(chain(*layers, ("dense", {"units": 10}))))


def test_shortcuts_come_and_go() -> None:
    residual = made("shortcuts", *STACK[2:])["residual"]
    assert "add" in kinds(residual.network) and residual.before == residual.after
    plain = twins(Original(residual.network, RECIPE), "shortcuts")
    assert [twin.variant.option for twin in plain][-1] == "plain"
    assert signature(plan(plain[-1].network)) == signature(plan(chain(*STACK[2:])))


def test_dropout_comes_and_goes() -> None:
    twin = made("dropout")["with"]
    assert kinds(twin.network).count("dropout") == 1
    without = twins(Original(twin.network, RECIPE), "dropout")
    assert [each.variant.option for each in without] == ["without"]
    assert signature(plan(without[0].network)) == signature(plan(chain(*STACK)))


def test_a_large_filter_and_its_chain_see_the_same_pixels() -> None:
    found = made("filters")
    assert [step.params["kernel_size"] for step in plan(found["chain"].network).steps if step.block == "conv2d"] == [
        3, 3, 3, 3,
    ]  # fmt: skip
    assert [step.params["kernel_size"] for step in plan(found["large"].network).steps if step.block == "conv2d"] == [
        5, 5,
    ]  # fmt: skip
    field = Original(chain(*STACK), RECIPE).analysis.totals.receptive_field
    for twin in found.values():
        assert Original(twin.network, RECIPE).analysis.totals.receptive_field == field


def test_a_chain_of_a_large_filter_joins_to_it_again() -> None:
    layers = [("conv2d", {"filters": 6, "kernel_size": 7, "padding": 3, "stride": 2}), ("relu", {}), *STACK[-2:]]
    chained = made("filters", *layers)["chain"]
    joined = twins(Original(chained.network, RECIPE), "filters")
    assert signature(plan(joined[-1].network)) == signature(plan(chain(*layers)))


def test_twice_as_deep_keeps_shapes_and_doubles_the_layers_before_the_scores() -> None:
    twin = made("depth")["double"]
    assert (twin.before.depth, twin.after.depth) == (4, 7)
    stages = [step.shape for step in plan(twin.network).steps]
    assert set(stages) == {step.shape for step in plan(chain(*STACK)).steps}


def test_an_optimiser_far_from_its_usual_rate_says_so_and_has_a_pair_at_that_rate() -> None:
    found = made("optimiser", learning_rate=0.05)
    assert found["adam"].variant.caution.startswith("Adam is usually trained at rates near 0.003")
    assert found["adam_usual"].recipe.learning_rate == 0.003
    near = made("optimiser", learning_rate=0.005)
    assert near["adam"].variant.caution == "" and "adam_usual" not in near


def test_every_other_start_is_offered() -> None:
    assert len(made("initialisation")) == 6 and "he_normal" not in made("initialisation")


def test_images_are_augmented_in_every_way_or_no_more() -> None:
    found = made("augmentation")
    assert set(found) == {"shift", "flip", "shift_flip"}
    assert found["flip"].variant.caution and not found["shift"].variant.caution
    assert found["shift"].recipe == RECIPE.model_copy(update={"augment": "shift"})
    (back,) = made("augmentation", augment="flip").values()
    assert back.recipe.augment == "none"
    assert back.variant.says == "Training images, mirrored so far, stay as they are."


def test_a_network_that_cannot_train_has_no_twins() -> None:
    assert twins(Original(chain(("conv2d", {})), RECIPE)) == []


def test_a_long_name_keeps_its_ending() -> None:
    assert called("x" * 120, "tanh") == "x" * 114 + ", tanh"
