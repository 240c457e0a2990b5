"""The zoo's figures are the published ones, and torch counts the same."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
from collections import Counter
from itertools import groupby
from typing import Any, NamedTuple

import pytest
import torch
from torch import nn

from playground.analysis import analyse
from playground.datasets import DATASETS
from playground.fixes import document, set_params
from playground.network import Network, read_network
from playground.plan import plan
from playground.wiring import Wiring
from playground.zoo import ZOO, Exhibit, card, find, view
from worker.build import build

NAMES = list(ZOO)
DRAWN = [name for name in NAMES if name != "empty"]
TEMPLATES = [name for name, each in ZOO.items() if each.template]
STATED = {
    "lenet-5": (61_706, None),
    "lenet-5-tanh": (61_706, None),
    "alexnet": (60_965_224, 724_406_816),
    "vgg-m": (102_908_520, 1_676_172_320),
    "vgg-16": (138_357_544, 15_470_264_320),
    "vgg-19": (143_667_240, 19_632_062_464),
    "googlenet": (6_998_552, 1_582_671_872),
    "googlenet-auxiliary": (13_378_280, 1_591_044_096),
    "resnet-18": (11_689_512, 1_814_073_344),
    "resnet-34": (21_797_672, 3_663_761_408),
    "resnet-50": (25_557_032, 4_089_184_256),
    "resnet-101": (44_549_160, 7_801_405_440),
    "resnet-152": (60_192_808, 11_513_626_624),
    "plain-18": (11_515_688, 1_794_805_760),
    "plain-34": (21_623_848, 3_644_493_824),
    **{f"{kind}-20": (269_722, None) for kind in ("resnet", "plain")},
    **{f"{kind}-32": (464_154, None) for kind in ("resnet", "plain")},
    **{f"{kind}-44": (658_586, None) for kind in ("resnet", "plain")},
    **{f"{kind}-56": (853_018, None) for kind in ("resnet", "plain")},
    **{f"{kind}-110": (1_727_962, None) for kind in ("resnet", "plain")},
}


class Recount(NamedTuple):
    """What torch has and does, one image at a time."""

    parameters: int
    macs: int


def recounted(network: Network, *, training: bool = False) -> Recount:
    """On the meta device, so that nothing is computed and no memory is taken."""
    work = []

    def count(module: nn.Module, _: object, output: torch.Tensor) -> None:
        positions = output[0, 0].numel() if isinstance(module, nn.Conv2d) else 1
        work.append(module.weight.numel() * positions)  # type: ignore[union-attr, operator]

    with torch.device("meta"):
        planned = plan(network)
        built = build(planned).train(training)
        for module in built.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                module.register_forward_hook(count)
        scores = built(torch.zeros(2, *planned.steps[0].shape))
    assert tuple(scores.shape) == (2, *planned.steps[-1].shape)
    return Recount(sum(each.numel() for each in built.parameters()), sum(work))


@pytest.mark.parametrize("name", STATED)
def test_stated_counts_come_out(name: str) -> None:
    parameters, macs = STATED[name]
    stated, totals = ZOO[name].published, ZOO[name].totals
    assert stated
    assert stated.parameters == totals.parameters == parameters
    assert stated.macs == macs
    assert macs in (totals.macs, None)


def test_every_stated_count_is_in_this_table() -> None:
    assert {name for name, each in ZOO.items() if each.published and each.published.parameters} == set(STATED)


@pytest.mark.parametrize("name", DRAWN)
def test_torch_counts_the_same_parameters_and_work(name: str) -> None:
    totals = ZOO[name].totals
    assert recounted(ZOO[name].network, training=True) == (totals.parameters, totals.macs)


def test_auxiliary_heads_have_the_parameters_of_the_paper_and_cost_nothing_at_inference() -> None:
    found = ZOO["googlenet-auxiliary"]
    counted: Counter[str] = Counter()
    for step in plan(found.network).steps:
        stage = next(node.stage for node in found.network.nodes if node.id == step.owner)
        counted[stage or ""] += step.parameters
        assert step.auxiliary == (stage or "").startswith("Auxiliary")
    assert (counted["Auxiliary head 4a"], counted["Auxiliary head 4d"]) == (3_188_840, 3_190_888)
    assert found.totals.parameters == 6_998_552 + 3_188_840 + 3_190_888
    assert recounted(found.network).macs == ZOO["googlenet"].totals.macs == 1_582_671_872
    for count in ("6,998,552", "1,582,671,872", "3,188,840", "3,190,888"):
        assert count in found.remark


SINGLE_CROP = {name: each.single_crop for name, each in ZOO.items() if each.single_crop}


@pytest.mark.parametrize("name", SINGLE_CROP)
def test_figures_of_one_crop_are_those_that_torchvision_states(name: str) -> None:
    """What the installed package says of its first weights, all measured on one centre crop of 224 pixels."""
    ours, weights = SINGLE_CROP[name], weights_of_torchvision(name)
    measured = weights.meta["_metrics"]["ImageNet-1K"]
    assert ours.top1_error == pytest.approx(100 - measured["acc@1"], abs=1e-9)
    assert ours.top5_error == pytest.approx(100 - measured["acc@5"], abs=1e-9)
    assert ours.parameters == weights.meta["num_params"]
    assert ours.macs
    assert round(ours.macs / 1e9, 3) == weights.meta["_ops"]
    assert weights.transforms.keywords == {"crop_size": 224}
    assert importlib.metadata.version("torchvision").startswith(ours.source.split()[1].rstrip(","))
    published = ZOO[name].published
    same = name not in {"alexnet", "googlenet"}
    assert published
    assert ((published.parameters, published.macs) == (ours.parameters, ours.macs)) == same


def weights_of_torchvision(name: str) -> Any:
    """On a torch without its C++ operators torchvision can be imported once the two that it insists on are declared."""
    try:
        models = importlib.import_module("torchvision.models")
    except RuntimeError:
        OPERATORS.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        OPERATORS.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        models = importlib.import_module("torchvision.models")
    return models.get_model_weights(name.replace("-", "")).IMAGENET1K_V1


OPERATORS = torch.library.Library("torchvision", "FRAGMENT")


def test_errors_are_measured_alike_or_say_how() -> None:
    """Dots on one chart compare only then."""
    errors = [each.published for each in ZOO.values() if each.published and each.published.top5_error]
    assert len([each for each in errors if each.evaluation == "10 crops"]) == 8
    assert all(each.evaluation and each.source for each in errors)
    assert {each.evaluation for each in SINGLE_CROP.values()} == {"1 crop"}


def test_remarks_explain_the_figures_that_others_give() -> None:
    alexnet, deep = ZOO["alexnet"], ZOO["resnet-50"]
    ungrouped = analyse(read_network(set_params(document(alexnet.network), "conv2d4", {"groups": 1})))
    assert ungrouped.nodes["conv2d4"].macs == 224_280_576
    assert sum(node.macs // 1_000_000 for node in ungrouped.nodes.values()) == 832
    assert all(figure in alexnet.remark for figure in ("832 million", "224,280,576", "112,140,288", "61,100,840"))
    assert all(figure in deep.remark for figure in ("3,857,973,248", "4,089,184,256"))


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
        twin = ZOO[f"plain-{depth}"].totals
        assert (twin.parameters, twin.macs, twin.depth) == (counted.parameters, counted.macs, depth)


def test_vgg_m_s_stages_have_the_sizes_of_the_authors_model() -> None:
    nodes = analyse(ZOO["vgg-m"].network).nodes
    stages = ["conv2d1", "max_pool1", "conv2d2", "max_pool2", "conv2d5", "max_pool3"]
    assert [nodes[name].shape for name in stages] == [
        [96, 109, 109], [96, 54, 54], [256, 26, 26], [256, 13, 13], [512, 13, 13], [512, 6, 6],
    ]  # fmt: skip


@pytest.mark.parametrize(("depth", "macs"), [(50, 3_857_973_248), (101, 7_570_194_432), (152, 11_282_415_616)])
def test_the_paper_s_bottlenecks_with_the_stride_in_the_first_filters(depth: int, macs: int) -> None:
    """The paper's table 1: 3.8, 7.6 and 11.3 thousand million."""
    found = ZOO[f"resnet-{depth}"]
    data = document(found.network)
    for node in data["nodes"]:
        if node["block"] == "residual_bottleneck":
            node["params"]["stride_in"] = "1x1"
    assert recounted(read_network(data)) == (found.totals.parameters, macs)
    assert f"{macs:,}" in found.remark


