"""Telemetry as it is stored: columns of numbers in chunks, and pictures of moments in frames."""

from __future__ import annotations

from django.db import models

from webapp.runs.models import Run


class Chunk(models.Model):
    """Up to 512 rows of one stream, column after column. The last of a stream is open and grows."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    attempt = models.PositiveIntegerField()
    stream = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    """0: every row. 1 and 2: minimum and maximum of 64 rows of the level below."""
    part = models.PositiveIntegerField()
    """0, 1, 2 … within stream and level."""
    step0 = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    """Steps of the first and the last row."""
    n = models.PositiveSmallIntegerField()
    columns = models.PositiveIntegerField()
    data = models.BinaryField()
    """uint32 step[n], then float32 [columns][n]; at levels 1 and 2 minimum[columns][n], then maximum[columns][n]."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "attempt", "stream", "level", "part"], name="chunk_place"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.level}/{self.part}"


class Frame(models.Model):
    """A picture of a moment as it came (Maps, Units, Histogram, Evaluation, …), so that a run can be replayed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="frames")
    attempt = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    """The layer; the split of an evaluation."""
    step = models.PositiveBigIntegerField()
    spacing = models.PositiveBigIntegerField(default=0)
    """Steps between kept frames at the time; doubled each time that there are too many."""
    size = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["run", "kind", "key", "step"], name="frame_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at step {self.step}"
