"""Words that people put on their runs, to find them again."""

from __future__ import annotations

from django.db import models

from webapp.runs.models import Run

TAG_LENGTH = 40
MOST_TAGS = 12
"""On one run."""


class RunTag(models.Model):
    """A tag on a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=TAG_LENGTH)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="run_tag_once")]
        indexes = [models.Index(fields=["name"], name="run_tag_name")]

    def __str__(self) -> str:
        return self.name
