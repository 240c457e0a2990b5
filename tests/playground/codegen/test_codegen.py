"""The exported source runs alone, has the same weights and gives the same scores."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from torch import nn

from playground.codegen import source, write
from playground.codegen.names import MODULE_ATTRIBUTES, class_name, identifier, safe
from playground.network import Network, read_network
from playground.plan import NotTrainable, plan
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired
from tests.playground.random_networks import networks
from worker.build import build

torch.set_num_threads(1)
DENSE = ("dense", {"units": 10})


def module(text: str) -> nn.Module:
    """An object of the last class in the source."""
    scope: dict[str, Any] = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), scope)
    classes = [value for value in scope.values() if isinstance(value, type) and issubclass(value, nn.Module)]
    made: nn.Module = classes[-1]()
    return made


def with_weights_of(theirs: nn.Module, ours: nn.Module, network: Network) -> nn.Module:
    """The generated module with the worker's weights, by the names that the exporter states."""
    modules = write(network).modules
    weights = {}
    for name, tensor in ours.state_dict().items():
        module, _, leaf = name.rpartition(".")
        weights[f"{modules[module]}.{leaf}"] = tensor
    theirs.load_state_dict(weights)
    return theirs


def compare(network: Network) -> None:
    torch.manual_seed(1)
    planned = plan(network)
    ours = build(planned).eval()
    for each in ours.modules():
        if isinstance(each, nn.BatchNorm2d | nn.BatchNorm1d):
            nn.init.normal_(each.running_mean)
            nn.init.uniform_(each.running_var, 0.5, 2)
    theirs = with_weights_of(module(source(network)).eval(), ours, network)
    images = torch.rand(2, *planned.steps[0].shape)
    with torch.no_grad():
        wanted = ours.run(images, {len(planned.steps) - 1})[1][-1]
        torch.testing.assert_close(theirs(images), wanted, rtol=1e-5, atol=1e-5)


def in_stages(network: Network) -> Network:
    """The same with every five blocks a stage."""
    nodes = [node.model_copy(update={"stage": f"Stage {i // 5}"}) for i, node in enumerate(network.nodes)]
    return network.model_copy(update={"nodes": nodes})


ALL = [name for name in ZOO if name != "empty"]
SMALL = [name for name in ALL if ZOO[name].totals.macs < 2e8]


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("staged", [False, True])
def test_same_weights_give_the_same_scores(name: str, staged: bool) -> None:
    network = ZOO[name].network
    compare(in_stages(network) if staged else network)


@pytest.mark.parametrize("name", ["alexnet", "googlenet", "resnet-18", "resnet-50"])
def test_same_weights_give_the_same_scores_in_large_networks(name: str) -> None:
    compare(ZOO[name].network)


@pytest.mark.parametrize("name", [name for name in ALL if name not in SMALL])
def test_large_networks_have_the_same_weights(name: str) -> None:
    network = ZOO[name].network
    with torch.device("meta"):
        built = module(source(network))
        ours = build(plan(network))
    assert sum(each.numel() for each in built.parameters()) == ZOO[name].totals.parameters
    modules, shapes = write(network).modules, {key: each.shape for key, each in built.state_dict().items()}
    for key, each in ours.state_dict().items():
        layer, _, leaf = key.rpartition(".")
        assert shapes.pop(f"{modules[layer]}.{leaf}") == each.shape
    assert not shapes


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@given(networks())
def test_random_networks_give_the_same_scores(network: Network) -> None:
    compare(network)


