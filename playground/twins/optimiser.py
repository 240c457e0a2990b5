"""Another optimiser. A rate means something else to each, so that a pair at one rate is not always a fair one."""

from __future__ import annotations

from playground.doctor.remedies.recipe import MILD
from playground.recipe import OPTIMISERS
from playground.twins.registry import Original, Variant, twin

NAMES = {each.value: each.label for each in OPTIMISERS}
FAR = 4.0
"""So many times the usual rate, or so small a part of it, and the rate alone may decide."""


@twin(
    "optimiser",
    title="Another optimiser",
    asks="Which optimiser gets down faster?",
    lecture=("L29",),
)
def another(original: Original) -> list[Variant]:
    """Each of the others at the same rate; where that is far from what is usual for it, also at the usual one."""
    variants = []
    recipe = original.recipe
    now, rate = NAMES[recipe.optimiser], recipe.learning_rate
    for wanted, name in NAMES.items():
        if wanted == recipe.optimiser:
            continue
        usual = MILD[wanted]
        far = not usual / FAR <= rate <= usual * FAR
        says = f"{now} becomes {name}; the rate stays {rate:g}."
        caution = f"{name} is usually trained at rates near {usual:g}: the pair may show the rate more than the method."
        at_rate = Variant(
            wanted, f"{name}, same rate", name, says, recipe={"optimiser": wanted}, caution=caution if far else ""
        )
        variants.append(at_rate)
        if far:
            both = {"optimiser": wanted, "learning_rate": usual}
            says = f"{now} at {rate:g} becomes {name} at {usual:g}."
            caution = "Two settings change, for a rate means something else to each optimiser."
            variants.append(
                Variant(f"{wanted}_usual", f"{name} at {usual:g}", f"{name} {usual:g}", says, None, both, caution)
            )
    return variants
