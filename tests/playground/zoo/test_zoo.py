"""The zoo's figures are the published ones, and torch counts the same."""

from __future__ import annotations

import json

import pytest
import torch
from torch import nn

from playground.analysis import analyse
from playground.datasets import DATASETS
from playground.fixes import document
from playground.network import read_network
from playground.plan import plan
from playground.zoo import ZOO, Exhibit, card, find, view
from worker.build import build

NAMES = list(ZOO)
TEMPLATES = [name for name, each in ZOO.items() if each.template]
PUBLISHED = {
    "lenet-5": (61_706, None),
    "alexnet": (60_965_224, 724_406_816),
    "vgg-m": (102_908_520, 1_676_172_320),
    "vgg-16": (138_357_544, 15_470_264_320),
    "vgg-19": (143_667_240, 19_632_062_464),
    "googlenet": (6_998_552, 1_582_671_872),
    "resnet-18": (11_689_512, 1_814_073_344),
    "resnet-34": (21_797_672, 3_663_761_408),
    "resnet-50": (25_557_032, 4_089_184_256),
    "resnet-101": (44_549_160, 7_801_405_440),
    "resnet-152": (60_192_808, 11_513_626_624),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_counts_come_out(name: str) -> None:
    parameters, macs = PUBLISHED[name]
    stated, totals = ZOO[name], ZOO[name].totals
    assert stated.parameters == totals.parameters == parameters
    if macs is not None:
        assert stated.macs == totals.macs == macs


@pytest.mark.parametrize("name", [name for name in NAMES if name != "empty"])
def test_torch_counts_the_same_parameters_and_work(name: str) -> None:
    """On the meta device, so that nothing is computed and no memory is taken."""
    found = ZOO[name]
    with torch.device("meta"):
        planned = plan(found.network)
        built = build(planned).eval()
        work = []

        def count(module: nn.Module, _: object, output: torch.Tensor) -> None:
            positions = output[0, 0].numel() if isinstance(module, nn.Conv2d) else 1
            work.append(module.weight.numel() * positions)  # type: ignore[union-attr, operator]

        for module in built.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                module.register_forward_hook(count)
        scores = built(torch.zeros(1, *planned.steps[0].shape))
    assert tuple(scores.shape) == (1, *planned.steps[-1].shape)
    assert sum(each.numel() for each in built.parameters()) == found.totals.parameters
    assert sum(work) == found.totals.macs


@pytest.mark.parametrize(("name", "depth"), [("vgg-16", 16), ("googlenet", 22), ("alexnet", 8), ("resnet-8", 8)])
def test_depth_counts_layers_with_weights(name: str, depth: int) -> None:
    assert ZOO[name].totals.depth == depth


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("resnet", "plain"))])
def test_resnets_have_the_depth_of_their_name(name: str) -> None:
    assert ZOO[name].totals.depth == int(name.split("-")[1])


def test_the_small_resnets_have_the_rounded_counts_of_the_paper_and_their_twins_the_same() -> None:
    millions = {20: 0.27, 32: 0.46, 44: 0.66, 56: 0.85, 110: 1.7}
    for depth, published in millions.items():
        counted = ZOO[f"resnet-{depth}"].totals
        assert round(counted.parameters / 1e6, 1 if depth == 110 else 2) == published
        assert counted.parameters == ZOO[f"resnet-{depth}"].parameters
        if depth < 110:
            twin = ZOO[f"plain-{depth}"].totals
            assert (twin.parameters, twin.macs, twin.depth) == (counted.parameters, counted.macs, counted.depth)


def test_vgg_m_s_stages_have_the_sizes_of_the_authors_model() -> None:
    nodes = analyse(ZOO["vgg-m"].network).nodes
    stages = ["conv2d1", "max_pool1", "conv2d2", "max_pool2", "conv2d5", "max_pool3"]
    assert [nodes[name].shape for name in stages] == [
        [96, 109, 109], [96, 54, 54], [256, 26, 26], [256, 13, 13], [512, 13, 13], [512, 6, 6],
    ]  # fmt: skip


def test_the_paper_s_resnet_50_with_the_stride_in_the_first_filters() -> None:
    data = document(ZOO["resnet-50"].network)
    for node in data["nodes"]:
        if node["block"] == "residual_bottleneck":
            node["params"]["stride_in"] = "1x1"
    totals = analyse(read_network(data)).totals
    assert (totals.parameters, totals.macs) == (25_557_032, 3_857_973_248)


def test_googlenet_s_stages_have_the_sizes_of_the_paper() -> None:
    nodes = analyse(ZOO["googlenet"].network).nodes
    stages = ["conv2d1", "max_pool1", "conv2d3", "max_pool2", "inception_3a", "inception_3b", "max_pool3",
              "inception_4a", "inception_4e", "inception_5b"]  # fmt: skip
    assert [nodes[name].shape for name in stages] == [
        [64, 112, 112], [64, 56, 56], [192, 56, 56], [192, 28, 28], [256, 28, 28], [480, 28, 28], [480, 14, 14],
        [512, 14, 14], [832, 14, 14], [1024, 7, 7],
    ]  # fmt: skip


def test_alexnet_s_first_layer_and_its_dense_layers() -> None:
    nodes = analyse(ZOO["alexnet"].network).nodes
    assert nodes["conv2d1"].macs == 105_415_200
    assert [nodes[name].parameters // 1_000_000 for name in ("dense1", "dense2", "scores")] == [37, 16, 4]


def test_a_plain_twin_lacks_only_the_projections() -> None:
    resnet, twin = ZOO["resnet-8"].totals, ZOO["plain-8"].totals
    projections = (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64)
    assert resnet.parameters - twin.parameters == projections


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_suit_their_data_and_give_no_notice(name: str) -> None:
    found = ZOO[name]
    data = DATASETS[found.dataset]
    analysis = analyse(found.network, classes=len(data.classes))
    assert analysis.nodes["input"].shape == list(data.shape)
    assert found.full_recipe.dataset == found.dataset
    assert found.question
    if name != "empty":
        assert analysis.notices == []


@pytest.mark.parametrize("name", NAMES)
def test_places_are_left_to_the_page(name: str) -> None:
    assert all(node.position is None for node in ZOO[name].network.nodes)


def test_the_templates_that_are_promised() -> None:
    assert TEMPLATES == [
        "first-digits", "lenet-1990", "lenet-5", "small-inception", "resnet-8", "plain-8", "mlp", "empty",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["resnet50", "ResNet-50", "RESNET_50"])
def test_names_are_found_however_they_are_written(name: str) -> None:
    assert find(name) is ZOO["resnet-50"]
    assert find("lenet") is ZOO["lenet-5"]
    assert find("no such") is None


def test_cards_and_views_are_json() -> None:
    for found in ZOO.values():
        assert json.loads(card(found).model_dump_json())["network"]["name"] == found.title
        assert set(json.loads(view(found).model_dump_json())["recipe"]) == set(type(found.full_recipe).model_fields)


def test_exhibits_say_where_they_come_from() -> None:
    sources: list[Exhibit] = [each for each in ZOO.values() if not each.source]
    assert [each.name for each in sources] == ["empty"]
