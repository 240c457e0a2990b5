"""Runs, the workers that train them, and what happened in them. The run's row is the queue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from webapp.experiments.models import Experiment, Version
from webapp.identifiers import HASH_LENGTH, ID_LENGTH, new_id
from webapp.sharing.models import address_is_enough, experiments_shared_with, runs_by_link
from webapp.viewers import Viewer


class Worker(models.Model):
    """A machine that trains. It dials in with a token, of which only the hash is kept."""

    name = models.CharField(max_length=120, unique=True)
    token_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    hello = models.JSONField(null=True, blank=True)
    """Its last Hello."""
    created = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(null=True, blank=True)
    disabled = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BatchKind(models.TextChoices):
    TWIN = "twin"
    SWEEP = "sweep"
    SEEDS = "seeds"


class BatchQuerySet(models.QuerySet["Batch"]):
    def seen_by(self, viewer: Viewer) -> BatchQuerySet:
        """Who may see a batch: its owner; staff any."""
        return self.all() if viewer.staff else self.changed_by(viewer)

    def changed_by(self, viewer: Viewer) -> BatchQuerySet:
        """Who may cancel it: its owner."""
        return self.filter(owner=viewer.owner) if viewer.owner else self.none()


class Batch(models.Model):
    """One press that started several runs: a pair of twins, a sweep, several seeds."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    owner = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    title = models.CharField(max_length=200)
    experiment = models.ForeignKey(Experiment, on_delete=models.SET_NULL, null=True, blank=True, related_name="batches")
    """The one it was started from."""
    created = models.DateTimeField(auto_now_add=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]
        indexes = [models.Index(fields=["owner", "-created"], name="batch_owner_created")]

    def __str__(self) -> str:
        return self.title


class RunState(models.TextChoices):
    QUEUED = "queued"
    LEASED = "leased"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"


HELD = (RunState.LEASED, RunState.RUNNING, RunState.PAUSED)
"""A worker holds the lease."""
ENDED = (RunState.FINISHED, RunState.FAILED, RunState.STOPPED)
"""Nothing more will be written."""


WHOLE_DOCUMENTS = (
    "experiment__network",
    "experiment__recipe",
    "experiment__notes",
    "version__network",
    "version__recipe",
    "worker__hello",
)
"""Of what a run belongs to, read where somebody asks: the run has frozen its own."""


def _shown(viewer: Viewer) -> Q:
    shared = experiments_shared_with(viewer, "experiment__") | runs_by_link(viewer)
    return shared if viewer.owner is None else Q(experiment__owner=viewer.owner) | shared


class RunQuerySet(models.QuerySet["Run"]):
    def seen_by(self, viewer: Viewer) -> RunQuerySet:
        """Who may see a run: its owner; staff; those whom it is shared with; and whoever has its address, till what
        was shared is taken back. Others' are never listed."""
        rows = self.select_related("experiment", "worker", "version").defer(*WHOLE_DOCUMENTS)
        return rows if viewer.staff else rows.filter(_shown(viewer) | address_is_enough())

    def shown_to(self, viewer: Viewer) -> RunQuerySet:
        """Those of a run's viewers who need no more than who they are, or the link they came by: not its address."""
        return self if viewer.staff else self.filter(_shown(viewer))

    def changed_by(self, viewer: Viewer) -> RunQuerySet:
        """Who may command, rename or delete a run: the owner of its experiment."""
        return self.owned_by(viewer).select_related("experiment", "worker")

    def owned_by(self, viewer: Viewer) -> RunQuerySet:
        """The viewer's own, which their lists show."""
        return self.none() if viewer.owner is None else self.filter(experiment__owner=viewer.owner)

    def waiting(self) -> RunQuerySet:
        """The queue, first come first; webapp.runs.turns says in what order it is served."""
        return self.filter(state__in=(RunState.QUEUED, RunState.LOST)).order_by("queued", "id")


class Run(models.Model):
    """One training of a frozen copy of an experiment's network and recipe."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    """1, 2, 3 … within the experiment."""
    name = models.CharField(max_length=120)
    network = models.JSONField()
    recipe = models.JSONField()
    parameters = models.PositiveBigIntegerField(null=True, blank=True)
    """Of the frozen network, counted when the run is made; null where an old document could not be read."""
    macs = models.PositiveBigIntegerField(null=True, blank=True)
    """Multiply-adds for one image, likewise."""
    version = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    """What it froze; null for a run of a sweep, which has settings of its own, and for one from before versions."""
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    varied = models.JSONField(default=list, blank=True)
    """What a run of a sweep was given other than its siblings, playground.sweep.Setting."""
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True, blank=True)

    continued = models.JSONField(default=list, blank=True)
    """Wishes to go on with the run after its end, protocol.Continuation with the attempt that follows each: the recipe
    stays as it was frozen."""

    # the queue
    queued = models.DateTimeField(default=timezone.now)
    """When it was put into the queue by its owner; a run that broke off keeps its place."""
    keeper = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="kept_runs")
    """While it waits to be gone on with: the worker that has its checkpoint, and alone may take it."""
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    attempts_without_progress = models.PositiveIntegerField(default=0)
    """Leases that ended before a new checkpoint; a checkpoint sets it back to 0."""
    lease = models.PositiveIntegerField(default=0)
    """Fencing number: grows with every lease; writes that carry an old one are refused."""
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    lease_expires = models.DateTimeField(null=True, blank=True)
    cursor = models.PositiveBigIntegerField(default=0)
    """Spool number of the last record stored under this lease."""
    stop_requested = models.BooleanField(default=False)

    # what it told last, for lists and for who joins late
    step = models.PositiveBigIntegerField(default=0)
    total_steps = models.PositiveBigIntegerField(null=True, blank=True)
    best_validation_accuracy = models.FloatField(null=True, blank=True)
    test_accuracy = models.FloatField(null=True, blank=True)
    started = models.JSONField(null=True, blank=True)
    progress = models.JSONField(null=True, blank=True)
    finished = models.JSONField(null=True, blank=True)
    failed = models.JSONField(null=True, blank=True)
    attempts = models.JSONField(default=list, blank=True)
    """[{"attempt": 1, "first_step": 0}, …]"""
    watched = models.JSONField(default=list, blank=True)
    """Layers whose feature maps are wanted."""
    spark = models.JSONField(default=dict, blank=True)
    """A small curve of the training loss, see telemetry.spark."""

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["experiment", "-number"]
        constraints = [models.UniqueConstraint(fields=["experiment", "number"], name="run_number")]
        indexes = [
            models.Index(fields=["state", "queued"], name="run_queue"),
            models.Index(fields=["state", "lease_expires"], name="run_leases"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def waits_to_go_on(self) -> bool:
        """It had ended, is to be gone on with, and no worker has begun."""
        return bool(self.continued) and self.attempt < self.continued[-1]["attempt"]


class RunEvent(models.Model):
    """A moment of a run: started, event, alert, finished, failed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="run_events")
    attempt = models.PositiveIntegerField()
    step = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    data = models.JSONField()
    """The message as the worker sent it."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["run", "kind"], name="run_event_kind")]

    def __str__(self) -> str:
        return f"{self.kind} at step {self.step}"


class RunOrder(models.Model):
    """A command that its job has not yet been handed. The id is its number: a job takes each number once."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="orders")
    command = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.command.get('kind')} for {self.run_id}"


class DatasetCardRow(models.Model):
    """What a worker reported about a data set: counts, and a picture of some images of every class."""

    name = models.CharField(primary_key=True, max_length=64)
    card = models.JSONField()
    png = models.BinaryField()
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
