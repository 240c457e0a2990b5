"""PyTorch modules as networks: generated code comes back as it was, torchvision's networks keep their counts."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from torch import Tensor, nn
from torch.nn import functional

import worker.torchvision_ops  # noqa: F401 (before torchvision)
from playground.analysis import analyse
from playground.codegen import source
from playground.network import Network
from playground.plan import plan
from playground.sameness import signature
from playground.zoo import ZOO
from tests.playground.random_networks import networks
from worker.importing.read import Imported, read_module
from worker.importing.refusal import NotImportable

pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")


def generated(network: Network) -> nn.Module:
    """The module of the exported code, on the meta device: its weights are not needed."""
    scope: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source(network), "exported.py", "exec"), scope)
    classes = [value for value in scope.values() if isinstance(value, type) and issubclass(value, nn.Module)]
    with torch.device("meta"):
        made: nn.Module = classes[-1]()
    return made


def image_of(network: Network) -> tuple[int, int, int]:
    channels, height, width = plan(network).steps[0].shape
    return channels, height, width


def same(network: Network) -> None:
    found = read_module(generated(network), network.name, image_of(network))
    assert found.remarks == []
    assert signature(plan(found.network)) == signature(plan(network))
    one, two = analyse(network).totals, analyse(found.network).totals
    assert (one.parameters, one.macs, one.depth) == (two.parameters, two.macs, two.depth)


HEADS = "googlenet-auxiliary"
"""Its heads speak in training mode alone; a module is read as it is used."""


@pytest.mark.parametrize("name", [name for name in ZOO if name not in {HEADS, "empty"}])
def test_the_zoo_s_code_is_read_as_the_network_that_it_was(name: str) -> None:
    same(ZOO[name].network)


def test_code_with_auxiliary_heads_is_read_without_them() -> None:
    network = ZOO[HEADS].network
    found = read_module(generated(network), network.name, image_of(network)).network
    assert signature(plan(found)) == signature(plan(ZOO["googlenet"].network))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_the_code_of_random_networks_is_read_as_the_network_that_it_was(network: Network) -> None:
    same(network)


TORCHVISION = {
    "alexnet": (61_100_840, 714_188_480),
    "vgg16": (138_357_544, 15_470_264_320),
    "googlenet": (6_624_904, 1_498_376_192),
    "resnet18": (11_689_512, 1_814_073_344),
    "resnet50": (25_557_032, 4_089_184_256),
    "squeezenet1_1": (1_235_496, 349_151_936),
    "densenet121": (7_978_856, 2_834_161_664),
    "mnasnet1_0": (4_383_312, 314_415_872),
}
"""Parameters, and multiply-adds for one image, which torchvision states rounded as GFLOPS: 0.71, 15.47, 1.5, 1.81…"""


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision_s_networks_have_its_counts(name: str) -> None:
    from torchvision import models

    more = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
    with torch.device("meta"):
        module = getattr(models, name)(weights=None, **more)
    found = read_module(module, name)
    totals = analyse(found.network).totals
    assert (totals.parameters, totals.macs) == TORCHVISION[name]
    assert totals.parameters == sum(each.numel() for each in module.parameters())
    published = models.get_model_weights(name)["DEFAULT"].meta
    assert totals.parameters == published["num_params"] or name == "googlenet"
    assert totals.macs / 1e9 == pytest.approx(published["_ops"], abs=0.002)


def test_blocks_keep_the_module_s_names_and_children_are_stages() -> None:
    from torchvision import models

    with torch.device("meta"):
        found = read_module(models.resnet18(), "resnet18", (3, 224, 224)).network
    ids = [node.id for node in found.nodes]
    assert ids[:6] == ["input", "conv1", "bn1", "relu", "maxpool", "layer1.0.conv1"]
    assert "layer1.0.add" in ids and "layer1.0.relu2" in ids
    assert list(dict.fromkeys(node.stage for node in found.nodes)) == [None, "layer1", "layer2", "layer3", "layer4"]


class Written(nn.Module):
    """Ways of writing that tutorials use."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=(3, 5), padding="valid")
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.weight = nn.Parameter(torch.zeros(6, 4, 1, 1))
        self.fc = nn.Linear(6 * 3 * 2, 5)
        self.pool = nn.AdaptiveAvgPool2d((3, 2))

    def forward(self, x: Tensor, scale: float = 0.5) -> Tensor:
        x = torch.relu_(self.conv1(x))
        x = functional.max_pool2d(x, 2, ceil_mode=True)
        x += self.conv2(x)
        x = x * scale
        x = functional.conv2d(x, self.weight, stride=1)
        x = self.pool(x).contiguous()
        x = functional.dropout(x, 0.2, self.training)
        batch = x.size(0)
        x = x.view(batch, -1)
        return functional.log_softmax(self.fc(x), dim=-1)


