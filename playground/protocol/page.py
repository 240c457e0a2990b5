"""What the page reads: the API's answers and the viewer's socket, /ws/runs/{id}/.

Socket: the site sends Snapshot (JSON text), then binary frames: a record of kind "frame" whose payload is a
container of telemetry records, at most one each 100 ms; RunChanged (text) when the run's state changes. The page
sends Credit (text) from its message handler. It opens the socket first, then fetches the history, and drops live
rows it already has.
"""

from __future__ import annotations

from typing import Any, Literal

from playground.datasets import Dataset
from playground.fields import FieldSpec
from playground.protocol.link import Continuation, DatasetCard
from playground.protocol.telemetry import Alert, Event, Failed, Finished, Progress, Started
from playground.protocol.wire import Message

__all__ = [
    "CREDIT_BYTES",
    "Attempt", "Begun", "BlockView", "Credit", "DatasetView", "ExperimentCard", "ExperimentView", "Fetching",
    "Frame", "GuidelineView", "Outlook",
    "Problem", "ProblemBody", "Published", "RunCard", "RunChanged", "RunPoint", "RunState", "RunView", "Snapshot",
    "Takeaway", "WorkerView",
    "ZooCard", "ZooView",
]  # fmt: skip

CREDIT_BYTES = 256 * 1024
"""Bytes of frames a viewer may have unconfirmed before the site merges rather than sends."""

RunState = Literal["queued", "leased", "running", "paused", "finished", "failed", "stopped", "lost"]


class BlockView(Message):
    """A block as the palette and the inspector need it. GET /api/blocks"""

    kind: str
    label: str
    summary: str
    formula: str
    source: str
    category: str
    family: str
    takes: Literal["image", "vector", "any", "nothing"]
    min_inputs: int
    max_inputs: int | None
    has_output: bool
    only_one: bool
    """A network has exactly one: its input and its output."""
    composite: bool
    keywords: list[str]
    fields: list[FieldSpec]


class Published(Message):
    """What the literature says of a network; errors in percent on ImageNet's validation set."""

    parameters: int | None = None
    """Of this very network; where a paper rounds, or counts another network, the remark says so."""
    macs: int | None = None
    top1_error: float | None = None
    top5_error: float | None = None
    evaluation: str = ""
    """How the errors were measured: "10 crops"."""
    source: str = ""
    """Paper and table, or whose measurement it is."""


class ZooCard(Message):
    """A template or published network in a list. GET /api/zoo"""

    name: str
    title: str
    question: str
    """What it lets one find out."""
    source: str
    dataset: str
    parameters: int
    macs: int
    template: bool
    """Offered on the start page."""
    year: int | None = None
    """When it was first shown; its paper may be a year younger."""
    depth: int = 0
    """Layers with weights on the longest path."""
    published: Published | None = None
    single_crop: Published | None = None
    """A second series, all measured alike: torchvision's weights, one centre crop. The counts are of its version."""
    remark: str = ""
    """What to know about its numbers: why others count differently."""
    network: dict[str, Any]


class GuidelineView(Message):
    """Why a notice is given. GET /api/guidelines"""

    id: str
    """The notice's id: filters.W001."""
    title: str
    """As a rule: "Prefer chains of small filters"."""
    why: list[str]
    """Paragraphs."""
    rule: str
    """When exactly the notice appears, with its limits as numbers."""
    source: str
    """Paper and section."""
    lecture: list[str]
    """Items of the lecture on convolutional networks that it stands for: L34."""


class ZooView(ZooCard):
    """GET /api/zoo/{name}; with ?dataset= scaled for that data set."""

    recipe: dict[str, Any]
    changed: str = ""
    """A sentence on what was changed to scale it."""


class DatasetView(Message):
    """GET /api/datasets. `card` is None until a worker has reported the data set.

    The tiles are at /api/datasets/{name}/samples.png
    """

    dataset: Dataset
    card: DatasetCard | None
    gone: bool = False
    """Of a run's data set: its images were deleted, or a folder's have changed since."""


class Fetching(Message):
    """The data that a run waits for is on its way to its worker."""

    title: str
    """Of the data set."""
    bytes: int
    total: int
    stage: Literal["fetching", "preparing"]
    """preparing: everything is there, and is checked and unpacked."""


class Attempt(Message):
    """One try at a run. Rows of an attempt from the next one's first step on are superseded; steps count from 0."""

    attempt: int
    first_step: int


class RunCard(Message):
    """A run in a list."""

    id: str
    number: int
    """1, 2, 3 … within the experiment."""
    experiment: str
    name: str
    state: RunState
    created: str
    """ISO 8601."""
    step: int
    total_steps: int | None
    best_validation_accuracy: float | None
    test_accuracy: float | None
    spark: list[float]
    """About 40 values of the training loss, for a small curve."""
    reason: str | None = None
    """How a run that ended came to its end: Finished.reason; None before, and for one that failed."""
    words: str = ""
    """The same in words, where a rule of the recipe ended it."""
    version: int | None = None
    """The version of its experiment that it froze; None for a run with settings of its own, or an old one."""
    batch: str | None = None
    """The batch it was started in, with its siblings."""