HEADS = {
    "side": wired(
        "i>c c>f f>a a>r r>d d>o r>n n>e e>x c>g g>h h>k k>y", i=image(2, 6), c=("conv2d", {"filters": 3}), f="flatten",
        a=("dense", {"units": 8}), r="relu", d=DENSE, o="output", n="tanh", e=DENSE,
        x=("auxiliary_output", {"weight": 0.5}), g="global_avg_pool", h="flatten", k=DENSE, y="auxiliary_output",
    ),
    "same scores": wired(
        "i>f f>d d>o d>x", i=image(1, 6), f="flatten", d=DENSE, o="output", x="auxiliary_output",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_auxiliary_heads_speak_in_training_mode_alone(name: str) -> None:
    network = HEADS[name]
    compare(network)
    torch.manual_seed(1)
    planned = plan(network)
    ours = build(planned).train()
    theirs = with_weights_of(module(source(network)).train(), ours, network)
    images = torch.rand(2, *planned.steps[0].shape)
    scores, *heads = theirs(images)
    torch.testing.assert_close(scores, ours(images))
    ends = [step.inputs[0] for step in planned.steps if step.block == "auxiliary_output"]
    _, outputs = ours.run(images, range(len(planned.steps)))
    assert len(heads) == len(ends)
    for head, end in zip(heads, ends, strict=True):
        torch.testing.assert_close(head, outputs[ours.index[end]])


def test_googlenet_s_heads_are_written_one_after_the_other_under_training() -> None:
    text = source(ZOO["googlenet-auxiliary"].network)
    assert "whose cross-entropy counts 0.3 and 0.3 beside that of the scores." in text
    body = text[text.index("        if self.training:") : text.index("        return head\n")]
    assert "return head, auxiliary_head_4a, auxiliary_head_4d" in body
    assert body.index("self.auxiliary_head_4a(") < body.index("self.auxiliary_head_4d(")
    assert "self.training" not in source(ZOO["googlenet"].network)


def ruff(folder: Path, *command: str) -> str:
    """What ruff says about the files of a folder; nothing where it finds nothing."""
    line = [str(Path(sys.executable).parent / "ruff"), *command, "--isolated", "--line-length", "120", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


RULES = "E,F,I,W,B,N,UP,SIM,C4,PIE,RET"


def test_the_zoo_s_sources_pass_ruff(tmp_path: Path) -> None:
    for name in ALL:
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(source(ZOO[name].network), encoding="utf-8")
        staged = source(in_stages(ZOO[name].network))
        (tmp_path / f"{name.replace('-', '_')}_staged.py").write_text(staged, encoding="utf-8")
    assert ruff(tmp_path, "check", "--select", RULES) == ""
    assert ruff(tmp_path, "format", "--check") == ""


def test_random_sources_pass_ruff(tmp_path: Path) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(networks())
    def keep(network: Network) -> None:
        (tmp_path / f"net{len(list(tmp_path.iterdir()))}.py").write_text(source(network), encoding="utf-8")

    keep()
    assert ruff(tmp_path, "check", "--select", RULES) == ""


@pytest.mark.parametrize("name", ALL)
def test_no_network_of_the_zoo_needs_more_than_130_lines(name: str) -> None:
    assert source(ZOO[name].network).count("\n") < 130


ODD = {
    "functions": chain(
        i=image(2, 9), a=("linear_activation", {"c": 0.5}), b=("sigmoid", {"k": 2, "x0": 0.25, "L": 3}), c="step",
        p=("pad_shortcut", {"channels": 5, "stride": 2}), f="flatten", d=DENSE, o="output",
    ),
    "branches": wired(
        "i>a i>b i>c a>s b>s s>k c>k k>m m>f f>d d>o",
        i=image(3, 8), a=("conv2d", {"filters": 4, "padding": "same"}), b=("conv2d", {"filters": 4, "kernel_size": 1}),
        c="relu", s="add", k="concat", m=("max_pool", {"kernel_size": [2, 1], "stride": [2, 1]}), f="flatten", d=DENSE,
        o="output",
    ),
    "names": chain(
        i=image(1, 6), **{"class": "relu", "1x1": "tanh", "a-b": "swish", "a.b": "relu", "forward": "relu", "x": "relu",
                          "self": "relu", "torch": "relu", "nn": "relu"},
        f="flatten", train=DENSE, o="output",
    ),
    "even": chain(
        i=image(1, 6), c=("conv2d", {"filters": 3, "kernel_size": [2, 4], "padding": "same"}), f="flatten", d=DENSE,
        o="output",
    ),
    "residuals": chain(
        i=image(4, 8), a=("residual_basic", {"filters": 4, "shortcut": "pad", "activation": "none"}),
        b=("residual_basic", {"filters": 8, "stride": 2, "shortcut": "pad", "normalise": False}),
        c=("residual_bottleneck", {"filters": 8, "bottleneck_filters": 2, "activation": "swish"}),
        e=("inception_naive", {"filters_1x1": 2, "filters_3x3": 3, "filters_5x5": 1}),
        g="global_avg_pool", f="flatten", d=DENSE, o="output",
    ),
    "groups": chain(i=image(1, 6), g="group", h=("group", {"name": "My stem"}), f="flatten", d=DENSE, o="output"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel")
@pytest.mark.parametrize("name", ODD)
def test_odd_networks_give_the_same_scores(name: str) -> None:
    compare(ODD[name])


def test_blocks_of_one_build_share_a_class_and_differ_in_its_parameters() -> None:
    text = source(ZOO["resnet-34"].network)
    assert text.count("class ") == 3
    assert "ResidualBasicWithShortcut(in_channels=64, filters=128),  # stage2_1: 128×28×28" in text
    assert "*(ResidualBasic(filters=256) for _ in range(5)),  # stage3_2 … stage3_6: 256×14×14" in text


def test_repeats_are_loops() -> None:
    text = source(ZOO["resnet-152"].network)
    assert "*(ResidualBottleneck(filters=1024, bottleneck_filters=256) for _ in range(35))," in text
    deep = source(ZOO["vgg-19"].network)
    assert "for _ in range(3)" in deep and deep.count("nn.Conv2d(512, 512") == 2


def test_parameters_are_named_after_the_settings_that_they_are() -> None:
    text = source(ZOO["googlenet"].network)
    assert (
        "(self, in_channels, filters_1x1, reduce_3x3, filters_3x3, reduce_5x5, filters_5x5, pool_projection):" in text
    )
    assert "Inception(192, 64, 96, 128, 16, 32, 32),  # inception_3a: 256×28×28" in text
    assert "nn.Conv2d(reduce_5x5, filters_5x5, kernel_size=5, padding=2)," in text


def test_a_plain_block_is_not_called_residual() -> None:
    text = source(ZOO["plain-20"].network)
    assert "class PlainBasic(nn.Module):" in text and "Residual" not in text and "added" not in text


def test_stages_are_sequences_of_their_own() -> None:
    network = wired(
        "i>c c>r r>a r>b a>s b>s s>f f>d d>o",
        i=image(1, 8), c=("conv2d", {"filters": 4, "padding": 1}), r="relu", a=("conv2d", {"filters": 4}),
        b=("conv2d", {"filters": 4}), s="add", f="flatten", d=DENSE, o="output",
    )  # fmt: skip
    stages = {"c": "Stem", "r": "Stem", "a": "Stage 1", "b": "Stage 1", "s": "Stage 1", "f": "Head", "d": "Head"}
    nodes = [node.model_copy(update={"stage": stages.get(node.id)}) for node in network.nodes]
    text = source(network.model_copy(update={"nodes": nodes}))
    inside = text[text.index("        super") : text.index("\n\n\nif")]
    assert (
        inside
        == """        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=3, padding=1),  # c: 4×8×8
            nn.ReLU(),
        )

        # Stage 1
        self.a = nn.Conv2d(4, 4, kernel_size=3)  # a: 4×6×6
        self.b = nn.Conv2d(4, 4, kernel_size=3)  # b: 4×6×6
        self.head = nn.Sequential(
            nn.Flatten(),  # f: 144
            nn.Linear(144, 10),  # d: 10
        )

    def forward(self, x):
        x = self.stem(x)  # 4×8×8
        x = self.a(x) + self.b(x)  # 4×6×6
        return self.head(x)  # 10"""
    )


def test_a_shortcut_that_changes_nothing_is_not_written() -> None:
    text = source(
        chain(i=image(1, 8), c="conv2d", p=("pad_shortcut", {"channels": 32}), f="flatten", d=DENSE, o="output")
    )
    assert "x = x" not in text


def test_a_small_network_reads_like_a_student_s() -> None:
    text = source(chain(i=image(1, 8), c=("conv2d", {"filters": 4, "padding": 1}), r="relu", f="flatten", d=DENSE,
                        o="output"))  # fmt: skip
    assert (
        text
        == '''"""Untitled, built in the playground.

Takes images of 1×8×8 (channels × height × width), gives 10 scores.
2,610 parameters, 4,864 multiply-adds for one image.
"""

import torch
from torch import nn


class Untitled(nn.Module):
    """Untitled: images of 1×8×8 to 10 scores."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 4, kernel_size=3, padding=1),  # c: 4×8×8
            nn.ReLU(),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),  # f: 256
            nn.Linear(256, 10),  # d: 10
        )

    def forward(self, x):
        x = self.features(x)  # 4×8×8
        return self.classifier(x)  # 10


if __name__ == "__main__":
    network = Untitled().eval()
    images = torch.zeros(1, 1, 8, 8)
    print(network(images).shape, sum(p.numel() for p in network.parameters()), "parameters")
'''
    )


WORDS = ['"""\nimport os\n"""', "\\", "a\u2028b", "Ünïcode ×", "'''", "class", "7 nets", "\x00"]


@pytest.mark.parametrize("name", WORDS)
def test_a_user_s_words_never_become_code(name: str) -> None:
    data = {
        "name": name,
        "nodes": [
            {"id": "i", "block": "input", "params": {"height": 4, "width": 4}, "label": name[:80] or None},
            {"id": "f", "block": "flatten", "label": name},
            {"id": "g", "block": "dense", "label": name},
            {"id": "o", "block": "output"},
        ],
        "edges": [{"source": a, "target": b} for a, b in ("if", "fg", "go")],
    }
    text = source(read_network(data))
    assert "import os" not in [line.strip() for line in text.splitlines()]
    assert sum(each.numel() for each in module(text).parameters()) == 170


def test_the_file_runs_alone(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(source(ZOO["lenet-5"].network), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "torch.Size([1, 10]) 61706 parameters\n"


def test_a_network_that_cannot_train_has_no_source() -> None:
    with pytest.raises(NotTrainable, match="The network has no output block"):
        source(chain(i=image(1, 8), f="flatten"))


def test_every_attribute_of_torch_s_module_is_avoided() -> None:
    assert {each for each in dir(nn.Module) if not each.startswith("_")} <= MODULE_ATTRIBUTES


def test_names() -> None:
    words = ("a/b", "1x1", "class", "é", "_x_")
    assert [identifier(each) for each in words] == ["a_b", "block_1x1", "class_", "block", "x"]
    assert [class_name(each, "Network") for each in ("my net", "", "×", "9 lives", "None")] == [
        "MyNet", "Network", "Network", "Network9Lives", "NoneNetwork",
    ]  # fmt: skip
    assert safe('a"\n\tb') == "a b"
