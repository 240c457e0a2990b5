"""Data sets of somebody's own, and the records that runs have frozen of them."""

from __future__ import annotations

from django.db import models

from webapp.identifiers import ID_LENGTH, new_id
from webapp.viewers import Viewer


class OwnState(models.TextChoices):
    UPLOADING = "uploading"
    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"


class OwnDatasetQuerySet(models.QuerySet["OwnDataset"]):
    def seen_by(self, viewer: Viewer) -> OwnDatasetQuerySet:
        """Who may see a data set: its owner; one of a folder of the site's machine: everybody."""
        return self.open_to(viewer.owner)

    def open_to(self, owner: str | None) -> OwnDatasetQuerySet:
        """Those that an owner's runs may be trained on."""
        everybodys = models.Q(owner="")
        return self.filter(everybodys | models.Q(owner=owner)) if owner else self.filter(everybodys)

    def changed_by(self, viewer: Viewer) -> OwnDatasetQuerySet:
        """Who may rename or delete one: its owner alone."""
        return self.filter(owner=viewer.owner) if viewer.owner else self.none()

    def ready(self) -> OwnDatasetQuerySet:
        """Those that have a record, which a folder keeps while its changed images are checked anew."""
        return self.exclude(digest="")


class OwnDataset(models.Model):
    """From its first byte on. The images are a file named by the hash of its bytes (datasets.storage)."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    name = models.CharField(max_length=64, unique=True)
    """As a recipe names it: own-<id>, or folder-<name of the folder>."""
    owner = models.CharField(max_length=64, blank=True)
    """The guest's id; empty for a folder that the site's administrator named."""
    title = models.CharField(max_length=60)
    file = models.CharField(max_length=200)
    """Name of the zip or of the folder."""
    folder_stamp = models.CharField(max_length=64, blank=True)
    """What the folder's listing was when it was last checked."""
    state = models.CharField(max_length=10, choices=OwnState.choices, default=OwnState.UPLOADING)
    bytes = models.PositiveBigIntegerField(default=0)
    """Of the zip, as announced; of a folder's files."""
    received = models.PositiveBigIntegerField(default=0)
    options = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    record = models.JSONField(null=True)
    card = models.JSONField(null=True)
    png = models.BinaryField(default=b"")
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    stored_bytes = models.PositiveBigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = OwnDatasetQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "id"]
        indexes = [models.Index(fields=["owner", "-created"], name="own_dataset_owner")]

    def __str__(self) -> str:
        return self.title


class FrozenDataset(models.Model):
    """What a run was started with: the record and the images' hash stay with it, whatever becomes of the data set."""

    run = models.OneToOneField("runs.Run", on_delete=models.CASCADE, primary_key=True, related_name="frozen_dataset")
    name = models.CharField(max_length=64, db_index=True)
    """As the run's recipe names it."""
    record = models.JSONField()
    card = models.JSONField()
    digest = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return str(self.record.get("title", ""))
