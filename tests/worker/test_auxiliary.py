"""The auxiliary output against torch: whatever its settings, its scores and its weight reach the loss."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.analysis import analyse
from playground.plan import plan
from tests.playground.drawing import image, wired
from worker.build import build


@settings(max_examples=30, deadline=None)
@given(
    given_params=st.fixed_dictionaries({}, optional={"weight": st.floats(0, 10, allow_subnormal=False)}),
    width=st.integers(1, 12),
    classes=st.integers(1, 12),
    softmax=st.booleans(),
)
def test_its_scores_and_weight_reach_the_loss(
    given_params: dict[str, Any], width: int, classes: int, softmax: bool
) -> None:
    network = wired(
        "i>f f>a a>d d>o a>b b>s s>x", i=image(2, 2, 3), f="flatten", a=("dense", {"units": width}),
        d=("dense", {"units": classes}), o="output", b=("dense", {"units": classes}),
        s="softmax" if softmax else "dropout", x=("auxiliary_output", given_params),
    )  # fmt: skip
    assert analyse(network, classes=classes).trainable
    torch.manual_seed(0)
    built = build(plan(network)).train()
    images = torch.rand(2, 2, 2, 3)
    scores = built(images)
    (head,) = built.auxiliary
    assert head.weight == given_params.get("weight", 0.3)
    assert tuple(head.scores.shape) == tuple(scores.shape) == (2, classes)
    if softmax:
        free = built.module_of(built.steps[built.index["b"]])
        first = built.module_of(built.steps[built.index["a"]])
        assert free and first
        torch.testing.assert_close(head.scores, free(first(images.flatten(1))))
    assert sum(parameter.numel() for parameter in built.parameters()) == analyse(network).totals.parameters
    (head.weight * head.scores.sum() + scores.sum()).backward()
    assert all(parameter.grad is not None for parameter in built.parameters())
