"""The exported source runs alone, has the same weights and gives the same scores."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from playground.codegen import source
from playground.codegen.names import MODULE_ATTRIBUTES, class_name, identifier, safe
from playground.network import Network, read_network
from playground.plan import NotTrainable, plan
from playground.zoo import ZOO
from tests.playground.drawing import chain, image, wired
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


def compare(network: Network) -> None:
    torch.manual_seed(1)
    planned = plan(network)
    ours, theirs = build(planned).eval(), module(source(network)).eval()
    weights = list(ours.state_dict().values())
    names = list(theirs.state_dict())
    assert [each.shape for each in theirs.state_dict().values()] == [each.shape for each in weights]
    theirs.load_state_dict(dict(zip(names, weights, strict=True)))
    images = torch.rand(2, *planned.steps[0].shape)
    with torch.no_grad():
        torch.testing.assert_close(theirs(images), ours(images))


@pytest.mark.parametrize(
    "name", ["first-digits", "lenet-1990", "lenet-5", "small-inception", "resnet-8", "plain-8", "mlp"]
)
def test_same_weights_give_the_same_scores(name: str) -> None:
    compare(ZOO[name].network)


@pytest.mark.parametrize("name", ["alexnet", "vgg-16", "googlenet", "googlenet-auxiliary", "resnet-34", "resnet-152"])
def test_large_networks_have_the_same_weights(name: str) -> None:
    with torch.device("meta"):
        built = module(source(ZOO[name].network))
    assert sum(each.numel() for each in built.parameters()) == ZOO[name].totals.parameters


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
    ours, theirs = build(planned).train(), module(source(network)).train()
    names = theirs.state_dict()
    theirs.load_state_dict(dict(zip(names, ours.state_dict().values(), strict=True)))
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
    body = text[text.index("        if self.training:") : text.index("        return scores\n")]
    assert "return scores, scores_4a, scores_4d" in body
    assert body.rindex("_4a(") < body.index("self.pool_4d(")
    assert "self.training" not in source(ZOO["googlenet"].network)


def test_blocks_of_one_build_share_a_class_and_differ_in_its_parameters() -> None:
    text = source(ZOO["resnet-34"].network)
    assert text.count("class ") == 3
    assert "self.stage2_1 = ResidualBasic2(in_channels=64, out_channels=128)" in text
    assert "self.stage4_3 = ResidualBasic(in_channels=512)" in text


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
    """Untitled"""

    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 4, kernel_size=3, padding=1)
        self.r = nn.ReLU()
        self.f = nn.Flatten()
        self.d = nn.Linear(256, 10)

    def forward(self, x):
        x = self.c(x)  # 4×8×8
        x = self.r(x)  # 4×8×8
        x = self.f(x)  # 256
        x = self.d(x)  # 10
        return x


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
