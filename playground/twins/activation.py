"""Every activation replaced by another."""

from __future__ import annotations

from playground.blocks import CATALOGUE
from playground.swaps import with_activation
from playground.twins.registry import Original, Variant, twin

WANTED = ("sigmoid", "tanh", "relu", "leaky_relu", "swish")
BENT = {kind for kind, block in CATALOGUE.items() if block.family == "activation"} - {"linear_activation", "softmax"}
"""Activations that are not linear and no end of a network."""


@twin(
    "activation",
    title="Another activation",
    asks="How far does a gradient reach through each activation?",
    lecture=("L8", "L9", "L11", "L12", "L13"),
)
def another_activation(original: Original) -> list[Variant]:
    """Each activation in turn, wherever there is any other."""
    variants = []
    for wanted in WANTED:
        network = with_activation(original.walked, BENT - {wanted}, wanted)
        if network:
            label = CATALOGUE[wanted].label
            variants.append(
                Variant(wanted, f"{label} everywhere", label, f"Every activation becomes {label}.", network)
            )
    return variants
