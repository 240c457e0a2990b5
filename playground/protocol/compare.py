"""What the page of comparisons reads: several runs held against each other. GET /api/compare

The binary answer is a container: a record of kind "comparison", then "run_rows" of every run and stream.
"""

from __future__ import annotations

from typing import Literal

from playground.protocol.page import RunState
from playground.protocol.telemetry import Column, StreamName
from playground.protocol.wire import Message

__all__ = [
    "MOST_COMPARED", "Cell", "ComparedRow", "ComparedRun", "Comparison", "LayerProfile", "MissingRun", "Profiles",
    "RunProfile", "RunRows", "SeedGroup", "SeedVerdict", "TagCount",
]  # fmt: skip

MOST_COMPARED = 20
"""Runs that are held against each other at once."""


class ComparedRun(Message):
    """One of the runs, in the order asked for; the first is the one that the others are held against."""

    id: str
    letter: str
    """A, B, C … in the order asked for."""
    number: int
    name: str
    experiment: str
    experiment_name: str
    mine: bool
    state: RunState
    created: str
    dataset: str
    seed: int
    step: int
    total_steps: int | None
    steps_per_epoch: int | None
    clock: list[tuple[int, float]]
    """(step, seconds of training up to it), pauses left out; ascending, between them time passes evenly. Empty
    before anything is known."""
    attempts: list[tuple[int, int]]
    """(attempt, first step), as in RunView."""
    parameters: int | None
    macs: int | None
    error: float | None
    """Percent, as in RunPoint."""
    measured_on: Literal["test", "validation"] | None
    difference: str
    """To the first run, in words; empty for the first itself, and where a document can no longer be read."""


class MissingRun(Message):
    """A run that was asked for and cannot be shown."""

    id: str
    message: str


class Cell(Message):
    """What one run has in one row of the table; all None where it has nothing."""

    value: float | None = None
    words: str | None = None
    step: int | None = None
    """At which the value was measured."""


class ComparedRow(Message):
    """A row of the table: a figure, a cost or a setting of every run."""

    id: str
    group: Literal["results", "inside", "cost", "recipe", "network"]
    label: str
    help: str
    """How the figure is defined."""
    kind: Literal["percent", "loss", "magnitude", "count", "seconds", "milliseconds", "words"]
    better: Literal["less", "none"]
    cells: list[Cell]
    """One a run, in the runs' order."""
    same: bool
    """All runs have the same."""


class SeedGroup(Message):
    """Runs that differ in the seed alone."""

    runs: list[str]
    """Ids."""
    name: str
    """Their letters: "A, C and D"."""
    seeds: int
    """Seeds that were measured; a seed that was trained twice counts once."""
    errors: list[float]
    """Percent, one for each of these seeds."""
    mean: float | None
    """Of the errors."""
    low: float | None
    high: float | None
    """Ends of the interval at 95 % (Student's t); None with fewer than two seeds."""


class SeedVerdict(Message):
    """Whether two groups differ by more than their seeds explain (Welch's t, 95 %)."""

    one: int
    other: int
    """Places in Comparison.groups."""
    difference: float | None
    """Points of percent: the mean error of the other less that of the one; None where a side has a single seed."""
    low: float | None
    high: float | None
    claimed: bool
    words: str


class Comparison(Message):
    """All that is said of the chosen runs, but for their curves and layers."""

    kind: Literal["comparison"] = "comparison"
    runs: list[ComparedRun]
    missing: list[MissingRun]
    rows: list[ComparedRow]
    groups: list[SeedGroup]
    verdicts: list[SeedVerdict]
    measured_on: Literal["test", "validation"] | None
    """Of which images the groups' errors are: the test images where every run that finished has seen them."""
    best: dict[Literal["macs", "parameters"], list[str]]
    """The runs that no other beats at their cost, from the cheapest on."""
    headline: str
    """One sentence: the best against the first."""


class RunRows(Message):
    """Rows of one run and stream, in a container. Payload as of Rows."""

    kind: Literal["run_rows"] = "run_rows"
    run: str
    stream: StreamName
    series: list[Column]
    columns: int
    count: int
    level: int
    attempt: int


class LayerProfile(Message):
    """A layer with weights, counted from the input; None where a figure was not measured."""

    id: str
    label: str
    depth: int
    """1 is nearest the input."""
    gradient_rms: float | None
    update_ratio: float | None
    dead: float | None
    """Share of the units of the ReLU behind it that are dead, 0 to 1."""


class RunProfile(Message):
    """The layers of a run at one step."""

    run: str
    step: int | None
    """Of the row that the gradients are of; None where none was measured."""
    layers: list[LayerProfile]


class Profiles(Message):
    """GET /api/compare/profiles"""

    profiles: list[RunProfile]
    missing: list[MissingRun]


class TagCount(Message):
    """A tag of yours and how many of your runs carry it. GET /api/tags"""

    name: str
    runs: int
