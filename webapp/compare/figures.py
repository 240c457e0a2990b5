"""What a run came to: its final and best figures, each with the step it was measured at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from playground.protocol import Cell, RunProfile
from webapp.compare.profiles import STREAMS, profile, tails_of
from webapp.compare.reading import at_once, exact, picked
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table
from webapp.telemetry.shelf import Shelf, ends_of

LAST_BATCHES = 50
"""Batches over which the training figures of the end are means: one batch alone says little."""
NOTHING = Cell()


@dataclass(frozen=True)
class Figures:
    """By the row's id; what was not measured is left out."""

    cells: dict[str, Cell] = field(default_factory=dict)
    profile: RunProfile | None = None

    def __getitem__(self, row: str) -> Cell:
        return self.cells.get(row, NOTHING)


def figures_of(runs: Sequence[Run], seconds: Sequence[float | None]) -> list[Figures]:
    """seconds: that each of them took. Some runs at a time are read, each time in one query."""
    took = dict(zip((run.pk for run in runs), seconds, strict=True))
    found: list[Figures] = []
    for some in at_once(runs):
        shelf = ends_of(runs=[run.pk for run in some], streams=(*STREAMS, "validation"), level=0)
        found += [_figures(run, took[run.pk], shelf) for run in some]
    return found


def _figures(run: Run, seconds: float | None, shelf: Shelf) -> Figures:
    """Reads the held-out rows, the last rows of every step and the newest row of the layers."""
    tails = tails_of(run, shelf=shelf)
    cells: dict[str, Cell | None] = {
        **_test(run),
        **_held_out(run, shelf),
        **_training(run, tails["steps"]),
        "parameters": _cell(run.parameters),
        "macs": _cell(run.macs),
        "steps": _cell(run.step),
        "seconds": _cell(seconds),
        "step_time": _cell(1000 * seconds / run.step) if seconds is not None and run.step else None,
    }
    found = profile(run, tails=tails) if run.started else None
    if found is not None:
        cells |= _inside(found)
    return Figures({name: cell for name, cell in cells.items() if cell is not None}, found)


def _cell(value: float | None, step: int | None = None) -> Cell | None:
    return None if value is None or not isfinite(value) else Cell(value=float(value), step=step)


def _test(run: Run) -> dict[str, Cell | None]:
    told = run.finished or {}
    step = told.get("step")
    right = run.test_accuracy
    top5 = told.get("test_top5_error")
    return {
        "test_error": None if right is None else _cell(100 * (1 - right), step),
        "test_top5": None if top5 is None else _cell(100 * top5, step),
        "test_loss": _cell(told.get("test_loss"), step),
    }


def _held_out(run: Run, shelf: Shelf) -> dict[str, Cell | None]:
    """Of the whole held-out part; of its samples where it was never measured whole."""
    steps, (loss, accuracy, sample) = exact(run, "validation", ("loss", "accuracy", "sample"), shelf)
    whole = ~(sample > 0)
    if whole.any() and (np.isfinite(loss[whole]).any() or np.isfinite(accuracy[whole]).any()):
        steps, loss, accuracy = steps[whole], loss[whole], accuracy[whole]
    error = 100 * (1 - accuracy.astype(float))
    return {
        "held_out_error": _last(steps, error),
        "held_out_error_best": _least(steps, error),
        "held_out_loss": _last(steps, loss),
        "held_out_loss_best": _least(steps, loss),
    }


def _training(run: Run, table: Table | None) -> dict[str, Cell | None]:
    steps, (loss, accuracy) = picked(run, "steps", table, ("loss", "accuracy"))
    last = slice(max(0, steps.size - LAST_BATCHES), None)
    if not steps.size:
        return {}
    end = int(steps[-1])
    return {
        "training_loss": _cell(_mean(loss[last]), end),
        "training_error": _cell(100 * (1 - _mean(accuracy[last])), end),
    }


def _inside(found: RunProfile) -> dict[str, Cell | None]:
    gradients = [layer.gradient_rms for layer in found.layers]
    dead = [layer.dead for layer in found.layers if layer.dead is not None]
    if not gradients:
        return {}
    first, last = gradients[0], gradients[-1]
    return {
        "gradient_first": _cell(first, found.step),
        "gradient_ratio": _cell(first / last, found.step) if first is not None and last else None,
        "dead": _cell(100 * max(dead), found.step) if dead else None,
    }


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean(dtype=float)) if known.size else float("nan")


def _last(steps: np.ndarray, values: np.ndarray) -> Cell | None:
    known = np.flatnonzero(np.isfinite(values))
    return _cell(float(values[known[-1]]), int(steps[known[-1]])) if known.size else None


def _least(steps: np.ndarray, values: np.ndarray) -> Cell | None:
    known = np.isfinite(values)
    if not known.any():
        return None
    at = int(np.argmin(np.where(known, values, np.inf)))
    return _cell(float(values[at]), int(steps[at]))
