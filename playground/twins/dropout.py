"""With and without dropout."""

from __future__ import annotations

from playground import fixes
from playground.doctor.remedies.network import DROPPED, before_scores
from playground.twins.registry import Original, Variant, twin
from playground.words import counted


@twin(
    "dropout",
    title="Dropout",
    asks="Does dropout close the gap between training and held-out images?",
    lecture=("L27",),
)
def with_or_without(original: Original) -> list[Variant]:
    """Dropout before the scores where there is none; none where there is any."""
    walked = original.walked
    dropouts = walked.of_kind("dropout")
    if not dropouts:
        more = before_scores(walked)
        says = f"Dropout of {DROPPED:.0%} stands before the last dense layer."
        return [Variant("with", "With dropout", "dropout", says, more)] if more else []
    document = walked.document
    for node in dropouts:
        document = fixes.bypass(document, node)
    says = f"{counted(len(dropouts), 'dropout', 'dropouts')} taken out."
    return [Variant("without", "Without dropout", "no dropout", says, document)]
