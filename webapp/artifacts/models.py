"""Files that the site keeps, each named by the hash of what is in it: equal files are kept once."""

from __future__ import annotations

from django.db import models

from webapp.runs.models import Run

SHA256_LENGTH = 64


class Artifact(models.Model):
    """A file in the artifact folder; see webapp.artifacts.files."""

    sha256 = models.CharField(primary_key=True, max_length=SHA256_LENGTH)
    size = models.PositiveBigIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]}, {self.size:,} bytes"


class RunArtifact(models.Model):
    """What a file is to a run. A run that is gone on with has its next weights in place of the last."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="artifacts")
    kind = models.CharField(max_length=20)
    """"weights"."""
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="uses")
    lease = models.PositiveIntegerField()
    """Under which it was made."""
    step = models.PositiveBigIntegerField()
    """Updates done."""
    created = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "kind"], name="run_artifact_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.run_id} at step {self.step}"
