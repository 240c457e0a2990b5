"""The receptive field must be large enough for what is to be seen."""

from __future__ import annotations

from functools import partial
from itertools import count

from playground import fixes
from playground.blocks.convolution import Conv2d
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.notes import Note
from playground.receptive_field import Field, of_window, union
from playground.settings import SettingError, make_block
from playground.shapes import both
from playground.walk import Walked

SHARES = {"global_avg_pool": 1 / 2, "flatten": 1 / 4}
"""Of each side of the image: what must be seen before values are averaged, and before a dense layer joins them."""


@guideline(
    page(
        id="sight.W001",
        title="See enough of the image",
        why="""
        A value of a convolution depends on a patch of the image, its receptive field. It grows by kernel − 1 with
        each layer, times all strides before it: small filters see far only through depth and through shrinking.

        A global average only adds up what each place has seen. If that is a stroke and never a digit, the network can
        count strokes and not put them together. A dense layer can, but only for each place on its own.

        More layers, a pool earlier, or gaps between the taps of the filters (dilation) let it see more. Dilations
        that double from layer to layer, 1, 2, 4, 8, reach far without one parameter or multiply-add more. The part of
        the field that really counts is smaller than the whole: it looks like a bell around the centre.
        """,
        rule="""
        What feeds a global average sees less than half of a side of the image, or the last image before flatten,
        which a convolution has made, less than a quarter. The press doubles the dilation of 3×3 and larger filters
        from layer to layer, as far as needed.
        """,
        source="""
        Luo et al., Understanding the Effective Receptive Field in Deep Convolutional Neural Networks, 2016; Yu and
        Koltun, Multi-Scale Context Aggregation by Dilated Convolutions, 2016
        """,
        lecture=["L33"],
    ),
)
def small_patches(walked: Walked) -> list[Note]:
    """A global average adds up what each place saw; it cannot put parts together."""
    images = [walked.measures[node].shape for node in walked.of_kind("input") if node in walked.measures]
    if not images or len(images[0]) != 3:
        return []
    notes = []
    for kind, share in SHARES.items():
        for node in walked.of_kind(kind):
            before = walked.wiring.inputs[node][0] if node in walked.measures else ""
            if before not in walked.measures or len(walked.measures[before].shape) != 3:
                continue
            filtered = kind == "global_avg_pool" or walked.depths[before] > 0
            if not filtered or _sees(walked.fields[before], images[0], share):
                continue
            seen = [last - first + 1 for first, last, _ in walked.fields[before]]
            patches = "only averages such patches" if kind == "global_avg_pool" else "lays such patches side by side"
            note = Note(
                "advice", "sight.W001", before,
                f"A value of {walked.name(before)} sees {seen[0]}×{seen[1]} of the image's"
                f" {images[0][1]}×{images[0][2]} pixels, and {walked.name(node)} {patches}.",
                f"Add 3×3 layers or pool earlier, until it sees at least {'half' if share == 1 / 2 else 'a quarter'} of"
                " each side.",
            )  # fmt: skip
            notes.append(_with_way_out(walked, note, images[0], share))
    return notes


def _sees(field: Field, image: tuple[int, ...], share: float) -> bool:
    return all(last - first + 1 >= share * side for (first, last, _), side in zip(field, image[1:], strict=True))


def _with_way_out(walked: Walked, note: Note, image: tuple[int, ...], share: float) -> Note:
    row = _spreadable(walked, note.node or "")
    for most in count(1):
        if most >= len(row):
            return note
        dilations = {node: 2 ** min(place, most) for place, node in enumerate(row)}
        field = _field_with(walked, note.node or "", dilations)
        if field is None:
            return note
        if _sees(field, image, share):
            seen = [last - first + 1 for first, last, _ in field]
            steps = ", ".join(str(each) for each in dilations.values())
            return note._replace(
                hint=f"{note.hint} Or spread the filters: with dilation {steps} it sees {seen[0]}×{seen[1]} at the same"
                " cost.",
                fix_label="Spread the filters", fix=partial(_spread, walked.document, dilations),
            )  # fmt: skip
    return note


def _spreadable(walked: Walked, end: str) -> list[str]:
    """Convolutions before it, from the image on, that keep their image's size, and still would with dilation."""
    before = walked.wiring.reachable(end, forward=False)
    return [
        node
        for node in walked.wiring.order
        if node in before and node in walked.measures and _keeps_size(walked.measures[node].block)
    ]


def _keeps_size(block: object) -> bool:
    if not isinstance(block, Conv2d) or both(block.dilation) != (1, 1) or both(block.stride) != (1, 1):
        return False
    sizes = both(block.kernel_size)
    padded = block.padding == "same" or both(block.padding) == tuple(size // 2 for size in sizes)
    return padded and min(sizes) >= 3 and all(size % 2 for size in sizes)


def _field_with(walked: Walked, end: str, dilations: dict[str, int]) -> Field | None:
    """What `end` would see; None where a dilation is more than a block takes or its outer taps would see no pixel."""
    fields = dict(walked.fields)
    before = walked.wiring.reachable(end, forward=False)
    for node in walked.wiring.order:
        inputs = walked.inputs(node)
        if node not in before or not inputs:
            continue
        own = walked.measures[node].field
        if node in dilations:
            try:
                block = make_block(walked.nodes[node].block, {**walked.nodes[node].params, **_gaps(dilations[node])})
            except SettingError:
                return None
            window = block.window(*inputs)
            reach = [(size - 1) * dilations[node] for size in window.size]
            if any(taps >= 2 * side for taps, side in zip(reach, inputs[0][1:], strict=True)):
                return None
            own = of_window(window, inputs[0])
        fields[node] = union([fields[source] for source in walked.wiring.inputs[node]], inputs[0]).after(own)
    return fields[end]


def _gaps(dilation: int) -> dict[str, object]:
    return {"dilation": dilation, "padding": "same"}


def _spread(document: Document, dilations: dict[str, int]) -> Document:
    for node, dilation in dilations.items():
        if dilation > 1:
            document = fixes.set_params(document, node, _gaps(dilation))
    return document