def test_googlenet_s_stages_have_the_sizes_of_the_paper() -> None:
    nodes = analyse(ZOO["googlenet"].network).nodes
    stages = ["conv2d1", "max_pool1", "conv2d3", "max_pool2", "inception_3a", "inception_3b", "max_pool3",
              "inception_4a", "inception_4e", "inception_5b"]  # fmt: skip
    assert [nodes[name].shape for name in stages] == [
        [64, 112, 112], [64, 56, 56], [192, 56, 56], [192, 28, 28], [256, 28, 28], [480, 28, 28], [480, 14, 14],
        [512, 14, 14], [832, 14, 14], [1024, 7, 7],
    ]  # fmt: skip


STAGES = {
    "alexnet": {"Conv 1": [96, 27, 27], "Conv 2": [256, 13, 13], "Conv 3–5": [256, 6, 6], "Dense 6–8": [1000]},
    "vgg-m": {"Conv 1": [96, 54, 54], "Conv 2": [256, 13, 13], "Conv 3–5": [512, 6, 6], "Dense 6–8": [1000]},
    "vgg-16": {
        "Conv 1": [64, 112, 112], "Conv 2": [128, 56, 56], "Conv 3": [256, 28, 28], "Conv 4": [512, 14, 14],
        "Conv 5": [512, 7, 7], "Dense": [1000],
    },
    "googlenet": {
        "Stem": [192, 28, 28], "Inception 3": [480, 28, 28], "Inception 4": [832, 14, 14], "Inception 5": [1024, 7, 7],
        "Head": [1000],
    },
    "resnet-50": {
        "Stem": [64, 56, 56], "Stage 1": [256, 56, 56], "Stage 2": [512, 28, 28], "Stage 3": [1024, 14, 14],
        "Stage 4": [2048, 7, 7], "Head": [1000],
    },
    "plain-110": {"Stem": [16, 32, 32], "Stage 1": [16, 32, 32], "Stage 2": [32, 16, 16], "Stage 3": [64, 8, 8],
                  "Head": [10]},
}  # fmt: skip


