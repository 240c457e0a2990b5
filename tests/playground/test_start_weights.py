"""The variances of start weights are those of what the worker draws."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from playground.recipe import INITIALISATIONS
from playground.start_weights import variance
from worker.initialise import initialise

LAYERS = {
    "dense": (lambda: nn.Linear(300, 200), 300, 200),
    "conv": (lambda: nn.Conv2d(40, 60, (3, 5)), 40 * 15, 60 * 15),
    "grouped": (lambda: nn.Conv2d(40, 80, 3, groups=4), 10 * 9, 80 * 9),
    "depthwise": (lambda: nn.Conv2d(400, 400, 5, groups=400), 25, 400 * 25),
}


@pytest.mark.parametrize("kind", [each.value for each in INITIALISATIONS])
@pytest.mark.parametrize("layer", LAYERS)
def test_weights_are_drawn_with_that_variance(kind: str, layer: str) -> None:
    torch.manual_seed(3)
    make, fan_in, fan_out = LAYERS[layer]
    module = make()
    initialise(module, kind)
    assert isinstance(module.weight, torch.Tensor)
    assert float(module.weight.detach().var()) == pytest.approx(variance(kind, fan_in, fan_out), rel=0.06)


def test_there_are_no_others() -> None:
    with pytest.raises(ValueError, match="no start weights named 'ones'"):
        variance("ones", 1, 1)
