"""A network of the user's as one block."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from playground import network as document
from playground.blocks.base import CATALOGUE, Category, Family, Shape, ShapeError, Step
from playground.blocks.composite import Composite
from playground.wiring import Wiring


class Group(Composite):
    """A named subnetwork: edges from "in" bring the group's input, one edge to "out" carries its output."""

    kind = "group"
    label = "Group"
    summary = "A network of your own as one block, with one input and one output."
    category: ClassVar[Category] = "Compose"
    family: ClassVar[Family] = "join"
    rank = 2
    keywords = ("subnetwork", "module", "reuse", "own")

    name: str = Field(
        "Group",
        max_length=80,
        json_schema_extra={"form": {"kind": "text", "label": "Name", "help": "What the drawing calls it."}},
    )
    network: dict[str, Any] = Field(
        {
            "nodes": [
                {"id": "conv", "block": "conv2d", "params": {"padding": "same"}},
                {"id": "relu", "block": "relu"},
            ],
            "edges": [
                {"source": "in", "target": "conv"},
                {"source": "conv", "target": "relu"},
                {"source": "relu", "target": "out"},
            ],
        },
        json_schema_extra={
            "form": {"kind": "network", "label": "Inside", "help": 'Blocks and wires, from "in" to "out".'}
        },
    )

    def expand(self, *inputs: Shape) -> tuple[Step, ...]:
        """The user's blocks in order. Raises ShapeError where they do not lead from "in" to "out"."""
        try:
            inside = document.read_inside(self.network, "network.")
        except document.DocumentError as error:
            raise ShapeError(
                f"The inside of {self.name} cannot be read: {error}", "Correct it.", id="group.E001"
            ) from error
        nodes = {node.id: node for node in inside.nodes}
        wiring = Wiring(["in", *nodes, "out"], [(edge.source, edge.target) for edge in inside.edges])
        self._check(wiring, nodes)
        return tuple(
            Step(name=name, block=nodes[name].block, params=nodes[name].params, inputs=tuple(wiring.inputs[name]))
            for name in wiring.order
            if name in nodes
        )

    def _check(self, wiring: Wiring, nodes: dict[str, document.Node]) -> None:
        if not nodes:
            raise ShapeError(f"{self.name} is empty.", "Put at least one block inside it.", id="group.E002")
        if wiring.cycles:
            around = " → ".join([*wiring.cycles[0], wiring.cycles[0][0]])
            raise ShapeError(f"The wires inside {self.name} run in a circle: {around}.", "Cut one.", id="group.E003")
        if len(wiring.inputs["out"]) != 1:
            count = len(wiring.inputs["out"])
            raise ShapeError(
                f'{self.name} needs one wire to its "out", but has {count}.',
                "Draw one." if count == 0 else "Join the branches with add or concat first.",
                id="group.E004",
            )
        for name, node in nodes.items():
            if node.block in CATALOGUE and CATALOGUE[node.block].category == "Ends":
                raise ShapeError(
                    f"Inside {self.name}, '{name}' is an end of a whole network.",
                    'Draw its wires from "in" or to "out" instead.',
                    id="group.E009",
                )
            if not wiring.inputs[name]:
                raise ShapeError(f"Inside {self.name}, '{name}' gets no input.", "Draw a wire to it.", id="group.E005")
            if not wiring.outputs[name]:
                raise ShapeError(
                    f"Inside {self.name}, '{name}' leads nowhere.",
                    "Draw a wire from it, or remove it.",
                    id="group.E006",
                )

    def default_label(self) -> str:
        """The user's name for it."""
        return self.name

    def code_name(self) -> str:
        """The user's name for it."""
        return self.name
