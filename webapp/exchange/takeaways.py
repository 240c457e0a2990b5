"""What can be taken of a run, what each file is for, and why one is not there yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db.models import Sum

from playground.protocol import Takeaway
from playground.words import MEGABYTE, counted, megabytes
from webapp.artifacts import files
from webapp.artifacts.models import RunArtifact
from webapp.artifacts.services import weights_of
from webapp.exchange.run_files import stem, trained, weights_size
from webapp.runs import connections
from webapp.runs.models import ENDED, Run, RunState
from webapp.telemetry.history import declared
from webapp.telemetry.models import Chunk

MOST_ONNX_BYTES = 512 * MEGABYTE
"""Of weights: an ONNX file is made in memory."""
NO_CARD = "No worker has told how this data set is normalised. Connect one that has it, and look again."
Group = Literal["network", "numbers", "document"]


@dataclass(frozen=True)
class Offer:
    """A kind of file, whatever the run."""

    id: str
    group: Group
    title: str
    path: str
    """Behind the run's own address."""
    ending: str
    """Of the file's name."""
    use: str


OFFERS = (
    Offer("weights", "network", "Weights", "weights", ".safetensors",
          "The trained tensors as safetensors, named as in the exported PyTorch class."),
    Offer("code", "network", "PyTorch code with the weights", "code", "-pytorch.zip",
          "The network as a class, and code that loads the weights and measures the logged accuracy again."),
    Offer("onnx", "network", "ONNX with the weights", "onnx", ".onnx",
          "For onnxruntime and programs in other languages."),
    Offer("experiment", "document", "Experiment", "experiment.json", "-experiment.json",
          "Network and recipe: `python -m worker train` trains the same curve again, without a site."),
    Offer("report", "document", "Report", "report.html", "-report.html",
          "One page that stands alone and prints: curves, evaluation, drawing, recipe, how to reproduce it."),
    Offer("csv-steps", "numbers", "Every step", "metrics.csv?stream=steps", "-steps.csv",
          "Loss, accuracy, rate and each layer's gradient, as a table for a spreadsheet or pandas."),
    Offer("csv-layers", "numbers", "Layers", "metrics.csv?stream=layers", "-layers.csv",
          "Activations, zeros and dead units of each layer at the steps that were sampled, as a table."),
    Offer("csv-validation", "numbers", "Held-out images", "metrics.csv?stream=validation", "-validation.csv",
          "Loss, accuracy and top-5 error after each epoch, and on samples between, as a table."),
    Offer("csv-training", "numbers", "Training images", "metrics.csv?stream=training", "-training.csv",
          "The same figures of a fixed sample of the training part after each epoch, as a table."),
    Offer("json", "numbers", "All metrics as JSON", "metrics.json", "-metrics.json",
          "Every stream, its columns named by quantity and layer: for programs."),
    Offer("tensorboard", "numbers", "TensorBoard event files", "tensorboard.zip", "-tensorboard.zip",
          "Unpack, then `tensorboard --logdir FOLDER`: beside runs of your own code."),
)  # fmt: skip


def takeaways(run: Run) -> list[Takeaway]:
    """All of them, by group, the most wanted first."""
    kept = weights_of(run)
    no_weights = why_no_weights(run, kept)
    rows = Chunk.objects.filter(run=run, level=0).values_list("stream").annotate(Sum("n")).order_by("stream")
    counts = dict(rows)
    return [_takeaway(run, offer, *_state(run, offer, kept, no_weights, counts)) for offer in OFFERS]


def _takeaway(run: Run, offer: Offer, blocked: str | None, fact: str, size: int | None) -> Takeaway:
    return Takeaway(
        id=offer.id,
        group=offer.group,
        title=offer.title,
        use=offer.use,
        href=f"/api/runs/{run.pk}/{offer.path}",
        file=stem(run) + offer.ending,
        size=size,
        fact=fact,
        blocked=blocked,
    )


def _state(
    run: Run, offer: Offer, kept: RunArtifact | None, no_weights: str | None, counts: Mapping[str, int]
) -> tuple[str | None, str, int | None]:
    """Why it is not there, how much is in it, and its bytes."""
    if offer.group == "network":
        if no_weights or kept is None:
            return no_weights, "", None
        if offer.id == "code":
            return (NO_CARD if trained(run, kept) is None else None), _step(run, kept), None
        if offer.id == "onnx":
            return why_no_onnx(kept), _step(run, kept), None
        return None, _step(run, kept), weights_size(run, kept)
    if offer.id == "experiment":
        return None, "", None
    if not counts:
        return "No step has been trained yet. Wait for the first one.", "", None
    if not offer.id.startswith("csv-"):
        return None, "", None
    stream = offer.id.removeprefix("csv-")
    count, width = counts.get(stream, 0), len(declared(run, stream))
    if not count:
        return "Nothing of this kind has been measured yet. It comes with the end of an epoch.", "", None
    return None, f"{counted(count, 'row', 'rows')} of {counted(width, 'figure', 'figures')}", None


def _step(run: Run, kept: RunArtifact) -> str:
    finished = run.finished or {}
    if finished.get("restored") and kept.step == finished.get("step"):
        return f"step {finished['best_step']:,}, the best epoch"
    return f"step {kept.step:,}"


def why_no_weights(run: Run, kept: RunArtifact | None) -> str | None:
    """Why a run's weights are not here, and the way out; None where they are."""
    if kept is not None:
        there = files.path_of(kept.artifact_id).exists()
        return None if there else "The site's copy of the weights is gone. Train again."
    if run.state not in ENDED:
        return "The run has not ended. The weights come with its end; stop it to have them now."
    if run.state == RunState.FAILED:
        return "A run that failed leaves no weights. Correct it and train again."
    if run.parameters and 4 * run.parameters > settings.WEIGHTS_BYTES:
        most = megabytes(settings.WEIGHTS_BYTES)
        return f"The weights are larger than the {most} that this site keeps. They stay with the worker."
    known = connections.remembers(run.worker_id, run.pk)
    if known:
        return f"On their way from the worker '{run.worker.name if run.worker else ''}'. Wait a moment."
    if known is None and run.worker is not None:
        return f"The worker '{run.worker.name}' that has the weights is not connected. Start it again, or train again."
    return "No worker keeps this run's weights. Train again to have them."


def why_no_onnx(kept: RunArtifact | None) -> str | None:
    """Why the weights are not put into an ONNX file."""
    if kept is None or kept.artifact.size <= MOST_ONNX_BYTES:
        return None
    most = megabytes(MOST_ONNX_BYTES)
    return f"The weights are larger than the {most} that are put into an ONNX file here. Take code and weights."
