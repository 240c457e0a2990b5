"""Curves and strips of a run as pictures that stand alone: SVG, and PNG within the page."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from numpy.typing import NDArray
from PIL import Image

from webapp.exchange.metrics import column_names, rows
from webapp.runs.models import Run
from webapp.telemetry.history import declared

WIDTH, HEIGHT = 720, 250
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 12, 30
GROUPS = 240
"""Of steps, at most: a point of a curve is the mean of one."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """A curve. `low` and `high` are the smallest and the largest value that a point stands for."""

    name: str
    look: str
    """Class of the style: "train", "held-out", "sample"."""
    steps: Floats
    values: Floats
    low: Floats | None = None
    high: Floats | None = None


def grouped(run: Run, stream: str, wanted: Iterable[str]) -> tuple[Floats, dict[str, tuple[Floats, Floats, Floats]]]:
    """Mean, smallest and largest value of each wanted column in about GROUPS groups of steps, and each group's step.

    One pass over what is stored; never more than a chunk in memory. What was not measured does not count.
    """
    names = column_names(run, stream)
    chosen = [names.index(name) for name in wanted if name in names]
    last = max(run.step, 1)
    sums, counts = np.zeros((len(chosen), GROUPS)), np.zeros((len(chosen), GROUPS))
    low, high = np.full((len(chosen), GROUPS), np.inf), np.full((len(chosen), GROUPS), -np.inf)
    for part in rows(run, stream):
        at = np.minimum(part.table.steps.astype(np.int64) * GROUPS // (last + 1), GROUPS - 1)
        values = part.table.values[chosen].astype(float)
        for place, series in enumerate(values):
            there = np.isfinite(series)
            np.add.at(sums[place], at[there], series[there])
            np.add.at(counts[place], at[there], 1)
            np.minimum.at(low[place], at[there], series[there])
            np.maximum.at(high[place], at[there], series[there])
    steps = (np.arange(GROUPS) + 0.5) * (last + 1) / GROUPS
    with np.errstate(invalid="ignore"):
        means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return steps, {names[column]: (means[k], low[k], high[k]) for k, column in enumerate(chosen)}


def run_series(run: Run, quantity: str) -> list[Series]:
    """A figure of the whole network: of the batches, of the held-out part and of the training sample."""
    steps, found = grouped(run, "steps", [quantity])
    series = []
    if quantity in found:
        mean, low, high = found[quantity]
        there = np.isfinite(mean)
        series.append(Series("training batches", "train", steps[there], mean[there], low[there], high[there]))
    for stream, name, look in (
        ("validation", "held-out images", "held-out"),
        ("training", "training sample", "sample"),
    ):
        points = list(_points(run, stream, quantity))
        if points:
            series.append(Series(name, look, *(np.array(part, float) for part in zip(*points, strict=True))))
    return series


def _points(run: Run, stream: str, quantity: str) -> Iterable[tuple[float, float]]:
    """Whole passes; samples between two epochs are left out."""
    names = column_names(run, stream)
    if quantity not in names:
        return
    value, sample = names.index(quantity), names.index("sample") if "sample" in names else None
    for part in rows(run, stream):
        for step, row in zip(part.table.steps.tolist(), part.table.values.T.tolist(), strict=True):
            if (sample is None or row[sample] == 0) and row[value] - row[value] == 0:
                yield step, row[value]


def chart(series: Sequence[Series], words: str, *, percent: bool = False) -> SafeString:
    """The curves over the steps, with a scale at the left and below."""
    end = max([1.0, *(each.steps.max() for each in series)])
    tops = [float(np.percentile(each.high if each.high is not None else each.values, 98)) for each in series]
    top = 1.0 if percent else max([*tops, 1e-9]) * 1.05

    def x(step: Floats | float) -> Floats | float:
        return LEFT + step / end * (WIDTH - LEFT - RIGHT)

    def y(value: Floats | float) -> Floats | float:
        return HEIGHT - BOTTOM - np.clip(value / top, 0, 1) * (HEIGHT - TOP - BOTTOM)

    parts: list[SafeString] = []
    for mark in ticks(top):
        label = f"{mark:.0%}" if percent else f"{mark:g}"
        parts.append(
            format_html(
                '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
                LEFT,
                _f(y(mark)),
                WIDTH - RIGHT,
                LEFT - 8,
                _f(y(mark) + 4),
                label,
            )
        )
    for mark in ticks(end):
        parts.append(
            format_html(
                '<text x="{}" y="{}" text-anchor="{}">{}</text>',
                _f(x(mark)),
                HEIGHT - 8,
                "middle" if mark < 0.97 * end else "end",
                f"{mark:,.0f}",
            )
        )
    for each in series:
        if each.low is not None and each.high is not None:
            there = [*zip(x(each.steps), y(each.high), strict=True)]
            back = [*zip(x(each.steps), y(each.low), strict=True)][::-1]
            parts.append(format_html('<path class="band {}" d="M{}z"/>', each.look, _path([*there, *back])))
    for each in series:
        line = [*zip(x(each.steps), y(each.values), strict=True)]
        parts.append(format_html('<path class="line {}" d="M{}"/>', each.look, _path(line)))
        if len(line) <= 60:
            parts += [
                format_html('<circle class="{}" cx="{}" cy="{}" r="2.5"/>', each.look, _f(a), _f(b)) for a, b in line
            ]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, words, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def ticks(end: float) -> list[float]:
    """Round numbers from 0 to the end, about five."""
    raw = end / 5
    size = 10 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if raw <= size * factor)
    return [round(place * step, 10) for place in range(floor(end / step + 1e-9) + 1)]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{_f(a)} {_f(b)}" for a, b in points)


def _f(value: Floats | float) -> str:
    return f"{float(value):.1f}"


# Strips


@dataclass(frozen=True)
class Strips:
    """A quantity of every layer over the steps: a picture with a row for each layer, and its scale."""

    layers: list[str]
    picture: str
    """A data address."""
    low: str
    high: str


RAMP = np.array([(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)], float)
"""Viridis at five places: as light as it is large, for the colour-blind too."""


def strips(run: Run, quantity: str, *, logarithmic: bool) -> Strips | None:
    """None where the run did not measure it."""
    layers = (run.started or {}).get("layers", [])
    labels = {layer["id"]: layer["label"] for layer in layers}
    units = {layer["id"]: layer["units"] for layer in layers}
    for stream in ("steps", "layers"):
        wanted = [each for each in declared(run, stream) if each["quantity"] == quantity]
        if not wanted:
            continue
        _, found = grouped(run, stream, [f"{quantity}/{each['layer']}" for each in wanted])
        table = np.array([mean for mean, _, _ in found.values()])
        table = _filled(table)
        if not np.isfinite(table).any():
            return None
        if logarithmic:
            with np.errstate(divide="ignore"):
                table = np.log10(np.where(table > 0, table, np.nan))
            low, high = floor(np.nanmin(table)), ceil(np.nanmax(table))
            low, words = max(low, high - 8), [_power(max(low, high - 8)), _power(high)]
        else:
            table /= np.array([[units.get(each["layer"]) or 1] for each in wanted])  # a number of units
            low, high, words = 0, 1, ["0%", "100%"]
        share = np.clip((table - low) / max(high - low, 1e-9), 0, 1)
        names = [labels.get(each["layer"], each["layer"]) for each in wanted]
        return Strips(names, _picture(share), *words)
    return None


def _power(exponent: int) -> str:
    """ "10⁻³" """
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _filled(table: Floats) -> Floats:
    """A group without a measurement shows the one before it."""
    for row in table:
        there = np.flatnonzero(np.isfinite(row))
        if there.size:
            row[:] = row[there[np.maximum(np.searchsorted(there, np.arange(row.size), "right") - 1, 0)]]
    return table


def _picture(share: Floats) -> str:
    place = np.nan_to_num(share) * (len(RAMP) - 1)
    colours = np.stack([np.interp(place, np.arange(len(RAMP)), RAMP[:, channel]) for channel in range(3)], axis=-1)
    colours[~np.isfinite(share)] = 128
    out = io.BytesIO()
    Image.fromarray(np.round(colours).astype(np.uint8), "RGB").save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
