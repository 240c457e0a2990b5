"""What the report says, in the order in which it is read. The page itself is templates/report.html."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.template.loader import render_to_string
from django.utils import timezone

from playground.analysis import analyse
from playground.datasets import Dataset
from playground.difference import value_words
from playground.fields import FieldSpec, describe
from playground.findings import Analysis
from playground.protocol import Evaluation, WireError, decode
from playground.recipe import Recipe
from playground.recipe_words import recipe_words
from webapp.artifacts.services import weights_of
from webapp.datasets.services import run_dataset
from webapp.exchange.report.curves import chart, run_series, strips
from webapp.exchange.report.drawing import drawing, sides
from webapp.exchange.run_files import document_hash, rates_by_hand, stem
from webapp.experiments.models import Experiment
from webapp.experiments.services import network_read, recipe_read
from webapp.runs.models import Run, RunState
from webapp.runs.views_of import run_alerts
from webapp.telemetry.frames import frames_at
from webapp.viewers import Viewer

STRIPS = (
    ("gradient_rms", "Gradient magnitude of each layer", "Root mean square of the loss's gradient over the layer's "
     "weights; the scale is logarithmic.", True),
    ("update_ratio", "Update ratio of each layer", "Size of a step's change over the size of the weights; about 0.001 "
     "is healthy. The scale is logarithmic.", True),
    ("dead", "Dead units of each layer", "Share of the units that gave zero for every image of the window.", False),
)  # fmt: skip
SPLITS = (("test", "Test images"), ("validation", "Held-out images"), ("train", "Training sample"))
OFF_AT_ZERO = ("target_accuracy", "time_limit", "warmup_steps", "weight_decay", "momentum")
MOST_CLASSES = 40
"""A larger confusion matrix cannot be read on paper."""


def report(run: Run, viewer: Viewer) -> str:
    """HTML, complete; with the experiment's notes for who may open the experiment."""
    network, recipe = network_read(run.network), recipe_read(run.recipe)
    dataset = run_dataset(run)
    analysis = analyse(network, classes=len(dataset.classes), images=dataset.shape, recipe=recipe)
    evaluations = {each.split: (each, table) for each, table in _evaluations(run)}
    context = {
        "run": run,
        "title": f"{run.name}, run {run.number}",
        "made": timezone.now(),
        "state": _state(run),
        "figures": _figures(run, analysis),
        "drawing": drawing(network, analysis),
        "costs": [(name, analysis.nodes[name], sides(analysis.nodes[name].shape or [])) for name in analysis.order],
        "totals": analysis.totals,
        "recipe_words": " ".join(recipe_words(recipe, dataset)),
        "settings": _settings(recipe),
        "charts": _charts(run),
        "strips": [
            (title, words, found)
            for quantity, title, words, logarithmic in STRIPS
            if (found := strips(run, quantity, logarithmic=logarithmic))
        ],
        "evaluations": [(title, evaluations[split][0]) for split, title in SPLITS if split in evaluations],
        "confusion": _confusion(evaluations, dataset),
        "alerts": {alert.id: alert for alert in run_alerts(run)}.values(),  # the last of an id counts
        "reproduce": _reproduce(run, recipe),
        "rates": rates_by_hand(run),
        "notes": run.experiment.notes if _opens(viewer, run) else "",
        "document": document_hash(run),
        "weights": weights_of(run),
        "stem": stem(run),
    }
    return render_to_string("report.html", context)


def _opens(viewer: Viewer, run: Run) -> bool:
    return Experiment.objects.seen_by(viewer).filter(pk=run.experiment_id).exists()


# What was trained, and how it went


def _state(run: Run) -> str:
    """As a sentence."""
    finished = run.finished or {}
    match run.state:
        case RunState.FINISHED:
            return finished.get("words") or "The run came to its end."
        case RunState.STOPPED:
            return f"The run was stopped by its user at step {run.step:,}."
        case RunState.FAILED:
            return f"The run failed. {(run.failed or {}).get('message', '')}"
    return f"The run is still training: this is how it stood at step {run.step:,}."


