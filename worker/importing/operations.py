"""What the rules of reading ask of a traced operation: its name, its shape, its numbers."""

from __future__ import annotations

from typing import Any

from torch import Tensor, fx

from playground.blocks.base import Settings
from playground.shapes import Shape
from worker.importing.layers import NoBlock
from worker.importing.trace import Traced, is_image

Chain = list[tuple[str, Settings]]
"""Blocks in a row."""
NAMES = {
    "iadd": "add", "imul": "mul", "isub": "sub", "truediv": "div", "itruediv": "div", "true_divide": "div",
    "multiply": "mul", "subtract": "sub", "divide": "div", "concat": "cat", "concatenate": "cat", "greater": "gt",
    "negative": "neg", "swish": "silu",
}  # fmt: skip


class Operations:
    """The operations of a traced module."""

    def __init__(self, found: Traced) -> None:
        self.values, self.graph = found.values, found.graph
        self.modules = dict(found.module.named_modules())
        self.sums: dict[fx.Node, list[fx.Node]] = {}
        """What each sum adds."""

    def shape(self, node: fx.Node) -> Shape:
        """Of a value, for one image. Raises NoBlock where it is none."""
        value = self.values.get(node)
        if not isinstance(value, Tensor) or not is_image(value):
            raise NoBlock("works on something else than images")
        return tuple(int(side) for side in value.shape[1:])

    def known(self, argument: Any) -> Any:
        """An argument with numbers that were computed on the way put in."""
        if isinstance(argument, fx.Node):
            return self.values.get(argument)
        if isinstance(argument, (list, tuple)):
            return tuple(self.known(each) for each in argument)
        if isinstance(argument, slice):
            return slice(self.known(argument.start), self.known(argument.stop), self.known(argument.step))
        return argument

    def split(self, node: fx.Node) -> tuple[fx.Node, float] | None:
        """A value and a number that it is joined with; None for two values."""
        numbers = [self.known(each) for each in node.args[:2]]
        for place, other in ((1, 0), (0, 1)):
            given = node.args[other] if len(node.args) > 1 else None
            if isinstance(numbers[place], (int, float)) and isinstance(given, fx.Node) and is_image(numbers[other]):
                return given, float(numbers[place])
        return None

    def name(self, node: fx.Node) -> str:
        """relu for torch.relu, F.relu, x.relu and x.relu_; add for +."""
        if node.op == "call_module":
            return type(self.modules[str(node.target)]).__name__.lower()
        name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", str(node.target))
        name = name.strip("_")
        return NAMES.get(name, name)
