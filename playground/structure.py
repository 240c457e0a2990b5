"""What is wrong with the wiring as a whole: ends, cycles, loose blocks; and whether the head suits the data."""

from __future__ import annotations

from functools import partial

from playground import fixes
from playground.blocks import CATALOGUE
from playground.notes import Note
from playground.shapes import Shape, in_words
from playground.walk import Walked


def check(walked: Walked) -> list[Note]:
    """Ends, cycles and loose blocks. Each fault is told once, where it can be mended."""
    if not walked.nodes:
        return [Note("error", "wiring.E001", None, "The network is empty.", "Add an input and an output, then blocks.")]
    return [*_inputs(walked), *_outputs(walked), *_cycles(walked), *_loose(walked)]


def _inputs(walked: Walked) -> list[Note]:
    found = walked.of_kind("input")
    if not found:
        starts = [node for node in walked.nodes if not walked.wiring.inputs[node]]
        fix = partial(fixes.add_input, walked.document, starts)
        return [
            Note(
                "error", "wiring.E001", None, "The network has no input block.",
                "Add one and draw a wire from it to the first block.", "Add an input", fix,
            )
        ]  # fmt: skip
    return [
        Note(
            "error", "wiring.E002", extra,
            f"{walked.name(extra)} is a second input beside {walked.name(found[0])}; a network has one.",
            "Remove it, and draw its wires from the first input.",
            "Remove it", partial(fixes.remove, walked.document, extra),
        )
        for extra in found[1:]
    ]  # fmt: skip


def _outputs(walked: Walked) -> list[Note]:
    found = walked.of_kind("output")
    if not found:
        ends = [node for node in walked.nodes if not walked.wiring.outputs[node] and _goes_on(walked, node)]
        note = Note(
            "error", "wiring.E003", None, "The network has no output block.",
            "Add one and draw a wire to it from the last block.",
        )  # fmt: skip
        if len(ends) == 1:
            note = note._replace(fix_label="Add an output", fix=partial(fixes.add_output, walked.document, ends))
        return [note]
    return [
        Note(
            "error", "wiring.E004", extra,
            f"{walked.name(extra)} is a second output beside {walked.name(found[0])}; a network has one.",
            "Remove it, or join the branches with add or concat before one output.",
            "Remove it", partial(fixes.remove, walked.document, extra),
        )
        for extra in found[1:]
    ]  # fmt: skip


def _goes_on(walked: Walked, node: str) -> bool:
    block = CATALOGUE.get(walked.nodes[node].block)
    return block is None or block.has_output


def _cycles(walked: Walked) -> list[Note]:
    notes = []
    for cycle in walked.wiring.cycles:
        names = [walked.name(node) for node in cycle[:8]]
        if len(cycle) > 8:
            names.append(f"{len(cycle) - 8} more")
        around = f"{' → '.join([*names, names[0]])}" if len(cycle) > 1 else f"{names[0]} feeds itself"
        notes.append(
            Note(
                "error", "wiring.E005", cycle[0],
                f"The wires run in a circle: {around}.", "Remove one of these wires: values must flow one way.",
            )
        )  # fmt: skip
    return notes


def _loose(walked: Walked) -> list[Note]:
    notes: list[Note] = []
    has_input, has_output = bool(walked.of_kind("input")), bool(walked.of_kind("output"))
    for node in walked.network.nodes:
        block = CATALOGUE.get(node.block)
        if block is None:
            continue
        name = walked.name(node.id)
        fed, feeds = bool(walked.wiring.inputs[node.id]), bool(walked.wiring.outputs[node.id])
        remove = partial(fixes.remove, walked.document, node.id)
        if block.min_inputs and not fed and has_input:
            alone = block.has_output and not feeds
            message = f"{name} is not connected to anything." if alone else f"{name} gets no input."
            hint = "Draw a wire to it from the block before it" + ("." if block.only_one else ", or remove it.")
            note = Note("error", "wiring.E006", node.id, message, hint)
            needless = alone or not (block.has_output or block.only_one)
            notes.append(note._replace(fix_label="Remove it", fix=remove) if needless else note)
        elif block.has_output and not feeds and has_output:
            hint = "Draw a wire from it to the next block" + ("." if node.block == "input" else ", or remove it.")
            note = Note("error", "wiring.E007", node.id, f"{name} leads nowhere.", hint)
            notes.append(note if node.block == "input" else note._replace(fix_label="Remove it", fix=remove))
        elif not block.has_output and feeds:
            notes.append(
                Note(
                    "error", "wiring.E010", node.id, f"{name} is the end, but a wire leads on from it.",
                    "Remove that wire, or draw it from the block before.",
                )
            )  # fmt: skip
    return notes


def check_images(walked: Walked, images: Shape | None) -> list[Note]:
    """The input takes what the data set gives."""
    if images is None:
        return []
    size = dict(zip(("channels", "height", "width"), images, strict=True))
    return [
        Note(
            "error", "data.E001", node,
            f"The images of the data have {in_words(images)}, but {walked.name(node)} takes"
            f" {in_words(walked.measures[node].shape)}.",
            f"Set {walked.name(node)} to {in_words(images)}, or choose another data set.",
            "Set it", partial(fixes.set_params, walked.document, node, size),
        )
        for node in walked.of_kind("input")
        if node in walked.measures and walked.measures[node].shape != images
    ]  # fmt: skip


def check_heads(walked: Walked, classes: int | None) -> list[Note]:
    """The output wants as many values as the data set has classes, and so does every auxiliary output."""
    outputs = walked.of_kind("output")
    if len(outputs) != 1 or outputs[0] not in walked.measures:
        return []
    output, others = outputs[0], walked.of_kind("auxiliary_output")
    notes = []
    if classes is not None:
        wanted, because = classes, f"The data has {classes} classes"
        notes = _check_head(walked, output, "the output", wanted, because)
    else:
        wanted = walked.measures[output].shape[0]
        because = f"The output gets {wanted:,} scores"
    for other in others:
        if other in walked.measures:
            notes += _check_head(walked, other, walked.name(other), wanted, because)
    return notes


def _check_head(walked: Walked, end: str, name: str, wanted: int, because: str) -> list[Note]:
    shape = walked.measures[end].shape
    if shape == (wanted,):
        return []
    before = walked.wiring.inputs[end][0]
    last = before
    while walked.nodes[last].block == "softmax" and walked.wiring.inputs[last]:
        last = walked.wiring.inputs[last][0]
    message = f"{because}, but {name} gets {in_words(shape)} from {walked.name(before)}."
    if walked.nodes[last].block == "dense" and len(walked.wiring.outputs[last]) == 1:
        label = f"Use {wanted} units"
        fix = partial(fixes.set_params, walked.document, last, {"units": wanted})
        hint = f"Set the units of {walked.name(last)} to {wanted}."
        return [Note("error", "head.E001", end, message, hint, label, fix)]
    label = f"Insert dense {wanted}"
    fix = partial(fixes.insert_before, walked.document, end, "dense", {"units": wanted})
    hint = f"Insert a dense layer with {wanted} units before {name}."
    return [Note("error", "head.E001", end, message, hint, label, fix)]
