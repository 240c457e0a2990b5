"""An experiment: a network and a recipe under a name."""

from __future__ import annotations

from django.db import models

from webapp.identifiers import ID_LENGTH, new_id


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def seen_by(self, guest: str | None) -> ExperimentQuerySet:
        """The one rule of who may see an experiment: its owner."""
        return self.filter(owner=guest) if guest else self.none()


class Experiment(models.Model):
    """What a guest builds and trains. Runs keep frozen copies of network and recipe."""

    id = models.CharField(primary_key=True, max_length=ID_LENGTH, default=new_id, editable=False)
    owner = models.CharField(max_length=64)
    """The guest's id."""
    name = models.CharField(max_length=120)
    notes = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    """Grows with each save; an update that names an older one is refused."""
    network = models.JSONField()
    recipe = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-updated", "id"]
        indexes = [models.Index(fields=["owner", "-updated"], name="experiment_owner_updated")]

    def __str__(self) -> str:
        return self.name
