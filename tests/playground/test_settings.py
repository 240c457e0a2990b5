"""Settings become blocks, or are refused with the field, the value and the limits."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from playground.blocks import CATALOGUE
from playground.settings import SettingError, make_block, shown


@pytest.mark.parametrize("kind", list(CATALOGUE))
def test_every_block_has_defaults_and_words(kind: str) -> None:
    block = make_block(kind, {})
    assert block.default_label()
    assert block.label[0].isupper() or block.label[0].isdigit()
    assert block.summary.endswith(".")
    assert all(spec.label and spec.help for spec in block.fields())
    assert [spec.name for spec in block.fields()] == list(type(block).model_fields)


@pytest.mark.parametrize("kind", list(CATALOGUE))
def test_defaults_written_out_are_the_same_block(kind: str) -> None:
    block = make_block(kind, {})
    assert make_block(kind, block.model_dump(mode="json")) == block


def test_equal_settings_give_the_same_object_and_types_are_told_apart() -> None:
    assert make_block("conv2d", {"filters": 3}) is make_block("conv2d", {"filters": 3})
    with pytest.raises(SettingError):
        make_block("conv2d", {"groups": True})
    assert make_block("conv2d", {"groups": 1})


def test_a_pair_is_vertical_then_horizontal() -> None:
    block = make_block("conv2d", {"kernel_size": [1, 7], "padding": [0, 3], "filters": 4})
    assert block.shape((2, 9, 9)) == (4, 9, 9)
    assert block.default_label() == "Conv 1×7"


@pytest.mark.parametrize(
    ("kind", "params", "message"),
    [
        ("conv2d", {"filters": "3"}, "Channels out of Conv is '3'. Use a whole number from 1 to 8192."),
        ("conv2d", {"filters": None}, "Channels out of Conv is empty. Use a whole number from 1 to 8192."),
        ("conv2d", {"bias": 1}, "Bias of Conv is 1. Use true or false."),
        ("conv2d", {"filtres": 3}, "Conv has no setting 'filtres'. Did you mean 'filters'?"),
        ("relu", {"slope": 3}, "ReLU has no setting 'slope'. It has: none."),
        (
            "conv2d",
            {"padding": "valid"},
            "Padding of Conv is 'valid'. Use a whole number from 0 to 64, two of them: [vertical, horizontal],"
            ' or "same".',
        ),
        ("conv2d", {"kernel_size": [1, 2, 3]}, "Kernel of Conv is [1, 2, 3]. Use a whole number from 1 to 63, or two of"
         " them: [vertical, horizontal]."),
        ("leaky_relu", {"slope": float("inf")}, "Slope of Leaky ReLU is inf. Use a number from 0 to 1."),
        ("batch_norm", {"eps": 0}, "ε of Batch norm is 0. Use a number from 1e-12 to 1."),
        ("group", {"name": 3}, "Name of Group is 3. Use a text of at most 80 characters."),
        ("group", {"network": 3}, "Inside of Group is 3. Use a network: nodes and edges."),
    ],
)  # fmt: skip
def test_refusals_name_field_value_and_limits(kind: str, params: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError) as caught:
        make_block(kind, params)
    assert str(caught.value) == message
    assert caught.value.field in params


def test_blocks_made_in_code_are_checked_too() -> None:
    with pytest.raises(ValidationError, match="Kernel is 99; it must be between 1 and 63"):
        CATALOGUE["conv2d"](kernel_size=99)
    with pytest.raises(ValidationError, match="must be one of the choices"):
        CATALOGUE["residual_basic"](activation="magic")


def test_values_are_shown_short() -> None:
    assert shown("x" * 100_000) == f"'{'x' * 40}…'"
    assert shown(10**30) == "a huge number"
    assert shown([1] * 1000) == "[1, 1, 1, 1, …]"
    assert shown({"a": 1}) == "an object"
