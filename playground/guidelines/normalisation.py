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
    behind = _last_batch_norms(walked)
    for node in walked.of_kind("dropout"):
        last = behind.get(node)
        if last is not None and node in walked.measures:
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


def _last_batch_norms(walked: Walked) -> dict[str, str]:
    """For each block the last batch norm on the single wire that leads on from it, where there is one."""
    found: dict[str, str] = {}
    for node in reversed(walked.wiring.order):
        after = walked.wiring.outputs[node]
        if len(after) != 1 or len(walked.wiring.inputs[after[0]]) != 1 or after[0] not in walked.measures:
            continue
        if after[0] in found:
            found[node] = found[after[0]]
        elif walked.nodes[after[0]].block == "batch_norm":
            found[node] = after[0]
    return found
