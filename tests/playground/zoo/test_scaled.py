"""Every network of the zoo can be trained on every data set, by a laptop, and says what was changed."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from playground.analysis import analyse
from playground.datasets import DATASETS
from playground.fixes import document
from playground.plan import plan
from playground.protocol import Job
from playground.recipe import Recipe
from playground.zoo import ZOO, padding
from playground.zoo.scaled import MAX_MACS, MAX_PARAMETERS, MIN_STEPS, scaled, scaled_view
from tests.playground.drawing import chain, image
from worker.build import build
from worker.data import batches
from worker.initialise import initialise
from worker.prepare import prepare

pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
NAMES = [name for name in ZOO if name != "empty"]
IMAGENET = [name for name in NAMES if ZOO[name].totals.macs > 5e8]


ENDS = {(record.shape, len(record.classes)): name for name, record in reversed(DATASETS.items())}.values()
"""A data set for each size of image and number of classes that there is."""


@pytest.mark.parametrize("dataset", ENDS)
@pytest.mark.parametrize("name", NAMES)
def test_it_suits_the_data(name: str, dataset: str) -> None:
    data = DATASETS[dataset]
    network, words = scaled(ZOO[name], DATASETS[dataset])
    analysis = analyse(network, classes=len(data.classes), images=data.shape)
    assert analysis.trainable, analysis.notices
    assert bool(words) == (network != ZOO[name].network)
    if name in IMAGENET:
        assert analysis.totals.macs <= MAX_MACS
        assert analysis.totals.parameters <= MAX_PARAMETERS
        assert analysis.totals.depth == ZOO[name].totals.depth


def test_what_was_changed_is_told() -> None:
    assert scaled(ZOO["alexnet"], DATASETS["shapes"])[1] == (
        "AlexNet, scaled: images of 3×32×32 in place of 3×227×227; conv2d1 is 3×3 with stride 1 in place of 11×11 with"
        " stride 4; 10 classes in place of 1,000; half of the filters and units, so that a laptop can train it."
    )
    assert scaled(ZOO["lenet-5"], DATASETS["mnist"]) == (ZOO["lenet-5"].network, "")


@pytest.mark.parametrize("dataset", ENDS)
@pytest.mark.parametrize("name", NAMES)
def test_stages_survive(name: str, dataset: str) -> None:
    full, small = ZOO[name].network, scaled(ZOO[name], DATASETS[dataset])[0]
    stages = {node.id: node.stage for node in full.nodes}
    assert all(node.stage == stages[node.id] for node in small.nodes)
    assert {node.stage for node in small.nodes} == set(stages.values())


def test_auxiliary_heads_are_scaled_with_the_rest() -> None:
    network, words = scaled(ZOO["googlenet-auxiliary"], DATASETS["shapes"])
    params = {node.id: node.params for node in network.nodes}
    assert [params[name]["units"] for name in ("scores", "scores_4a", "scores_4d")] == [10, 10, 10]
    assert params["dense_4a"] == {"units": 256}
    assert words.count("10 classes in place of 1,000") == 1


@pytest.mark.parametrize("dataset", ENDS)
@pytest.mark.parametrize("name", ["alexnet", "vgg-m", "vgg-16", "vgg-19"])
def test_padding_leaves_a_signal_where_no_batch_norm_mends_it(name: str, dataset: str) -> None:
    """Filters on single pixels see padding in eight of nine places; VGG-16 learned nothing on the small digits so."""
    data = DATASETS[dataset]
    torch.manual_seed(1)
    built = build(plan(scaled(ZOO[name], DATASETS[dataset])[0])).eval()
    initialise(built, "he_normal")
    with torch.no_grad():
        scores = built(torch.randn(64, *data.shape))
    assert scores.std() > 0.05


def test_the_share_that_padding_leaves_is_the_one_that_torch_measures() -> None:
    """Weights and values of variance one: the output's variance is the number of taps that see the image."""
    network = chain(
        i=image(3, 4, 1), c=("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1}),
        d=("conv2d", {"filters": 4, "kernel_size": [5, 2], "padding": "same", "stride": 1}),
        e=("conv2d", {"filters": 4, "kernel_size": 3, "padding": 1, "stride": 2}),
        f="flatten", s=("dense", {"units": 2}), o="output",
    )  # fmt: skip
    shares = padding.kept(document(network), analyse(network))
    for node in network.nodes[1:4]:
        params = node.params
        inputs = analyse(network).nodes[node.id].inputs[0]
        conv = build(plan(network)).module_of(next(step for step in plan(network).steps if step.id == node.id))
        assert isinstance(conv, torch.nn.Conv2d)
        torch.nn.init.ones_(conv.weight)
        torch.nn.init.zeros_(conv.bias)  # type: ignore[arg-type]
        taps = conv(torch.ones(1, *inputs))[0, 0].mean() / conv.weight[0].numel()
        assert shares[node.id] == pytest.approx(float(taps.detach().sqrt())), params


@pytest.mark.parametrize("dataset", ["digits", "shapes"])
@pytest.mark.parametrize("name", NAMES)
def test_it_trains(name: str, dataset: str) -> None:
    """Two updates with its own recipe: every weight gets a gradient, and the loss is a number."""
    view = scaled_view(ZOO[name], DATASETS[dataset])
    recipe = view.recipe | {"device": "cpu", "batch_size": 16 if dataset == "digits" else 4}
    run = prepare(Job(run="test", attempt=1, network=view.network, recipe=recipe))
    batch = batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size)
    network = run.network.train()
    for _ in range(2):
        images, labels = next(batch)
        loss = functional.cross_entropy(network(images), labels)
        for head in network.auxiliary:
            loss = loss + head.weight * functional.cross_entropy(head.scores, labels)
        assert loss.isfinite()
        run.optimiser.zero_grad()
        loss.backward()
        for step, weight in network.weighted():
            assert weight.grad is not None, step.id
            assert 0 < weight.grad.norm() < torch.inf, step.id
        run.optimiser.step()


def test_few_images_are_seen_more_often_and_that_is_told() -> None:
    view = scaled_view(ZOO["resnet-18"], DATASETS["digits"])
    assert (view.recipe["dataset"], view.recipe["epochs"], view.recipe["batch_size"]) == ("digits", 39, 128)
    assert view.changed.endswith(" The 1,317 training images are seen 39 times in place of 4.")
    assert scaled_view(ZOO["resnet-18"], DATASETS["shapes"]).recipe["epochs"] == 4
    assert scaled_view(ZOO["lenet-5"], DATASETS["shapes"]).recipe["epochs"] == 3


def test_a_data_set_smaller_than_a_batch_gets_a_recipe_that_is_taken() -> None:
    few = DATASETS["digits"].model_copy(update={"name": "own-few", "train": 36, "validation": 3})
    assert Recipe.model_validate(scaled_view(ZOO["lenet-5"], few).recipe | {"dataset": "digits"}).epochs == MIN_STEPS


@pytest.mark.parametrize("name", ["vgg-m", "googlenet", "resnet-50"])
def test_torch_counts_the_same(name: str) -> None:
    network, _ = scaled(ZOO[name], DATASETS["shapes"])
    built = build(plan(network)).eval()
    assert sum(each.numel() for each in built.parameters()) == analyse(network).totals.parameters
    assert tuple(built(torch.zeros(1, 3, 32, 32)).shape) == (1, 10)
