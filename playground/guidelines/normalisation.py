"""What batch norm makes superfluous, and what does not go before it."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.guidelines.registry import guideline, page
from playground.notes import Note
from playground.walk import Walked


@guideline(
    page(
        id="normalisation.W001",
        title="No bias before batch norm",
        why="""
        Batch norm takes the mean of each channel over the batch and subtracts it. A bias adds one number to a whole
        channel, so that it is part of that mean and is subtracted again: whatever its value, the output is the same.

        Its gradient is zero up to rounding, and it stays at its start. Batch norm has a shift β of its own for what
        the bias was for. The residual networks have no biases in their convolutions for that reason.
        """,
        rule="A convolution or dense layer with a bias feeds a batch norm and nothing else.",
        source="Ioffe and Szegedy, Batch Normalization, 2015, section 3.2",
        lecture=["L29"],
    ),
)
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
                    f"Switch the bias off; that saves {count} parameters.",
                    "Switch the bias off", partial(fixes.set_params, walked.document, before, {"bias": False}),
                )
            )  # fmt: skip
    return notes


@guideline(
    page(
        id="normalisation.W002",
        title="Dropout behind the last batch norm",
        why="""
        While training, dropout sets values to zero and scales up the others: the mean stays, the variance grows by a
        factor of up to 1/(1 − p). At test time nothing is dropped and the variance is the smaller one.

        A batch norm behind it learns its running variance from the training batches and divides by it at test time,
        when it no longer holds. The error is carried on through all further layers; Li et al. measured that the two
        together are then often worse than either alone.

        Behind the last batch norm dropout does no such harm.
        """,
        rule="""
        A single wire leads from a dropout on to a batch norm, whatever stands between the two. The press moves it
        behind the last batch norm on that wire.
        """,
        source="""
        Li, Chen, Hu and Yang, Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift,
        2019, sections 3 and 4
        """,
        lecture=["L27", "L29"],
    ),
)
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
