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


def plain(value: Any) -> Any:
    """(3, 3) as 3."""
    return value[0] if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1] else value


def literal(value: Any) -> str:
    """A value as Python writes it; (3, 3) as 3."""
    if isinstance(value, Variable):
        return value.name
    return f'"{value}"' if isinstance(value, str) else repr(plain(value))


def joins(layer: Layer) -> bool:
    """Whether it is a function of several values."""
    return layer.function in {"add", "concat"}


def call(layer: Layer | None, arguments: Mapping[str, Any] | None = None, channels: int | None = None) -> str | None:
    """The expression of a function, with {0} and {all} for its inputs; None for a module, which has a name.

    `channels`: those that come in, where they are known.
    """
    if layer is None or layer.function is None:
        return None
    values = layer.arguments if arguments is None else arguments
    if layer.function == "pad_shortcut":
        return _pad_shortcut(values, channels)
    given = {name: _text(value) for name, value in values.items()}
    return EXPRESSIONS[layer.function].format(**given, all="{all}", x="{0}")


def _text(value: Any) -> str:
    return f"self.{value.name}" if isinstance(value, Variable) else literal(value)


def _pad_shortcut(values: Mapping[str, Any], channels: int | None) -> str:
    """Every stride-th pixel, then channels of zeros."""
    stride, wanted = values["stride"], values["channels"]
    step = _text(stride)
    x = "{0}" if stride == 1 else f"{{0}}[:, :, ::{step}, ::{step}]"
    more = f"{_text(wanted)} - {{0}}.shape[1]"
    if channels is not None and not isinstance(wanted, Variable):
        more = str(wanted - channels)
    return x if more == "0" else f"nn.functional.pad({x}, (0, 0, 0, 0, 0, {more}))"


EXPRESSIONS = {
    "identity": "{x}",
    "add": "{all}",
    "concat": "torch.cat([{all}], dim=1)",
    "step": "({x} > 0).to({x}.dtype)",
    "scale": "{c} * {x}",
    "logistic": "{L} * torch.sigmoid({k} * ({x} - {x0}))",
}
