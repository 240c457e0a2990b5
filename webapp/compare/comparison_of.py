"""Several runs held against the first of them, as the API answers it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from playground.comparing.clock import Moment, clock
from playground.comparing.pareto import best_for_cost
from playground.comparing.seeds import DIGITS, Group, SeedRun, Verdict, groups_of, verdicts
from playground.comparing.told import told
from playground.network import DocumentError, Network, read_network
from playground.protocol import ComparedRow, ComparedRun, Comparison, MissingRun, SeedGroup, SeedVerdict
from playground.recipe import Recipe
from playground.words import listed
from webapp.compare.figures import figures_of
from webapp.compare.table import table
from webapp.experiments.models import Experiment
from webapp.runs.models import ENDED, Run, RunEvent
from webapp.runs.views_of import error_of, measured_on
from webapp.viewers import Viewer

ANCHORS = ("epoch", "paused", "resumed", "learning_rate")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Events = dict[str, list[tuple[int, int, str, float, float | None]]]
Document = tuple[Network, Recipe]


def comparison(runs: Sequence[Run], missing: Sequence[MissingRun], viewer: Viewer) -> Comparison:
    """runs: in the order asked for; the first is what the others are held against."""
    events = _events(runs)
    clocks = [_clock(run, events.get(run.pk, [])) for run in runs]
    seconds = [_seconds(run, clock) for run, clock in zip(runs, clocks, strict=True)]
    figures = figures_of(runs, seconds)
    settings = [_set_by_hand(run, events.get(run.pk, [])) for run in runs]
    opened = set(Experiment.objects.seen_by(viewer).filter(runs__in=runs).values_list("pk", flat=True))
    compared = [
        _compared(run, letter, clock, difference, viewer, opened)
        for run, letter, clock, difference in zip(runs, LETTERS, clocks, _differences(runs, settings), strict=False)
    ]
    rows = table(runs, figures, settings)
    on = _common_measure(runs)
    groups = groups_of(
        [_seed_run(run, letter, on, each) for run, letter, each in zip(runs, LETTERS, settings, strict=False)]
    )
    found = verdicts(groups)
    return Comparison(
        runs=compared,
        missing=list(missing),
        rows=rows,
        groups=[_group(group) for group in groups],
        verdicts=[_verdict(each, groups) for each in found],
        measured_on=on,
        best={
            "macs": _best([(run.id, run.macs, run.error) for run in compared]),
            "parameters": _best([(run.id, run.parameters, run.error) for run in compared]),
        },
        headline=headline(compared, rows, on),
    )


def headline(runs: Sequence[ComparedRun], rows: Sequence[ComparedRow], on: str | None) -> str:
    """The best run against the first, in a sentence; empty with one run, or before anything was measured."""
    row = next((row for row in rows if row.id == ("test_error" if on == "test" else "held_out_error_best")), None)
    measured = (
        [(run, cell.value) for run, cell in zip(runs, row.cells, strict=True) if cell.value is not None] if row else []
    )
    if len(measured) < 2:
        return ""
    images = "test" if on == "test" else "held-out"
    best, least = min(measured, key=lambda pair: pair[1])
    first = next((value for run, value in measured if run is runs[0]), None)
    most = max(value for _, value in measured)
    if first is None or f"{most:.{DIGITS}f}" == f"{least:.{DIGITS}f}":
        return f"All err alike: {least:.{DIGITS}f}% of the {images} images." if first is not None else ""
    if best is runs[0]:
        return f"{best.letter} errs least, on {least:.{DIGITS}f}% of the {images} images."
    costs = [name for name, one, other in _costs(best, runs[0]) if one == other]
    same = f"Same {listed(costs)}; " if costs else ""
    return f"{same}{best.letter} takes {first - least:.{DIGITS}f} points off the {images} error of {runs[0].letter}."


def _costs(one: ComparedRun, other: ComparedRun) -> list[tuple[str, int | None, int | None]]:
    known = [("parameters", one.parameters, other.parameters), ("multiply-adds", one.macs, other.macs)]
    return [each for each in known if each[1] is not None]


def _events(runs: Sequence[Run]) -> Events:
    """Of each run (attempt, step, name, time, value) of the moments that matter here; one query."""
    columns = ("run_id", "attempt", "step", "data__name", "data__time", "data__value")
    rows = RunEvent.objects.filter(run__in=[run.pk for run in runs], kind="event", data__name__in=ANCHORS)
    found: Events = {}
    for run, attempt, step, name, time, value in rows.order_by("id").values_list(*columns):
        found.setdefault(run, []).append((attempt, step, name, float(time or 0.0), value))
    return found


def _attempts(run: Run) -> list[tuple[int, int]]:
    return [(entry["attempt"], entry["first_step"]) for entry in run.attempts]


def _clock(run: Run, events: list[tuple[int, int, str, float, float | None]]) -> list[tuple[int, float]]:
    moments = [Moment(attempt, step, name, time) for attempt, step, name, time, _ in events if time > 0]
    total = (run.finished or {}).get("seconds") if run.state in ENDED else None
    speed = (run.progress or {}).get("steps_per_second")
    return clock(moments, _attempts(run), run.step, total, 1 / speed if speed else None)


def _seconds(run: Run, clock: list[tuple[int, float]]) -> float | None:
    told = (run.finished or {}).get("seconds") if run.state in ENDED else None
    return told if told is not None else clock[-1][1] if clock else None


def _set_by_hand(run: Run, events: list[tuple[int, int, str, float, float | None]]) -> list[tuple[str, str]]:
    """What was not in the recipe: (label, words)."""
    rates = [
        f"{value:g} from step {step:,}"
        for _, step, name, _, value in events
        if name == "learning_rate" and value is not None
    ]
    more = [f"to {entry['epochs']} epochs at step {entry['step']:,}" for entry in run.continued]
    return [(label, ", ".join(parts)) for label, parts in (("Rate set by hand", rates), ("Gone on", more)) if parts]


def _differences(runs: Sequence[Run], settings: Sequence[list[tuple[str, str]]]) -> list[str]:
    """Of each run to the first, in words."""
    networks: dict[str, Network | None] = {}  # equal ones are read once, and are then one and the same

    def document(run: Run) -> Document | None:
        key = json.dumps(run.network, sort_keys=True)
        if key not in networks:
            networks[key] = _network(run)
        network, recipe = networks[key], _recipe(run)
        return (network, recipe) if network is not None and recipe is not None else None

    said: list[str] = []
    one = document(runs[0]) if runs else None
    for run, by_hand in zip(runs, settings, strict=True):
        other = None if run is runs[0] else document(run)
        if one is None or other is None:
            said.append("")
            continue
        words = told(one, other)
        extra = [f"{label.lower()}: {what}" for label, what in by_hand if (label, what) not in settings[0]]
        said.append("; ".join([words, *extra]))
    return said


def _network(run: Run) -> Network | None:
    try:
        return read_network(run.network)
    except DocumentError:
        return None


def _recipe(run: Run) -> Recipe | None:
    try:
        return Recipe.model_validate(run.recipe)
    except ValueError:
        return None


def _compared(
    run: Run, letter: str, clock: list[tuple[int, float]], difference: str, viewer: Viewer, opened: set[str]
) -> ComparedRun:
    """opened: experiments that this viewer may open; what another is called now is not told with its run."""
    created: datetime = run.created
    return ComparedRun(
        id=run.pk,
        letter=letter,
        number=run.number,
        name=run.name,
        experiment=run.experiment_id,
        experiment_name=run.experiment.name if run.experiment_id in opened else run.name,
        mine=viewer.owns(run.experiment.owner),
        state=run.state,
        created=created.isoformat(),
        dataset=str(run.recipe.get("dataset", "")),
        seed=int(run.recipe.get("seed", 0)),
        step=run.step,
        total_steps=run.total_steps,
        steps_per_epoch=(run.started or {}).get("steps_per_epoch"),
        clock=clock,
        attempts=_attempts(run),
        parameters=run.parameters,
        macs=run.macs,
        error=error_of(run.test_accuracy, run.best_validation_accuracy),
        measured_on=measured_on(run.test_accuracy, run.best_validation_accuracy),
        difference=difference,
    )


def _common_measure(runs: Sequence[Run]) -> Any:
    """The test images where every run that finished has seen them, else the held-out ones; None before either. Runs
    that have not finished decide where no other has."""
    known = [run for run in runs if measured_on(run.test_accuracy, run.best_validation_accuracy) is not None]
    measured = [run for run in known if run.state == "finished"] or known
    if not measured:
        return None
    return "test" if all(run.test_accuracy is not None for run in measured) else "validation"


def _seed_run(run: Run, letter: str, on: str | None, settings: list[tuple[str, str]]) -> SeedRun:
    """A run that has not ended has no result yet."""
    right = run.test_accuracy if on == "test" else run.best_validation_accuracy
    ended = run.state in ENDED and right is not None
    return SeedRun(
        id=run.pk,
        letter=letter,
        alike=_alike(run, settings),
        seed=int(run.recipe.get("seed", 0)),
        error=100 * (1 - right) if ended and right is not None else None,
    )


def _alike(run: Run, settings: list[tuple[str, str]]) -> str:
    """Equal for runs that were trained in the same way from another seed: names and places on the drawing are no
    matter, nor is the machine. A run that was stopped is like no other."""
    nodes = [[node.get("id"), node.get("block"), node.get("params", {})] for node in nodes_of(run.network)]
    whole = _recipe(run)  # with what its time did not know yet
    values = whole.model_dump(mode="json") if whole else run.recipe
    recipe = {name: value for name, value in values.items() if name not in {"seed", "device"}}
    cut_short = run.pk if run.state in ENDED and run.state != "finished" else ""
    return json.dumps([nodes, run.network.get("edges"), recipe, settings, cut_short], sort_keys=True)


def nodes_of(network: Any) -> list[dict[str, Any]]:
    """The blocks of a document that may be of any age and state."""
    nodes = network.get("nodes") if isinstance(network, dict) else None
    return [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []


def _best(points: Sequence[tuple[str, int | None, float | None]]) -> list[str]:
    return best_for_cost([(name, cost, error) for name, cost, error in points if cost and error is not None])


def _group(group: Group) -> SeedGroup:
    interval = group.interval
    errors = group.errors
    return SeedGroup(
        runs=[run.id for run in group.runs],
        name=group.name,
        seeds=len(group.counted),
        errors=errors,
        mean=sum(errors) / len(errors) if errors else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def _verdict(found: Verdict, groups: Sequence[Group]) -> SeedVerdict:
    interval = found.interval
    return SeedVerdict(
        one=groups.index(found.one),
        other=groups.index(found.other),
        difference=interval.middle if interval else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        claimed=found.claimed,
        words=found.words,
    )
