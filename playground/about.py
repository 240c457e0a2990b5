"""What the page of an experiment reads: its past, its relatives, twins and sweeps to make, and differences.

Beside `playground.protocol.page`, which knows no analysis.
"""

from __future__ import annotations

from typing import Any, Literal

from playground.difference import Difference, FieldChange
from playground.difference_drawn import Drawn
from playground.protocol.page import ExperimentView, RunCard
from playground.protocol.wire import Message
from playground.sweep import Setting, SweepField

BatchKind = Literal["twin", "sweep", "seeds"]


class CostView(Message):
    """What a network costs."""

    parameters: int
    macs: int
    """Multiply-adds for one image."""
    depth: int
    """Layers with weights on the longest path."""


class TwinOffer(Message):
    """A twin that can be made with one press. GET /api/experiments/{id}/twins"""

    kind: str
    title: str
    """Of the kind: "Another activation"."""
    asks: str
    """The question that the pair answers."""
    lecture: list[str]
    option: str
    label: str
    """On the button: "Sigmoid everywhere"."""
    name: str
    """What the twin would be called."""
    says: str
    """What changes, in a sentence."""
    fair: str
    """What stays alike, in a sentence."""
    caution: str
    """What to bear in mind, or nothing."""
    before: CostView
    after: CostView


class Relative(Message):
    """Another experiment that this one has to do with."""

    id: str
    name: str


class Fork(Relative):
    """An experiment that was made from this one."""

    created: str
    version: int | None
    """The version it was made from; None where that is kept no more."""
    latest: RunCard | None


class VersionCard(Message):
    """A save of an experiment, in a list. GET /api/experiments/{id}/versions"""

    number: int
    created: str
    saved: str
    """Saves that follow within minutes are one version: when the last of them was made."""
    note: str
    what: str
    """What changed since the version before, in a few words."""
    parameters: int | None
    """None where the network was not whole."""
    macs: int | None
    runs: list[int]
    """Numbers of the runs that froze it."""
    forks: int
    current: bool


class VersionView(VersionCard):
    """GET /api/experiments/{id}/versions/{number}"""

    network: dict[str, Any]
    recipe: dict[str, Any]


class DifferenceSide(Message):
    """One of the two that are compared."""

    experiment: str
    name: str
    version: int
    network: dict[str, Any]
    recipe: dict[str, Any]


class DifferenceView(Message):
    """GET /api/experiments/{id}/difference: one drawing of both networks, and what differs."""

    before: DifferenceSide
    after: DifferenceSide
    difference: Difference
    recipe: list[FieldChange]
    drawing: Drawn
    words: str
    """In a line."""
    blocks: str
    """"3 added, 1 removed, 12 the same"."""


class BatchCard(Message):
    """One press that started several runs."""

    id: str
    kind: BatchKind
    title: str
    created: str
    experiment: str | None
    runs: int
    waiting: int
    """Runs that no worker has begun."""
    live: int
    """Runs that wait or train."""


class BatchRun(RunCard):
    """A run of a batch."""

    settings: list[Setting]
    """What it was given other than its siblings."""


class BatchView(BatchCard):
    """GET /api/batches/{id}"""

    members: list[BatchRun]


class AboutView(Message):
    """GET /api/experiments/{id}/about"""

    experiment: ExperimentView
    notes_html: str
    """The notes, Markdown made to harmless HTML."""
    recipe_words: list[str]
    cost: CostView | None
    """None while the network cannot be measured."""
    problem: str
    """Why the network cannot train, or nothing."""
    parent: Relative | None
    parent_version: int | None
    forks: list[Fork]
    batches: list[BatchCard]
    versions: int


class SweepForm(Message):
    """GET /api/experiments/{id}/sweep"""

    most_runs: int
    most_axes: int
    seed: int
    fields: list[SweepField]


class SweepRun(Message):
    """One run of a sweep that is planned."""

    name: str
    settings: list[Setting]
    parameters: int
    macs: int
    work: int
    """Multiply-adds of its whole training, about."""


class SweepPlan(Message):
    """POST /api/experiments/{id}/sweep: what it makes and costs, and the batch where it was begun."""

    runs: list[SweepRun]
    work: int
    """Multiply-adds in all, about."""
    seconds: float | None
    """One after the other at the pace of an earlier run; None where no run was yet timed."""
    words: list[str]
    """What the figures are, and where the time comes from: a sentence each."""
    batch: BatchCard | None
    problem: str = ""
    """Of a plan that is asked for while it is typed: why there is none, with the way out."""


class Pair(Message):
    """POST /api/experiments/{id}/twins: both runs, of the original first."""

    experiment: str
    """The twin's."""
    batch: BatchCard
    runs: list[RunCard]