def kinds(found: Imported) -> list[tuple[str, dict[str, Any]]]:
    return [(node.block, node.params) for node in found.network.nodes[1:-1]]


def test_ways_of_writing() -> None:
    found = read_module(Written(), "Written", (1, 14, 12))
    assert kinds(found) == [
        ("conv2d", {"filters": 4, "kernel_size": [3, 5]}),
        ("relu", {}),
        ("max_pool", {"ceil_mode": True}),
        ("depthwise_conv2d", {"padding": 1}),
        ("add", {}),
        ("linear_activation", {"c": 0.5}),
        ("conv2d", {"filters": 6, "kernel_size": 1, "bias": False}),
        ("avg_pool", {}),
        ("dropout", {"p": 0.2}),
        ("flatten", {}),
        ("dense", {"units": 5}),
    ]
    assert found.remarks == ["Its last operation, log_softmax, was left out: the loss here takes it along."]


class Applied(nn.Module):
    """A function of an image as a module."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function
        self.conv = nn.Conv2d(2, 2, 1)

    def forward(self, x: Tensor) -> Any:
        return self.function(self.conv(x))


FUNCTIONS: dict[str, tuple[Any, list[tuple[str, dict[str, Any]]]]] = {
    "silu written out": (lambda x: x * torch.sigmoid(x), [("swish", {})]),
    "a step": (lambda x: (x > 0).float(), [("step", {})]),
    "a logistic": (lambda x: 3 * torch.sigmoid(2 * (x - 1)), [("sigmoid", {"k": 2.0, "x0": 1.0, "L": 3.0})]),
    "a factor and a sigmoid": (lambda x: torch.sigmoid(2 * x), [("linear_activation", {"c": 2.0}), ("sigmoid", {})]),
    "divided": (lambda x: -x / 4, [("linear_activation", {"c": -1.0}), ("linear_activation", {"c": 0.25})]),
    "a shortcut": (
        lambda x: functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, 3)),
        [("pad_shortcut", {"channels": 5, "stride": 2})],
    ),
    "a mean": (lambda x: x.mean(dim=(-1, -2)), [("global_avg_pool", {}), ("flatten", {})]),
    "a mean that keeps": (lambda x: torch.mean(x, [2, 3], keepdim=True), [("global_avg_pool", {})]),
    "joined": (lambda x: torch.cat((x, x.tanh()), dim=1), [("tanh", {}), ("concat", {})]),
    "leaky": (lambda x: functional.leaky_relu(x, 0.2), [("leaky_relu", {"slope": 0.2})]),
    "normed": (
        lambda x: functional.local_response_norm(x, 3, alpha=0.5),
        [("local_response_norm", {"size": 3, "alpha": 0.5})],
    ),
    "reshaped by its own size": (lambda x: x.reshape(x.shape[0], x.shape[1] * 64), [("flatten", {})]),
    "a pool to the size it has": (lambda x: functional.adaptive_avg_pool2d(x, 8), []),
    "the largest of all": (
        lambda x: functional.adaptive_max_pool2d(x, 1), [("max_pool", {"kernel_size": 8, "stride": 8})],
    ),
    "a sum of three": (lambda x: x + x.relu() + x.tanh(), [("relu", {}), ("tanh", {}), ("add", {})]),
    "softmax": (lambda x: x.softmax(dim=-3), [("softmax", {})]),
}  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    function, wanted = FUNCTIONS[name]
    assert kinds(read_module(Applied(function), "Applied", (2, 8, 8)))[1:] == wanted


REFUSED = {
    "no block": (lambda x: functional.gelu(functional.relu6(x)), "relu6 (in forward) has no block here."),
    "two at once": (lambda x: functional.gelu(functional.relu6(x)), "gelu (in forward) has no block here."),
    "a constant": (lambda x: x + 1, "add (in forward) adds a constant, which no block here does."),
    "a product": (lambda x: x * x.mean((2, 3), keepdim=True), "mul (in forward) multiplies two values"),
    "a cut": (lambda x: x[:, :1], "getitem (in forward) cuts a part out."),
    "turned": (lambda x: x.permute(0, 2, 3, 1), "permute (in forward) has no block here."),
    "windows of many sizes": (
        lambda x: functional.adaptive_avg_pool2d(x, 3),
        "makes 3×3 of 8×8, by windows of many sizes.",
    ),
    "along rows": (lambda x: torch.cat([x, x], 2), "cat (in forward) joins along another axis than the channels."),
    "no image": (lambda x: torch.zeros(4), "What the module gives does not depend on its images."),
    "a decision": (
        lambda x: x if x.sum() > 0 else -x,
        "The forward of Applied cannot be followed: symbolically traced",
    ),
    "a loop": (lambda x: sum(row for row in x), "The forward of Applied cannot be followed: "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_named(name: str) -> None:
    function, words = REFUSED[name]
    with pytest.raises(NotImportable) as caught:
        read_module(Applied(function), "Applied", (2, 8, 8))
    assert words in str(caught.value)


LAYERS = {
    "reflecting": (
        nn.Conv2d(2, 3, 3, padding=1, padding_mode="reflect"), "with padding_mode='reflect' is no block here",
    ),
    "spread": (nn.MaxPool2d(2, dilation=2), "with dilation=2 is no block here"),
    "without a scale": (nn.BatchNorm2d(2, affine=False), "with affine=False is no block here"),
    "without statistics": (
        nn.BatchNorm2d(2, track_running_stats=False), "with track_running_stats=False is no block here",
    ),
    "an unknown one": (nn.GroupNorm(1, 2), "GroupNorm (0) has no block here."),
    "dense over images": (nn.Linear(8, 3), "Linear (0): Dense 3 takes a vector, but gets 2 channels of 8×8."),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_layers_that_blocks_do_not_know(name: str) -> None:
    layer, words = LAYERS[name]
    with pytest.raises(NotImportable) as caught:
        read_module(nn.Sequential(layer), "Net", (2, 8, 8))
    assert words in str(caught.value)


def test_many_places_are_named_together() -> None:
    module = nn.Sequential(*(nn.ELU() for _ in range(6)))
    with pytest.raises(NotImportable, match=r"^ELU \(0, 1, 2, 3 and 2 more\) has no block here\."):
        read_module(module, "Net", (2, 8, 8))


def test_weights_used_twice_are_told() -> None:
    layer = nn.Conv2d(2, 2, 1)
    module = nn.Sequential(layer, nn.ReLU(), layer)
    told = " ".join(read_module(module, "N", (2, 8, 8)).remarks)
    assert "the same weights, which blocks here do not share: 0." in told


def test_the_first_of_several_results_is_read() -> None:
    found = read_module(Applied(lambda x: (x.flatten(1), x)), "N", (2, 8, 8))
    assert [node.block for node in found.network.nodes] == ["input", "conv2d", "flatten", "output"]
    assert found.remarks == ["It gives 2 results; only the first was read."]


def test_the_size_of_the_image_is_guessed_and_said() -> None:
    small = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 26 * 26, 10))
    assert read_module(small, "N").remarks == ["Images were taken to be 1×28×28; --input says otherwise."]
    colour = nn.Sequential(nn.Conv2d(3, 2, 3), nn.Flatten(), nn.Linear(2 * 30 * 30, 10))
    assert read_module(colour, "N").network.nodes[0].params["height"] == 32
    odd = nn.Sequential(nn.Conv2d(3, 2, 3), nn.Flatten(), nn.Linear(7, 10))
    with pytest.raises(NotImportable, match=r"do not go through: .*Say which do: --input 3x224x224, channels first"):
        read_module(odd, "N")


def test_a_module_that_takes_more_than_images() -> None:
    class Two(nn.Module):
        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            return x + y

    with pytest.raises(NotImportable, match=r"The forward of Two takes x, y; a network here takes one batch of images"):
        read_module(Two(), "Two", (1, 8, 8))
