"""Danger zones: from which value on a chart says that a figure is a bad sign. The page draws what is declared here.

A zone that a rule goes by is declared with the rule, from the rule's own limit; those that no rule goes by are below.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from playground.protocol.telemetry import Quantity


class DangerZone(BaseModel):
    """A part of a chart that is a bad sign, of one quantity of a layer."""

    model_config = ConfigDict(frozen=True)

    quantity: Quantity
    name: str
    """Stands in the zone, with the limit in it."""
    low: float | None = None
    """None: as far down as the axis goes. Of what is counted in units (`dead`) a share of the layer's units."""
    high: float | None = None
    """None: as far up."""
    last_part: int | None = None
    """4: the limits are multiples of the geometric mean over the last quarter of the layers. None: they are values."""


PASSES = 0.95
"""Zeros behind which a rectifier hands on next to nothing."""
ALIKE = 1e-3
"""Deviation of an activation's outputs over the batch below which later layers cannot tell images apart."""

UNRULED = (
    DangerZone(quantity="zero_fraction", low=PASSES, name=f"hardly anything passes: over {PASSES:.0%}"),
    DangerZone(quantity="activation_std", high=ALIKE, name="all images look alike: below 10⁻³"),
)
