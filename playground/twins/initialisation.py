"""Start weights of another distribution."""

from __future__ import annotations

from playground.recipe import INITIALISATIONS
from playground.twins.registry import Original, Variant, twin

NAMES = {each.value: each.label for each in INITIALISATIONS}


@twin(
    "initialisation",
    title="Other start weights",
    asks="How much of the start is luck of the draw?",
)
def other_weights(original: Original) -> list[Variant]:
    """Every other distribution that the recipe knows."""
    now = original.recipe.initialisation
    return [
        Variant(
            each.value,
            each.label,
            each.label.lower() if each.value == "torch" else each.label,
            f"Start weights: {NAMES[now]} becomes {each.label}.",
            recipe={"initialisation": each.value},
        )
        for each in INITIALISATIONS
        if each.value != now
    ]
