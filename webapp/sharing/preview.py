"""The picture that other programs show of a link, 1200×630: the drawing of the network and its training's curve."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Sequence
from math import log2
from threading import Lock

from PIL import Image, ImageDraw

from playground.analysis import analyse
from playground.blocks import CATALOGUE
from playground.datasets import Dataset
from playground.findings import Analysis
from playground.network import Network
from webapp.datasets.services import record_found
from webapp.exchange.report.curves import ticks
from webapp.exchange.report.drawing import lanes
from webapp.experiments.models import Experiment
from webapp.experiments.services import network_read
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.runs.views_of import run_cards
from webapp.sharing import lettering
from webapp.sharing.curves import Curve, held_out_of, loss_of
from webapp.sharing.views_of import newest, parameters_of, run_title

SIZE = (1200, 630)
LOOK = 2
"""Grows when the picture looks otherwise, so that nobody keeps an old one."""
SCALE = 2
"""It is drawn larger and made smaller, for smooth edges."""
KEPT = 64

PAPER, INK, FAINT, LINE, WIRE, EDGE = "#f4f0e8", "#1f1c18", "#665f53", "#ded6c8", "#6e6558", "#3a342b"
ACCENT, HELD = "#17588a", "#a84b15"
FAMILIES = {
    "data": "#d8cfbf",
    "conv": "#e3c583",
    "pool": "#d9a597",
    "join": "#b3beca",
    "dense": "#9bc3bb",
    "activation": "#bcc89a",
    "steadying": "#cbb9cf",
}
"""As the page draws them, in its light theme."""
LEFT, RIGHT = 60, 1140
DRAWING = (150, 330)
"""Top and bottom of the drawing; the curve has CURVE."""
CURVE = (390, 560)

Pen = ImageDraw.ImageDraw

_kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_lock = Lock()


def preview_of(state: tuple[object, ...], experiment: Experiment, run: Run | None) -> bytes:
    """PNG; kept while the state that it shows stays the same."""
    with _lock:
        if state in _kept:
            _kept.move_to_end(state)
            return _kept[state]
    made = picture(experiment, run or newest(experiment))
    with _lock:
        _kept[state] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def words_of(experiment: Experiment, run: Run | None) -> tuple[str, str, str]:
    """Title, a sentence, and what the picture shows: only what is true of it now."""
    shown = run or newest(experiment)
    name = run.name if run else experiment.name
    dataset, parameters = _dataset(shown or experiment), parameters_of(experiment, shown)
    card = run_cards(Run.objects.filter(pk=shown.pk))[0] if shown else None
    title = f"{name}, run {run.number}" if run else name
    facts = []
    if parameters:
        facts.append(f"{parameters:,} parameters")
    if dataset:
        facts.append(f"on {dataset.title}")
    if card:
        facts.append(run_title(card))
        facts += _figures(card.test_accuracy, card.best_validation_accuracy)
    description = f"A convolutional network: {', '.join(facts)}." if facts else "A convolutional network to look at."
    alt = f"Drawing of the network {name}"
    if card and card.spark:
        alt += f", and the training loss of run {card.number} up to step {card.step:,}"
    elif card:
        alt += f"; run {card.number} has told no loss yet"
    else:
        alt += "; it was not trained yet"
    return title, description, f"{alt}."


def _dataset(of: Run | Experiment) -> Dataset | None:
    """Its data set, though its recipe be of an age that is not read any more."""
    return record_found(str(of.recipe.get("dataset", "")))


def _figures(test: float | None, held: float | None) -> list[str]:
    if test is not None:
        return [f"{test:.1%} of the test images right"]
    return [] if held is None else [f"{held:.1%} of the held-out images right at best"]


def picture(experiment: Experiment, run: Run | None) -> bytes:
    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    pen = ImageDraw.Draw(image)
    dataset = _dataset(run or experiment)
    title = lettering.drawable(run.name if run else experiment.name) or "A convolutional network"
    _text(pen, LEFT, 40, _cut(title, 48, RIGHT - LEFT, serif=True), 48, INK, serif=True)
    _text(
        pen,
        LEFT,
        104,
        _cut(_subtitle(run, lettering.drawable(dataset.title) if dataset else ""), 24, RIGHT - LEFT),
        24,
        FAINT,
    )
    try:
        network = network_read(run.network if run else experiment.network)
    except Refusal:
        network = Network(nodes=[], edges=[])
    analysis = analyse(network, classes=len(dataset.classes), images=dataset.shape) if dataset else analyse(network)
    _network(pen, network, analysis)
    _curves(pen, loss_of(run) if run else ([], []), held_out_of(run) if run else ([], []))
    _text(pen, LEFT, 588, "CNN playground", 20, FAINT)
    out = io.BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _subtitle(run: Run | None, dataset: str) -> str:
    if run is None:
        return " · ".join(filter(None, (dataset, "not trained yet")))
    card = run_cards(Run.objects.filter(pk=run.pk))[0]
    return " · ".join(
        filter(None, (dataset, run_title(card), *_figures(card.test_accuracy, card.best_validation_accuracy)))
    )


# The network, from left to right


def _network(pen: Pen, network: Network, analysis: Analysis) -> None:
    top, bottom = DRAWING
    places = _places(network, analysis)
    if not places:
        _text(pen, LEFT, (top + bottom) / 2 - 14, "No blocks yet", 24, FAINT)
        return
    room = (RIGHT - LEFT) / (max(places.values()) + 1)
    middle = (top + bottom) / 2 + 10

    def x(place: int) -> float:
        return LEFT + room * (place + 0.5)

    edges = [(places[edge.source], places[edge.target]) for edge in network.edges if edge.source in places]
    edges = [(start, end) for start, end in edges if start != end]
    for (start, end), lane in zip(edges, lanes(edges), strict=True):
        points = [(x(start), middle), (x(end), middle)]
        if lane:
            height = top + 14 - 9 * min(lane, 3)
            points = [(x(start), middle), (x(start), height), (x(end), height), (x(end), middle)]
        pen.line([(a * SCALE, b * SCALE) for a, b in points], fill=WIRE, width=2 * SCALE)
    shapes = [found.shape for found in analysis.nodes.values() if found.shape and len(found.shape) > 1]
    largest = max(map(_face, shapes), default=1.0)
    scale = min(1.0, room * 0.62 / largest)  # of all alike, so that they can be held against each other
    corners: dict[int, tuple[float, float]] = {}
    for name, place in places.items():
        found = analysis.nodes[name]
        block = CATALOGUE.get(found.block)
        family = block.family if block else "data"
        if family == "activation" and place in corners:
            _mark(pen, *corners[place], FAMILIES[family])
        else:
            corners[place] = _slab(pen, x(place), middle, found.shape or [], family, room, scale)


def _places(network: Network, analysis: Analysis) -> dict[str, int]:
    """From left to right in the order of the data; an activation belongs to the block that it follows."""
    sources: dict[str, list[str]] = {}
    for edge in network.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    places: dict[str, int] = {}
    free = 0
    for name in analysis.order:
        block = CATALOGUE.get(analysis.nodes[name].block)
        before = sources.get(name, [])
        if block and block.family == "activation" and len(before) == 1 and before[0] in places:
            places[name] = places[before[0]]
        else:
            places[name], free = free, free + 1
    return places


def _face(shape: Sequence[int]) -> float:
    return 14 + 15 * log2(max(1, *shape[1:]))


def _slab(
    pen: Pen, x: float, middle: float, shape: Sequence[int], family: str, room: float, scale: float
) -> tuple[float, float]:
    """The face as large as its images, the depth by its channels, both by their logarithms; a vector is a column.

    Gives the lower right corner of the face.
    """
    if len(shape) > 1:
        width = height = max(3.0, _face(shape) * scale)
        depth = (3 + 2.2 * log2(max(1, shape[0]))) * min(1.0, room * 0.3 / 25)
    else:
        width, height = min(16, room * 0.5), min(20 + 15 * log2(max(1, shape[0] if shape else 1)), 130)
        depth = min(6, room * 0.2)
    width, rise = max(width, 2.0), depth * 0.6
    left, up = x - (width + depth) / 2, middle - (height - rise) / 2
    colour = FAMILIES.get(family, FAMILIES["data"])
    lid = [(left, up), (left + depth, up - rise), (left + width + depth, up - rise), (left + width, up)]
    flank = [
        (left + width, up),
        (left + width + depth, up - rise),
        (left + width + depth, up - rise + height),
        (left + width, up + height),
    ]
    face = [(left, up), (left + width, up), (left + width, up + height), (left, up + height)]
    for points, shade in ((lid, 0.35), (flank, -0.18), (face, 0.0)):
        pen.polygon([(a * SCALE, b * SCALE) for a, b in points], fill=_shaded(colour, shade), outline=EDGE, width=SCALE)
    return left + width, up + height


def _mark(pen: Pen, right: float, bottom: float, colour: str) -> None:
    """An activation, in the corner of its block."""
    box = [v * SCALE for v in (right - 13, bottom - 13, right, bottom)]
    pen.rectangle(box, fill=colour, outline=EDGE, width=SCALE)


def _shaded(colour: str, by: float) -> tuple[int, int, int]:
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    goal = 255 if by > 0 else 0
    red, green, blue = (round(part + (goal - part) * abs(by)) for part in parts)
    return red, green, blue


# The curves


def _curves(pen: Pen, loss: Curve, held: Curve) -> None:
    top, bottom = CURVE
    left = LEFT + 44
    if len(loss[0]) < 2:
        _text(
            pen, LEFT, (top + bottom) / 2 - 14, "No curve yet: it comes with the first steps of a training.", 24, FAINT
        )
        return
    end = max([loss[0][-1], *held[0]])
    most = max(loss[1]) * 1.05 or 1.0
    for mark in ticks(most):
        y = bottom - mark / most * (bottom - top)
        pen.line([v * SCALE for v in (left, y, RIGHT, y)], fill=LINE, width=SCALE)
        _text(pen, left - 10, y - 10, f"{mark:g}", 18, FAINT, right=True)

    def place(step: float, share: float) -> tuple[float, float]:
        return left + step / end * (RIGHT - left), bottom - share * (bottom - top)

    _line(pen, [place(step, value / most) for step, value in zip(*loss, strict=True)], ACCENT)
    _text(pen, left, top - 30, "Training loss", 20, ACCENT)
    if held[0]:
        _line(pen, [place(step, value) for step, value in zip(*held, strict=True)], HELD)
        _text(pen, RIGHT, top - 30, f"Held-out accuracy, {held[1][-1]:.1%} at the end", 20, HELD, right=True)
    _text(pen, RIGHT, bottom + 10, f"step {end:,.0f}", 18, FAINT, right=True)


def _line(pen: Pen, points: Sequence[tuple[float, float]], colour: str) -> None:
    pen.line([(x * SCALE, y * SCALE) for x, y in points], fill=colour, width=3 * SCALE, joint="curve")
    x, y = points[-1]
    pen.ellipse([(x - 5) * SCALE, (y - 5) * SCALE, (x + 5) * SCALE, (y + 5) * SCALE], fill=colour)


def _text(
    pen: Pen, x: float, y: float, words: str, size: int, colour: str, *, right: bool = False, serif: bool = False
) -> None:
    size *= SCALE
    left = x * SCALE - (lettering.width(words, size, serif=serif) if right else 0)
    lettering.draw(pen, left, y * SCALE, words, size, colour, serif=serif)


def _cut(words: str, size: int, room: float, *, serif: bool = False) -> str:
    """As much as there is room for."""
    size, room = size * SCALE, room * SCALE
    if lettering.width(words, size, serif=serif) <= room:
        return words
    while words and lettering.width(words + "…", size, serif=serif) > room:
        words = words[:-1]
    return words.rstrip() + "…"
