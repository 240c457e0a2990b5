"""Layers as Python text. Arguments may be values, or names of a constructor's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from playground.blocks.base import Layer


class Variable(NamedTuple):
    """Stands for a parameter of the class's constructor."""

    name: str


DEFAULTS: dict[str, Any] = {
    "padding": (0, 0),
    "dilation": (1, 1),
    "groups": 1,
    "bias": True,
    "ceil_mode": False,
    "count_include_pad": True,
    "momentum": 0.1,
    "eps": 1e-5,
}
"""Arguments that torch.nn assumes when they are left out; a convolution's stride too."""
UNNAMED = {"in_channels", "out_channels", "in_features", "out_features", "num_features", "output_size", "p"}


def constructor(layer: Layer | None, arguments: Mapping[str, Any] | None = None) -> str | None:
    """ "nn.Conv2d(1, 6, kernel_size=5, padding=2)"; None for a function, which has nothing to construct."""
    if layer is None or layer.module is None:
        return None
    parts = []
    for name, value in (layer.arguments if arguments is None else arguments).items():
        if _assumed(layer.module, name, value):
            continue
        parts.append(literal(value) if name in UNNAMED else f"{name}={literal(value)}")
    return f"nn.{layer.module}({', '.join(parts)})"


def _assumed(module: str, name: str, value: Any) -> bool:
    if name == "stride" and module == "Conv2d":
        return bool(value == (1, 1))
    return name in DEFAULTS and not isinstance(value, Variable) and bool(value == DEFAULTS[name])


def literal(value: Any) -> str:
    """A value as Python writes it; (3, 3) as 3."""
    if isinstance(value, Variable):
        return value.name
    if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1]:
        return repr(value[0])
    return repr(value)


def call(layer: Layer | None, arguments: Mapping[str, Any] | None = None) -> str | None:
    """The expression of a function, with {0} and {all} for its inputs; None for a module, which has a name."""
    if layer is None or layer.function is None:
        return None
    given = {
        name: f"self.{value.name}" if isinstance(value, Variable) else literal(value)
        for name, value in (layer.arguments if arguments is None else arguments).items()
    }
    return EXPRESSIONS[layer.function].format(**given, all="{all}", x="{0}")


EXPRESSIONS = {
    "identity": "{x}",
    "add": "{all}",
    "concat": "torch.cat([{all}], dim=1)",
    "step": "({x} > 0).to({x}.dtype)",
    "scale": "{c} * {x}",
    "logistic": "{L} * torch.sigmoid({k} * ({x} - {x0}))",
    "pad_shortcut": "nn.functional.pad({x}[:, :, ::{stride}, ::{stride}], (0, 0, 0, 0, 0, {channels} - {x}.shape[1]))",
}
