"""The receptive field must be large enough for what is to be seen.

Source: Luo et al., Understanding the Effective Receptive Field in Deep Convolutional Neural Networks, 2016.
"""

from __future__ import annotations

from playground.guidelines.registry import guideline
from playground.notes import Note
from playground.walk import Walked


@guideline
def average_of_small_patches(walked: Walked) -> list[Note]:
    """A global average adds up what each place saw; it cannot put parts together, as a dense layer can."""
    notes = []
    images = [walked.measures[node].shape for node in walked.of_kind("input") if node in walked.measures]
    for node in walked.of_kind("global_avg_pool"):
        if node not in walked.measures or not images:
            continue
        before = walked.wiring.inputs[node][0]
        sizes = [last - first + 1 for first, last, _ in walked.fields[before]]
        if all(2 * seen >= side for seen, side in zip(sizes, images[0][1:], strict=True)):
            continue
        notes.append(
            Note(
                "advice", "sight.W001", before,
                f"A value of {walked.name(before)} sees {sizes[0]}×{sizes[1]} of the image's"
                f" {images[0][1]}×{images[0][2]} pixels, and {walked.name(node)} only averages such patches.",
                "Add 3×3 layers or pool earlier, until it sees at least half of each side.",
            )
        )  # fmt: skip
    return notes
