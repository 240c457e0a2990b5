"""Plain and residual."""

from __future__ import annotations

from playground import fixes
from playground.guidelines.plain_depth import with_shortcuts
from playground.twins.registry import Original, Variant, twin
from playground.words import counted


@twin(
    "shortcuts",
    title="Plain or residual",
    asks="Does depth need a shortcut?",
    lecture=("L36", "L22"),
)
def plain_or_residual(original: Original) -> list[Variant]:
    """Shortcuts where they can be put in; none where there are any."""
    walked = original.walked
    variants = []
    residual = with_shortcuts(walked)
    if residual:
        says = "Shortcuts lead past every pair of 3×3 convolutions that can have one, with zeros for new channels."
        variants.append(Variant("residual", "With shortcuts", "residual", says, residual))
    plain, count = walked.document, 0
    for node, found in walked.measures.items():
        if getattr(found.block, "shortcut", "none") != "none":
            plain, count = fixes.set_params(plain, node, {"shortcut": "none"}), count + 1
    if count:
        says = f"{counted(count, 'residual block loses its shortcut', 'residual blocks lose their shortcuts')}."
        variants.append(Variant("plain", "Without shortcuts", "plain", says, plain))
    return variants
