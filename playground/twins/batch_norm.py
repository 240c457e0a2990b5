"""With and without batch norm."""

from __future__ import annotations

from playground import fixes
from playground.doctor.remedies.network import behind_layers
from playground.twins.registry import Original, Variant, twin
from playground.words import counted


@twin(
    "batch_norm",
    title="Batch norm",
    asks="What does batch norm do for the speed of learning, and at which rates?",
    lecture=("L29",),
)
def with_or_without(original: Original) -> list[Variant]:
    """Batch norm behind every convolution that has none; none at all where there is any."""
    walked = original.walked
    variants = []
    more = behind_layers(walked)
    if more is not None:
        says = "Every convolution without batch norm gets it, and loses the bias that it would subtract again."
        if not any(found.block.family == "conv" for found in walked.measures.values()):
            says = "Every dense layer but the last gets batch norm, and loses its bias."
        variants.append(Variant("with", "With batch norm", "batch norm", says, more))
    document, count = walked.document, 0
    for node in walked.of_kind("batch_norm"):
        if node not in walked.measures:
            continue
        before = walked.wiring.inputs[node][0]
        if getattr(walked.measures[before].block, "bias", True) is False and walked.wiring.outputs[before] == [node]:
            document = fixes.set_params(document, before, {"bias": True})
        document, count = fixes.bypass(document, node), count + 1
    for node, found in walked.measures.items():
        if getattr(found.block, "normalise", False):
            document, count = fixes.set_params(document, node, {"normalise": False}), count + 1
    if count:
        says = f"Batch norm is taken out of {counted(count, 'place', 'places')}; the layers before it get a bias."
        variants.append(Variant("without", "Without batch norm", "no batch norm", says, document))
    return variants
