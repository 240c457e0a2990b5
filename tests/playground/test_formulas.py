"""Every formula that is shown gives the number beside it. They are read back here as a learner reads them."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.analysis import Analysis, InnerNode, NodeAnalysis, analyse
from playground.formulas import MAX_TERMS, summed
from playground.network import read_network
from playground.recipe import Recipe
from playground.zoo import ZOO
from tests.networks import KINDS, around, cases, documents
from tests.playground.drawing import chain, image, wired

OPERATIONS: dict[type, Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: Fraction, ast.USub: operator.neg,
}  # fmt: skip
RANDOM = settings(deadline=None, suppress_health_check=list(HealthCheck))


def calculated(text: str) -> Fraction:
    """The value of an expression; words that say what a number is are passed over."""
    text = re.sub(r"\((?!\d)[A-Za-z][^()]*\)", "", text)
    text = re.sub(r"\b(?!max\b|min\b)[A-Za-z]+", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("·", "*").replace("−", "-")
    return _of(ast.parse(text.strip(), mode="eval").body)


def _of(tree: ast.expr) -> Fraction:
    match tree:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.BinOp(left=left, op=sign, right=right):
            return Fraction(OPERATIONS[type(sign)](_of(left), _of(right)))
        case ast.UnaryOp(op=sign, operand=operand):
            return Fraction(OPERATIONS[type(sign)](_of(operand)))
        case ast.Call(func=ast.Name(id="max" | "min" as name), args=arguments):
            return (max if name == "max" else min)(_of(each) for each in arguments)
    raise AssertionError(f"A learner cannot read {ast.dump(tree)}.")


def read(text: str) -> int:
    """The number that a formula gives. What it states behind "=" must be what it comes to."""
    expression, *remark = re.split(r", (?=[a-z])", text, maxsplit=1)
    made, *stated = expression.split(" = ")
    found = calculated(made)
    if remark and remark[0].startswith("rounded"):
        assert found.denominator > 1, f"{text}: there is nothing to round"
        found = Fraction(math.ceil(found) if remark[0].startswith("rounded up") else math.floor(found))
    assert found.denominator == 1, text
    assert [calculated(each) for each in stated] in ([], [found]), text
    return int(found)


def read_pair(text: str) -> tuple[int, int]:
    """Height and width, from one formula for both or from one for each."""
    if not text.startswith("height: "):
        return read(text), read(text)
    vertical, horizontal = text.removeprefix("height: ").split("; width: ")
    return read(vertical), read(horizontal)


def read_shape(text: str, before: Sequence[int]) -> list[int]:
    """The shape that a formula gives, for an input of the shape `before`."""
    channels, sides = before[0] if before else None, list(before[1:])
    for part in re.split(r"; (?!width)", text):
        if whole := re.match(r"(\d+(×\d+)*), (as set|as it comes in|the mean of all \d+×\d+)$", part):
            sizes = [int(size) for size in whole[1].split("×")]
            channels, sides = (channels, sizes) if len(sizes) == 2 else (sizes[0], sizes[1:])
        elif re.search(r" (filters|channels|values|units)$", part):
            channels = read(part)
            sides = sides if part.endswith(("filters", "channels")) else []
        else:
            sides = list(read_pair(part))
    assert channels is not None
    return [channels, *sides]


def check(block: NodeAnalysis | InnerNode, before: Sequence[int]) -> None:
    """Each number of a block has a formula that gives it; zeros may go without."""
    formulas = block.formulas
    for name in ("parameters", "macs", "activation_bytes", "weight_bytes"):
        number = getattr(block, name)
        assert read(formulas[name]) == number if name in formulas else number == 0, (name, block)
    assert block.receptive_field is not None
    assert read_pair(formulas["receptive_field"]) == block.receptive_field.size, block
    assert read_shape(formulas["shape"], before) == block.shape, block


def check_all(analysis: Analysis) -> None:
    """The same for a whole answer: blocks, what is inside them, stages and totals."""
    for node in analysis.nodes.values():
        check(node, node.inputs[0] if node.inputs else [])
        shapes = {"in": node.inputs[0] if node.inputs else []}
        for inner in node.inside or []:
            shapes[inner.id] = inner.shape or []
            check(inner, shapes[inner.inputs[0]])
    for stage in analysis.stages:
        for name in ("parameters", "macs", "activation_bytes", "weight_bytes"):
            number = getattr(stage, name)
            assert read(stage.formulas[name]) == number if name in stage.formulas else number == 0, (name, stage)
    totals = analysis.totals
    for name in set(type(totals).model_fields) - {"receptive_field", "formulas"}:
        number = getattr(totals, name)
        assert read(totals.formulas[name]) == number if name in totals.formulas else number == 0, (name, totals)
    assert ("receptive_field" in totals.formulas) == (totals.receptive_field is not None)
    if totals.receptive_field:
        assert read_pair(totals.formulas["receptive_field"]) == totals.receptive_field


@pytest.mark.parametrize("kind", KINDS)
@settings(RANDOM, max_examples=40)
@given(data=st.data())
def test_formulas_of_every_block_give_its_numbers(kind: str, data: st.DataObject) -> None:
    chosen, shapes = data.draw(cases(kind))
    analysis = analyse(read_network(around(kind, chosen, shapes)), open=["block"])
    assert analysis.trainable
    check_all(analysis)


@settings(RANDOM, max_examples=100)
@given(documents(), st.sampled_from(["sgd", "rmsprop", "adam", "adamw"]), st.sampled_from([0.0, 0.9]))
def test_formulas_of_whole_networks_give_their_numbers(
    document: dict[str, Any], optimiser: Any, momentum: float
) -> None:
    network = read_network(document)
    recipe = Recipe(optimiser=optimiser, momentum=momentum)
    check_all(analyse(network, open=[node.id for node in network.nodes], recipe=recipe))


@pytest.mark.parametrize("name", [name for name in ZOO if name != "empty"])
def test_formulas_of_the_zoo_give_its_numbers(name: str) -> None:
    check_all(analyse(ZOO[name].network))


def test_formulas_have_the_values_where_the_rule_has_its_letters() -> None:
    network = wired(
        "i>c c>p p>r r>k r>d d>k k>g g>f f>o",
        i=image(3, 33, 32),
        c=("conv2d", {"filters": 64, "stride": 2, "padding": 1, "groups": 1}),
        p=("max_pool", {"kernel_size": 3, "ceil_mode": True}),
        r=("residual_basic", {"filters": 64}),
        d=("depthwise_conv2d", {"padding": 2, "dilation": 2}),
        k="concat",
        g="global_avg_pool",
        f="flatten",
        o="output",
    )
    nodes = {name: node.formulas for name, node in analyse(network).nodes.items()}
    assert nodes["i"]["shape"] == "3×33×32, as set"
    sides = "height: (33 + 2·1 − 3) / 2 + 1 = 17; width: (32 + 2·1 − 3) / 2 + 1 = 16, rounded down"
    assert nodes["c"]["shape"] == f"64 filters; {sides}"
    assert nodes["c"]["parameters"] == "3·3·3·64 + 64"
    assert nodes["c"]["macs"] == "3·3·3·64 · 17·16"
    assert nodes["c"]["activation_bytes"] == "64·17·16 · 4 bytes"
    assert nodes["c"]["weight_bytes"] == "1,792 · 4 bytes"
    assert nodes["c"]["receptive_field"] == "1 + (3 − 1) · 1 = 3"
    sides = "height: (17 + 2·0 − 3) / 2 + 1 = 8; width: (16 + 2·0 − 3) / 2 + 1 = 8, rounded up"
    assert nodes["p"]["shape"] == sides
    assert nodes["p"]["receptive_field"] == "3 + (3 − 1) · 2 = 7"
    assert nodes["r"]["shape"] == "64×8×8, as it comes in"
    assert nodes["r"]["parameters"] == "36,864 + 128 + 36,864 + 128"
    assert nodes["r"]["weight_bytes"] == "(73,984 + 256 running statistics) · 4 bytes"
    assert nodes["r"]["receptive_field"] == "7 + (5 − 1) · 4 = 23"
    assert nodes["d"]["shape"] == "64 filters; (8 + 2·2 − 2·(3 − 1) − 1) / 1 + 1 = 8"
    assert nodes["d"]["receptive_field"] == "23 + (3 − 1)·2 · 4 = 39"
    assert nodes["k"]["shape"] == "2 · 64 = 128 channels; 8×8, as it comes in"
    assert nodes["k"]["receptive_field"] == "max(23, 39) = 39"
    assert nodes["g"]["shape"] == "1×1, the mean of all 8×8"
    assert nodes["g"]["receptive_field"] == "39 + (8 − 1) · 4 = 67"
    assert nodes["f"]["shape"] == "128·1·1 = 128 values"


def test_totals_tell_what_is_alive_and_what_training_keeps() -> None:
    network = chain(
        i=image(1, 8),
        c=("conv2d", {"filters": 4, "padding": 1}),
        r="relu",
        g="global_avg_pool",
        f="flatten",
        d=("dense", {"units": 10}),
        o="output",
    )
    totals = analyse(network, recipe=Recipe(optimiser="adam", batch_size=32)).totals
    assert totals.formulas == {
        "parameters": "40 + 50",
        "macs": "2,304 + 40",
        "activation_bytes": "256 + 2 · 1,024 + 2 · 16 + 2 · 40 bytes",
        "weight_bytes": "160 + 200 bytes",
        "depth": "2 · 1",
        "inference_bytes": "2 · 1,024 bytes, while ReLU runs",
        "training_bytes": "32 · 2,416 (outputs) + 360 (weights) + 360 (gradients) + 2 · 360 (kept by Adam) bytes",
        "receptive_field": "1 + (3 − 1) · 1 = 3",
    }


def test_long_sums_are_cut_and_still_right() -> None:
    text = summed(range(1, 2 * MAX_TERMS))
    assert text.endswith(" + 40 + 2,340 (the others)")
    assert read(text) == sum(range(1, 2 * MAX_TERMS))