class RunView(RunCard):
    """GET /api/runs/{id}"""

    network: dict[str, Any]
    recipe: dict[str, Any]
    attempt: int
    attempts: list[Attempt]
    waiting_for: str | None
    """For a queued run: its place in the queue, or that no worker is connected and how to start one."""
    worker: str | None
    started: Started | None
    progress: Progress | None
    events: list[Event]
    alerts: list[Alert]
    """As they were told, oldest first: the last of an id counts."""
    finished: Finished | None
    failed: Failed | None
    watched: list[str]
    continued: list[Continuation]
    """Wishes to go on with the run after its end. The recipe is what it was started with; these say what came then."""
    mine: bool
    """This viewer may send commands."""
    about: bool = False
    """This viewer may open its experiment's page."""
    silent: str | None = None
    """Why the network of a run that has ended cannot be asked about an image, for people; None where it can."""
    data: DatasetView | None = None
    """The data set it was started with, where that is somebody's own: its record stays with the run."""
    fetching: Fetching | None = None


class Takeaway(Message):
    """A file that can be made of a run. GET /api/runs/{id}/takeaways"""

    id: str
    group: Literal["network", "numbers", "document"]
    title: str
    use: str
    """What it is for."""
    href: str
    file: str
    """Its name."""
    size: int | None
    """Bytes, where they are known before it is made."""
    fact: str
    """How much is in it, in words; may be empty."""
    blocked: str | None
    """Why it is not there, and the way out; None where it can be had."""


class Outlook(Message):
    """What going on with a run that has ended would do. GET /api/runs/{id}/continuation"""

    blocked: str | None
    """Why it cannot be gone on with, and the way out; None where it can."""
    epochs: int
    """More epochs: as asked, else as many as seem meant. An epoch that was cut short counts as one."""
    most: int
    """The largest number that can be asked for."""
    total_epochs: int
    """Of the whole run then."""
    from_step: int
    """Updates that need not be done again; 0 where the run must begin anew."""
    anew: bool
    """No connected worker has the checkpoint: all is trained again from the first step, which must be agreed to."""
    rate: float
    """Of the first step then."""
    words: list[str]
    """Where it goes on, with which rate, what the stop rules do: a sentence each."""


class RunPoint(Message):
    """What one of your runs cost and how well it did: a dot of the comparison plane, a row of the list of runs.
    GET /api/runs"""

    id: str
    number: int
    name: str
    experiment: str
    experiment_name: str
    """The experiment's name now; the run's own is the one it was started under."""
    dataset: str
    state: RunState
    created: str
    """ISO 8601."""
    parameters: int | None
    """Of the network it was started with; None where that cannot be read any more."""
    macs: int | None
    """Multiply-adds for one image."""
    test_accuracy: float | None
    best_validation_accuracy: float | None
    error: float | None
    """Percent of images whose class was not the most likely; None before anything was measured."""
    measured_on: Literal["test", "validation"] | None
    """Which images that is of: the test images once the run has seen them, till then the held-out ones, at best."""
    step: int
    total_steps: int | None
    seed: int
    tags: list[str]


class ExperimentCard(Message):
    """GET /api/experiments"""

    id: str
    name: str
    updated: str
    network: dict[str, Any]
    dataset: str
    runs: int
    latest: RunCard | None
    forks: int = 0
    """Experiments that were made from it."""


class ExperimentView(Message):
    """GET /api/experiments/{id}"""

    id: str
    name: str
    notes: str
    version: int
    """Grows with each save; an update that names an older one is refused (409): two tabs never overwrite each other."""
    created: str
    updated: str
    network: dict[str, Any]
    recipe: dict[str, Any]
    runs: list[RunCard]
    mine: bool = True
    """This viewer may change it; others have it shared with them, and can fork it."""


class Begun(Message):
    """What was saved and the run of it that was queued. PUT /api/runs/{id}"""

    experiment: ExperimentView
    run: RunView


class WorkerView(Message):
    """A worker, for the chip that says who trains. GET /api/workers"""

    name: str
    device: str
    connected: bool
    busy: int
    slots: int
    datasets: list[str]


class ProblemBody(Message):
    """What is wrong, for people (`message`) and programs (`code`, `path`)."""

    code: str
    message: str
    path: str


class Problem(Message):
    """Every error answer of the API."""

    error: ProblemBody


class Snapshot(Message):
    """First message on the viewer's socket. Rows up to `seq` are in storage already."""

    kind: Literal["snapshot"] = "snapshot"
    run: RunView
    seq: int


class RunChanged(Message):
    """The run's state changed."""

    kind: Literal["run"] = "run"
    run: RunView


class Frame(Message):
    """Binary. Payload: a container of telemetry records. seq: spool number of the last."""

    kind: Literal["frame"] = "frame"
    seq: int
    attempt: int


class Credit(Message):
    """From the page: bytes of binary frames received in all; the site keeps at most 256 kB unconfirmed."""

    kind: Literal["credit"] = "credit"
    bytes: int