@pytest.mark.parametrize("name", STAGES)
def test_stages_are_named_and_end_in_the_sizes_of_the_paper(name: str) -> None:
    network = ZOO[name].network
    nodes = analyse(network).nodes
    ends = {node.stage: nodes[node.id].shape for node in network.nodes if node.stage}
    assert ends == STAGES[name]


def test_auxiliary_heads_are_stages_of_their_own() -> None:
    names = dict.fromkeys(node.stage for node in ZOO["googlenet-auxiliary"].network.nodes if node.stage)
    assert list(names) == [
        "Stem", "Inception 3", "Inception 4", "Auxiliary head 4a", "Auxiliary head 4d", "Inception 5", "Head",
    ]  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_stage_can_be_folded(name: str) -> None:
    """Its blocks follow one another, auxiliary heads left aside, and no way leaves it and comes back."""
    network = ZOO[name].network
    analysis = analyse(network)
    stage = {node.id: node.stage for node in network.nodes}
    if not any(stage.values()):
        assert analysis.totals.depth <= 8
        return
    assert [node for node, own in stage.items() if own is None] == ["input", "output"]
    main = [stage[each] for each in analysis.order if not (stage[each] or "").startswith("Auxiliary")]
    runs = [own for own, _ in groupby(main)]
    assert len(runs) == len(set(runs)) + (runs[0] is None)
    wiring = Wiring(list(stage), [(edge.source, edge.target) for edge in network.edges])
    for own in filter(None, set(stage.values())):
        inside = {node for node in stage if stage[node] == own}
        left = {target for node in inside for target in wiring.outputs[node]} - inside
        assert not any(inside & wiring.reachable(node) for node in left)


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


def test_cards_carry_year_depth_figures_and_remark() -> None:
    shown = card(ZOO["vgg-16"])
    assert (shown.year, shown.depth, shown.parameters) == (2014, 16, 138_357_544)
    assert shown.published
    assert (shown.published.top1_error, shown.published.top5_error, shown.published.evaluation) == (
        28.07,
        9.33,
        "10 crops",
    )
    assert shown.single_crop
    assert "123,642,856" in shown.remark


def test_published_networks_say_when_and_what_to_know() -> None:
    assert [name for name in NAMES if not (ZOO[name].year and ZOO[name].remark)] == [
        "first-digits", "small-inception", "mlp", "empty",
    ]  # fmt: skip


def test_exhibits_say_where_they_come_from() -> None:
    sources: list[Exhibit] = [each for each in ZOO.values() if not each.source]
    assert [each.name for each in sources] == ["empty"]