def _figures(run: Run, analysis: Analysis) -> list[tuple[str, str]]:
    """The numbers at the top; what is not known is left out."""
    finished = run.finished or {}
    validation = finished.get("validation_accuracy") or run.best_validation_accuracy
    seconds = finished.get("seconds")
    found = [
        ("Test accuracy", _share(run.test_accuracy)),
        ("Test loss", _number(finished.get("test_loss"))),
        ("Held-out accuracy", _share(validation)),
        ("Parameters", f"{analysis.totals.parameters:,}"),
        ("Multiply-adds, one image", f"{analysis.totals.macs:,}"),
        ("Steps", f"{run.step:,}"),
        ("Training time", "" if seconds is None else _time(seconds)),
    ]
    return [(name, value) for name, value in found if value]


def _settings(recipe: Recipe) -> list[tuple[str, str]]:
    """Every setting that counted, as the page labels it."""
    values = recipe.model_dump()
    return [
        (spec.label, _setting(spec, values[spec.name]))
        for spec in describe(Recipe)
        if all(str(values[name]) in allowed for name, allowed in spec.when.items())
    ]


def _setting(spec: FieldSpec, value: Any) -> str:
    return "off" if value == 0 and spec.name in OFF_AT_ZERO else value_words(spec, value)


# Curves and evaluation


@dataclass(frozen=True)
class Chart:
    """A picture with its title and what its lines are."""

    title: str
    picture: Any
    lines: list[tuple[str, str]]


def _charts(run: Run) -> list[Chart]:
    found = []
    for quantity, title in (("loss", "Loss"), ("accuracy", "Accuracy")):
        series = run_series(run, quantity)
        if series:
            words = f"{title} over {run.step:,} steps: " + "; ".join(
                f"{each.name} from {each.values[0]:.4g} to {each.values[-1]:.4g}" for each in series if len(each.values)
            )
            picture = chart(series, words, percent=quantity == "accuracy")
            found.append(Chart(title, picture, [(each.look, each.name) for each in series]))
    return found


def _evaluations(run: Run) -> list[tuple[Evaluation, Any]]:
    """The last one of each part, with its confusion [true][said]."""
    found = []
    for record in frames_at(run.pk, kind="evaluation"):
        try:
            message, payload = decode(record, {"evaluation": Evaluation})
        except WireError:
            continue
        if isinstance(message, Evaluation):
            count = message.classes
            table = np.frombuffer(payload, "<i4", count * count).reshape(count, count)
            found.append((message, table))
    return found


@dataclass(frozen=True)
class Cell:
    count: int
    shade: int
    """Per cent of the row's images, for the colour."""
    right: bool


def _confusion(evaluations: dict[str, tuple[Evaluation, Any]], dataset: Dataset) -> dict[str, Any] | None:
    """Rows of true classes; of the test set, else of the held-out part."""
    split = next((split for split in ("test", "validation") if split in evaluations), None)
    if split is None or len(dataset.classes) > MOST_CLASSES:
        return None
    _, table = evaluations[split]
    rows = []
    for truth, counts in enumerate(table.tolist()):
        total = max(1, sum(counts))
        cells = [Cell(count, -(-100 * count // total), truth == said) for said, count in enumerate(counts)]
        rows.append((dataset.classes[truth], cells, counts[truth] / total))
    return {"of": dict(SPLITS)[split].lower(), "classes": dataset.classes, "rows": rows}


# Reproducing it


def _reproduce(run: Run, recipe: Recipe) -> list[tuple[str, str]]:
    started = run.started or {}
    found = [
        ("Seed", str(recipe.seed)),
        ("Document", document_hash(run)),
        ("Run", run.pk),
        ("torch", started.get("torch", "")),
        ("Trained on", started.get("device", "")),
        ("Threads", str(started.get("threads", ""))),
        ("Began", run.created.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    return [(name, value) for name, value in found if value]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
