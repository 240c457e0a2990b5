"""What batch norm makes superfluous."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.walk import Walked


@guideline
def bias_before_batch_norm(walked: Walked) -> list[Note]:
    """Batch norm subtracts the mean, and a bias with it."""
    notes = []
    for node in walked.of_kind("batch_norm"):
        if node not in walked.measures:
            continue
        before = walked.wiring.inputs[node][0]
        block = walked.measures[before].block
        if getattr(block, "bias", False) and walked.wiring.outputs[before] == [node]:
            count = walked.measures[before].shape[0]
            notes.append(
                Note(
                    "advice", "normalisation.W001", before,
                    f"The {count} biases of {walked.name(before)} do nothing: batch norm subtracts them again.",
                    "Switch the bias off.",
                    "Switch the bias off", partial(fixes.set_params, walked.document, before, {"bias": False}),
                )
            )  # fmt: skip
    return notes
