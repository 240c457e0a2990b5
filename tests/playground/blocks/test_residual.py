"""Shortcuts: identity where the shape stays, projection or zero padding where it changes, none for the plain twin."""

from __future__ import annotations

from typing import Any

import pytest

from playground.expansion import primitives
from playground.settings import make_block


def kinds(kind: str, shape: tuple[int, int, int], **params: Any) -> list[str]:
    return [each.block.kind for each in primitives(make_block(kind, params), (shape,))]


CONV, NORM = "conv2d", "batch_norm"
F = [CONV, NORM, "relu", CONV, NORM]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"filters": 8}, [*F, "add", "relu"]),
        ({"filters": 8, "stride": 2}, [*F, CONV, NORM, "add", "relu"]),
        ({"filters": 16}, [*F, CONV, NORM, "add", "relu"]),
        ({"filters": 16, "shortcut": "pad"}, [*F, "pad_shortcut", "add", "relu"]),
        ({"filters": 8, "shortcut": "pad"}, [*F, "add", "relu"]),
        ({"filters": 16, "shortcut": "none"}, [*F, "relu"]),
        ({"filters": 8, "normalise": False}, [CONV, "relu", CONV, "add", "relu"]),
        ({"filters": 8, "activation": "none"}, [CONV, NORM, CONV, NORM, "add"]),
    ],
)
def test_basic(params: dict[str, Any], expected: list[str]) -> None:
    assert kinds("residual_basic", (8, 6, 6), **params) == expected


def test_the_plain_twin_has_the_parameters_less_the_projection() -> None:
    shape = (8, 6, 6)
    full, plain = (make_block("residual_basic", {"filters": 16, "shortcut": way}) for way in ("projection", "none"))
    assert full.parameters(shape) - plain.parameters(shape) == 8 * 16 + 2 * 16


@pytest.mark.parametrize(("stride_in", "strides"), [("1x1", [2, 1, 1]), ("3x3", [1, 2, 1])])
def test_where_a_bottleneck_strides(stride_in: str, strides: list[int]) -> None:
    params = {"filters": 16, "bottleneck_filters": 4, "stride": 2, "stride_in": stride_in}
    inside = primitives(make_block("residual_bottleneck", params), ((16, 8, 8),))
    blocks: list[Any] = [each.block for each in inside if each.block.kind == "conv2d"]
    assert [block.stride for block in blocks] == [*strides, 2]
    assert inside[-1].shape == (16, 4, 4)
