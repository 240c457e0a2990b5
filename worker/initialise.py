"""The weights a run starts from."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

_DRAW: dict[str, Callable[[Tensor], Tensor]] = {
    "he_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="relu"),
    "he_uniform": lambda weight: nn.init.kaiming_uniform_(weight, nonlinearity="relu"),
    "glorot_normal": nn.init.xavier_normal_,
    "glorot_uniform": nn.init.xavier_uniform_,
    "lecun_normal": lambda weight: nn.init.kaiming_normal_(weight, nonlinearity="linear"),
    "small_normal": lambda weight: nn.init.normal_(weight, std=0.01),
}


def initialise(network: nn.Module, kind: str) -> None:
    """Draws convolution and dense weights from torch's global generator; biases become 0. "torch" changes nothing."""
    if kind == "torch":
        return
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            _DRAW[kind](module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
