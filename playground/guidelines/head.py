"""The end of the network: what the loss expects, and where the parameters go."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.walk import Walked

MANY_PARAMETERS = 1_000_000
LARGE_SHARE = 0.8


@guideline
def activation_before_the_loss(walked: Walked) -> list[Note]:
    """The loss takes scores of any size and applies softmax itself."""
    notes = []
    for output in walked.of_kind("output"):
        if output not in walked.measures:
            continue
        last = walked.wiring.inputs[output][0]
        found = walked.measures[last]
        if found.block.family != "activation" or found.block.kind == "linear_activation":
            continue
        name, take_out = walked.name(last), partial(fixes.bypass, walked.document, last)
        if found.block.kind == "softmax":
            note = Note(
                "advice", "head.W001", last, f"{name} is not needed here: the loss applies softmax itself.",
                "Take it out; the predictions stay the same.", "Take it out", take_out,
            )  # fmt: skip
        else:
            note = Note(
                "warning", "head.W002", last, f"{name} limits the scores just before the loss, which wants them free.",
                "Take it out: the last layer of a classifier needs no activation.", "Take it out", take_out,
            )  # fmt: skip
        notes.append(note)
    return notes


@guideline
def dense_layers_dominate(walked: Walked) -> list[Note]:
    """AlexNet and VGG keep most parameters in their dense layers; a global average needs none of them."""
    dense = [node for node in walked.of_kind("dense") if node in walked.measures]
    total = walked.totals().parameters
    share = sum(walked.measures[node].parameters for node in dense) / max(total, 1)
    convolved = any(measure.block.family == "conv" for measure in walked.measures.values())
    if not dense or not convolved or total < MANY_PARAMETERS or share < LARGE_SHARE:
        return []
    largest = max(dense, key=lambda node: walked.measures[node].parameters)
    count = walked.measures[largest].parameters
    note = Note(
        "advice", "head.W003", largest,
        f"Dense layers hold {share:.0%} of all parameters; {walked.name(largest)} alone has {count:,}.",
        "Take a global average of each channel before flatten.",
    )  # fmt: skip
    before = walked.wiring.inputs[largest][0]
    shape = (walked.inputs(before) or ((),))[0]
    if walked.nodes[before].block != "flatten" or shape[1:] == (1, 1) or len(shape) != 3:
        return [note]
    fix = partial(fixes.insert_before, walked.document, before, "global_avg_pool", {})
    return [note._replace(fix_label="Insert global average", fix=fix)]
