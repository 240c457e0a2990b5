"""Other settings tried on a walked network, to know whether a way out would hold before it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground.measure import check_size, measure
from playground.settings import SettingError
from playground.shapes import Shape, ShapeError
from playground.walk import Walked

Changes = Mapping[str, Mapping[str, Any]]
"""Settings by block."""


def shapes_after(walked: Walked, changes: Changes) -> dict[str, Shape] | None:
    """Shapes of the blocks whose output is another one with these settings; None where a block would not take it."""
    shapes: dict[str, Shape] = {}
    parameters = macs = activation_bytes = 0
    try:
        for name, node in ((name, walked.nodes[name]) for name in walked.wiring.order):
            sources, old = walked.wiring.inputs[name], walked.measures.get(name)
            if name not in changes and not any(source in shapes for source in sources):
                continue
            if old is None:
                return None
            inputs = tuple(shapes.get(source) or walked.measures[source].shape for source in sources)
            found = measure(node.block, {**node.params, **changes.get(name, {})}, inputs)
            if found.shape != old.shape:
                shapes[name] = found.shape
            parameters += found.parameters - old.parameters
            macs += found.macs - old.macs
            activation_bytes += found.activation_bytes - old.activation_bytes
        now = walked.totals()
        check_size("", now.parameters + parameters, now.macs + macs, now.activation_bytes + activation_bytes)
    except (SettingError, ShapeError):
        return None
    return shapes


def keeps_the_end(walked: Walked, changes: Changes) -> bool:
    """The network still fits together with these settings, and gives as many values at its end."""
    shapes = shapes_after(walked, changes)
    return shapes is not None and not any(walked.nodes[name].block == "output" for name in shapes)
