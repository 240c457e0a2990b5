"""The table of a comparison: figures, costs, settings and networks of every run, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from playground.difference import RECIPE_FIELDS, value_words
from playground.protocol import Cell, ComparedRow
from webapp.compare.figures import LAST_BATCHES, Figures
from webapp.runs.models import Run

Kind = Literal["percent", "loss", "magnitude", "count", "seconds", "milliseconds", "words"]
Group = Literal["results", "inside", "cost", "recipe", "network"]


@dataclass(frozen=True)
class Quantity:
    """A row of numbers; less of it is better, or neither is."""

    id: str
    group: Group
    label: str
    kind: Kind
    help: str
    better: Literal["less", "none"] = "less"


WHOLE_OR_SAMPLE = "On all held-out images; on a sample of them where they were never measured whole."
BATCHES = f"Mean over the last {LAST_BATCHES} batches."
QUANTITIES = (
    Quantity("test_error", "results", "Test error", "percent", "Of test images: the likeliest class is wrong."),
    Quantity("test_top5", "results", "Test top-5 error", "percent", "The class is not among the five likeliest."),
    Quantity("held_out_error_best", "results", "Held-out error, best", "percent", WHOLE_OR_SAMPLE),
    Quantity("held_out_error", "results", "Held-out error, end", "percent", WHOLE_OR_SAMPLE),
    Quantity("training_error", "results", "Training error, end", "percent", BATCHES),
    Quantity("test_loss", "results", "Test loss", "loss", "Cross-entropy, natural logarithm."),
    Quantity("held_out_loss_best", "results", "Held-out loss, best", "loss", WHOLE_OR_SAMPLE),
    Quantity("held_out_loss", "results", "Held-out loss, end", "loss", WHOLE_OR_SAMPLE),
    Quantity("training_loss", "results", "Training loss, end", "loss", BATCHES),
    Quantity(
        "gradient_first", "inside", "Gradient, layer 1", "magnitude",
        "Root mean square of dL/dW over the weights of the layer nearest the input, at the end.", "none",
    ),
    Quantity(
        "gradient_ratio", "inside", "Gradient, first over last", "magnitude",
        "That of the first layer over that of the last: far below 1 where gradients vanish on their way.", "none",
    ),
    Quantity("dead", "inside", "Dead units, worst layer", "percent", "Units that gave zero for every image of late."),
    Quantity("parameters", "cost", "Parameters", "count", "Of the network that the run was started with."),
    Quantity("macs", "cost", "Multiply-adds", "count", "For one image; a multiply-add counts 1."),
    Quantity("seconds", "cost", "Training time", "seconds", "Pauses left out."),
    Quantity("step_time", "cost", "Time per step", "milliseconds", "Training time over steps."),
    Quantity("steps", "cost", "Steps", "count", "Batches trained.", "none"),
)  # fmt: skip


def table(
    runs: Sequence[Run], figures: Sequence[Figures], settings: Sequence[list[tuple[str, str]]]
) -> list[ComparedRow]:
    """settings: of each run what was changed while it ran, as (label, words). Rows without any value are left out."""
    rows = [
        _row(each.id, each.group, each.label, each.kind, each.help, each.better, [one[each.id] for one in figures])
        for each in QUANTITIES
    ]
    rows += [_recipe_row(spec, runs) for spec in RECIPE_FIELDS]
    labels = list(dict.fromkeys(label for each in settings for label, _ in each))
    for label in labels:
        cells = [Cell(words=dict(each).get(label, "never")) for each in settings]
        rows.append(_row(f"set:{label}", "recipe", label, "words", "While it trained.", "none", cells))
    rows += [
        _words_row("state", "results", "State", [run.get_state_display().lower() for run in runs]),
        _words_row("blocks", "network", "Blocks", [_blocks(run) for run in runs]),
        _words_row("layers", "network", "Layers with weights", [_layers(each) for each in figures]),
        _words_row("device", "cost", "Trained on", [str((run.started or {}).get("device", "")) for run in runs]),
    ]
    order = ("results", "inside", "cost", "recipe", "network")
    kept = [row for row in rows if any(cell.value is not None or cell.words for cell in row.cells)]
    return sorted(kept, key=lambda row: order.index(row.group))


def _recipe_row(spec: Any, runs: Sequence[Run]) -> ComparedRow:
    cells = [Cell(words=value_words(spec, run.recipe.get(spec.name, spec.default))) for run in runs]
    return _row(f"recipe:{spec.name}", "recipe", spec.label, "words", spec.help, "none", cells)


def _words_row(id: str, group: Group, label: str, words: Sequence[str]) -> ComparedRow:
    return _row(id, group, label, "words", "", "none", [Cell(words=each or None) for each in words])


def _row(
    id: str, group: Group, label: str, kind: Kind, help: str, better: Literal["less", "none"], cells: list[Cell]
) -> ComparedRow:
    same = all((cell.value, cell.words) == (cells[0].value, cells[0].words) for cell in cells)
    return ComparedRow.model_construct(
        id=id, group=group, label=label, kind=kind, help=help, better=better, cells=cells, same=same
    )


def _blocks(run: Run) -> str:
    return f"{len(run.network.get('nodes', [])):,}"


def _layers(figures: Figures) -> str:
    return f"{len(figures.profile.layers)}" if figures.profile and figures.profile.layers else ""
