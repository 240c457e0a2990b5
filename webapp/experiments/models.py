"""An experiment: a network and a recipe under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from webapp.identifiers import ID_LENGTH, new_id
from webapp.sharing.models import experiments_shared_with
from webapp.viewers import Viewer


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def seen_by(self, viewer: Viewer) -> ExperimentQuerySet:
        """The one rule of who may open an experiment: its owner; staff, who help and look after the site, any; others
        one that is public, or that a link opens to them."""
        if viewer.staff:
            return self.all()
        shared = experiments_shared_with(viewer)
        return self.filter(shared if viewer.owner is None else Q(owner=viewer.owner) | shared)

    def changed_by(self, viewer: Viewer) -> ExperimentQuerySet:
        """Who may save, train, rename or delete it: its owner. What staff do to others' is done in the administration
        pages, where it is written down."""
        return self.owned_by(viewer)

    def owned_by(self, viewer: Viewer) -> ExperimentQuerySet:
        """The viewer's own, which their lists show."""
        return self.none() if viewer.owner is None else self.filter(owner=viewer.owner)


class Experiment(models.Model):
    """What somebody builds and trains. Runs keep frozen copies of network and recipe."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    owner = models.CharField(max_length=64)
    """A guest's id, or a member's, see webapp.viewers."""
    name = models.CharField(max_length=120)
    notes = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    """Grows with each save; an update that names an older one is refused."""
    network = models.JSONField()
    recipe = models.JSONField()
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks")
    """The experiment that it was made from."""
    parent_version = models.ForeignKey(
        "Version", on_delete=models.SET_NULL, null=True, blank=True, related_name="forks"
    )
    """What of the parent it was made from."""
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-updated", "id"]
        indexes = [models.Index(fields=["owner", "-updated"], name="experiment_owner_updated")]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A save that changed network or recipe. Saves within a short time are one, unless something refers to it."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    """1, 2, 3 … within the experiment."""
    network = models.JSONField()
    recipe = models.JSONField()
    editor = models.CharField(max_length=64, blank=True, default="")
    """Who saved it: an owner's id."""
    note = models.CharField(max_length=200, blank=True, default="")
    what = models.CharField(max_length=300, blank=True, default="")
    """What changed since the version before, in a few words."""
    parameters = models.PositiveBigIntegerField(null=True, blank=True)
    """Null where the network was not whole."""
    macs = models.PositiveBigIntegerField(null=True, blank=True)
    created = models.DateTimeField()
    saved = models.DateTimeField()
    """The last save that became part of it."""

    class Meta:
        ordering = ["experiment", "-number"]
        constraints = [models.UniqueConstraint(fields=["experiment", "number"], name="version_number")]

    def __str__(self) -> str:
        return f"{self.experiment.name}, version {self.number}"
