"""The network as a drawing: a row for each block, from the input down, with the wires beside them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from playground.blocks import CATALOGUE
from playground.findings import Analysis
from playground.network import Network

ROW, WIDTH, HEAD = 36, 720, 26
MIDDLE = 140
"""Where the volumes stand; the wires that pass blocks by are left of it."""
LANE = 8
TEXT, SHAPE, BAR, LONGEST = 205, 380, 480, 120
"""Where the name, the shape and the bar of the multiply-adds begin, and the bar's length."""
MOST_LANES = 10


def drawing(network: Network, analysis: Analysis) -> SafeString:
    """An SVG element that stands alone; colours come from the page around it."""
    places = {name: place for place, name in enumerate(analysis.order)}
    edges = [(places[edge.source], places[edge.target]) for edge in network.edges]
    height = HEAD + ROW * len(places) + 8
    most = max((node.macs for node in analysis.nodes.values()), default=0)
    parts = [
        format_html('<text class="shape" x="{}" y="16">output</text>', SHAPE),
        format_html('<text class="shape" x="{}" y="16">multiply-adds</text>', BAR),
        *(_wire(start, end, lane) for (start, end), lane in zip(edges, lanes(edges), strict=True)),
        *(_block(place, name, analysis, most) for name, place in places.items()),
    ]
    words = (
        f"{len(places)} blocks from the input at the top to the output at the bottom; the table of costs names them."
    )
    return format_html(
        '<svg class="drawing" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        WIDTH, height, WIDTH, height, words, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def lanes(edges: Sequence[tuple[int, int]]) -> list[int]:
    """For each wire how far left it runs: 0 to the next row, else the nearest lane that is free along its rows."""
    busy: list[list[tuple[int, int]]] = []
    found = dict.fromkeys(edges, 0)
    for edge in sorted((edge for edge in found if edge[1] - edge[0] != 1), key=lambda edge: edge[1] - edge[0]):
        free = (lane for lane, taken in enumerate(busy) if all(_apart(edge, other) for other in taken))
        lane = next(free, len(busy))
        if lane == len(busy):
            busy.append([])
        busy[lane].append(edge)
        found[edge] = lane + 1
    return [found[edge] for edge in edges]


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] <= other[0] or one[0] >= other[1]


def _middle(place: int) -> float:
    return HEAD + 4 + ROW * (place + 0.5)


def _wire(start: int, end: int, lane: int) -> SafeString:
    top, bottom = _middle(start), _middle(end)
    if not lane:
        return format_html('<path class="wire" d="M{} {}V{}"/>', MIDDLE, top, bottom)
    left = MIDDLE - 46 - LANE * min(lane, MOST_LANES)
    path = f"M{MIDDLE} {top}H{left + 7}q-7 0 -7 7V{bottom - 7}q0 7 7 7H{MIDDLE}"
    return format_html('<path class="wire" d="{}"/>', path)


def _block(place: int, name: str, analysis: Analysis, most: int) -> SafeString:
    found = analysis.nodes[name]
    block = CATALOGUE.get(found.block)
    family = block.family if block else "data"
    middle, shape = _middle(place), found.shape or []
    line = middle + 4.5
    length = round(LONGEST * found.macs / max(1, most), 1)
    bar = format_html(
        '<rect class="bar" x="{}" y="{}" width="{}" height="8"/><text class="shape" x="{}" y="{}">{}</text>',
        BAR, middle - 4, max(1, length), BAR + length + 6, line, f"{found.macs:,}",
    ) if found.macs else ""  # fmt: skip
    return format_html(
        '{}<text x="{}" y="{}">{}</text><text class="shape" x="{}" y="{}">{}</text>{}',
        _volume(shape, family, middle), TEXT, line, found.label, SHAPE, line, sides(shape), bar,
    )  # fmt: skip


def _volume(shape: Sequence[int], family: str, middle: float) -> SafeString:
    """The output as a slab: as wide as it has channels, as high as its images, both by their logarithms."""
    channels, side = (shape[0], max(shape[1:], default=1)) if shape else (1, 1)
    width = round(9 + 7 * log2(max(1, channels)), 1)
    height = round(6 + 3.2 * log2(max(1, side)), 1)
    depth = round(min(6.0, height / 3), 1)
    left, top = round(MIDDLE - width / 2, 1), round(middle - height / 2 + depth / 2, 1)
    lid = f"M{left} {top}l{depth} {-depth}h{width}l{-depth} {depth}z"
    flank = f"M{left + width} {top}l{depth} {-depth}v{height}l{-depth} {depth}z"
    return format_html(
        '<g class="volume {}"><rect x="{}" y="{}" width="{}" height="{}"/><path d="{}"/><path d="{}"/></g>',
        family, left, top, width, height, lid, flank,
    )  # fmt: skip


def sides(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "–"
