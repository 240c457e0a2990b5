"""How much of a signal reaches the end of a stack of filters that see padding on small images.

Weights are drawn for values at every tap. On a single pixel eight of the nine taps of a 3×3 filter meet zeros, so the
variance falls to a ninth and the signal to a third, in each layer; the gradient falls alike on its way back. Batch norm
mends that; a deep network without it does not learn.
"""

from __future__ import annotations

from math import prod, sqrt
from typing import Any

from playground.analysis import Analysis
from playground.settings import make_block


def kept(document: dict[str, Any], analysis: Analysis) -> dict[str, float]:
    """For each plain convolution, the share of its signal's size that padding leaves; 1 where nothing is padded."""
    return {
        node["id"]: _kept(node["params"], analysis.nodes[node["id"]].inputs[0], analysis.nodes[node["id"]].shape or [])
        for node in document["nodes"]
        if node["block"] == "conv2d" and analysis.nodes[node["id"]].shape
    }


def _kept(params: dict[str, Any], image: list[int], output: list[int]) -> float:
    window = make_block("conv2d", params).window(tuple(image))
    axes = zip(image[1:], output[1:], window.size, window.stride, window.padding, strict=True)
    return sqrt(prod(_share_inside(*axis) for axis in axes))


def _share_inside(side: int, places: int, size: int, stride: int, padding: int) -> float:
    """Of the taps along one direction, the mean share that lies on the image."""
    starts = [place * stride - padding for place in range(places)]
    return sum(min(start + size, side) - max(start, 0) for start in starts) / (size * places)
