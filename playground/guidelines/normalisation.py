"""What batch norm makes superfluous, and what does not go before it.

Source: Li, Chen, Hu and Yang, Understanding the Disharmony between Dropout and Batch Normalization, 2019.
"""

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


@guideline
def dropout_before_batch_norm(walked: Walked) -> list[Note]:
    """Dropout changes the variance while training and not at test time; batch norm learns the wrong one."""
    notes = []
    for node in walked.of_kind("dropout"):
        last = _last_batch_norm(walked, node) if node in walked.measures else None
        if last is not None:
            notes.append(
                Note(
                    "warning", "normalisation.W002", node,
                    f"{walked.name(node)} stands before {walked.name(last)}, which then learns a variance that"
                    " does not hold at test time, when nothing is dropped.",
                    f"Move it behind {walked.name(last)}.",
                    "Move it behind", partial(fixes.move_behind, walked.document, node, last),
                )
            )  # fmt: skip
    return notes


def _last_batch_norm(walked: Walked, node: str) -> str | None:
    """The last on the single wire that leads on from here."""
    last, after = None, walked.wiring.outputs[node]
    while len(after) == 1 and len(walked.wiring.inputs[after[0]]) == 1 and after[0] in walked.measures:
        last = after[0] if walked.nodes[after[0]].block == "batch_norm" else last
        after = walked.wiring.outputs[after[0]]
    return last
