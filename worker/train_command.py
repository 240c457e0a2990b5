"""python -m worker train: trains an exported experiment, a network document or a network of the zoo, without a site.

An experiment as the site gives it (GET /api/runs/{id}/experiment.json) trains the run's own curve again: with its
threads, what was gone on with, the rates that were set by hand, and its stop.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from playground.datasets import DATASETS
from playground.experiment_file import ByHand, ExperimentFile, Origin
from playground.network import DocumentError
from playground.protocol import Command, Job
from playground.recipe import Recipe
from playground.zoo import find
from playground.zoo.scaled import scaled_view
from worker.failure import Failure
from worker.job import as_failure
from worker.report import Report
from worker.train import train


def main(argv: list[str]) -> int:
    """Exit status: 0 trained, 1 the run failed or was stopped, 2 the file or an argument cannot be used."""
    wanted = _arguments(argv)
    try:
        experiment = read_experiment(wanted.file, wanted.set)
        out = open(wanted.out, "w", newline="") if wanted.out else nullcontext()  # noqa: SIM115 (closed below)
    except (OSError, ValueError) as error:
        return _say(2, _plain(error))
    job, replay = as_job(experiment), Replay(experiment.by_hand)
    checkpoints = Path(wanted.checkpoints) if wanted.checkpoints else None
    with out as file:
        report = Report(sys.stdout, csv.writer(file) if file else None)
        try:
            train(job, emit=report.take, control=replay, checkpoints=checkpoints, on_step=replay.on_step)
        except KeyboardInterrupt:
            return _say(1, "\nStopped." + (" The same command goes on." if checkpoints else ""))
        except (Failure, RuntimeError, ValueError, MemoryError) as error:
            failure = as_failure(error, job)
            return _say(1, f"\n{failure.message}\n{failure.hint}")
    print(compared(experiment.run, report), end="")
    return 0


class Replay:
    """What the user of the first run did by hand, done again before the same steps. A worker.wishes.Control."""

    def __init__(self, by_hand: ByHand) -> None:
        self._rates = sorted(by_hand.rates, key=lambda each: each.step)
        self._stop = by_hand.stopped
        self._done = 0

    def on_step(self, done: int, total: int) -> None:
        """To be told after each update."""
        self._done = done

    def poll(self) -> list[Command]:
        """What is due before the next update."""
        due = [each for each in self._rates if each.step <= self._done]
        self._rates = self._rates[len(due) :]
        commands = [Command(kind="learning_rate", value=each.rate) for each in due]
        if self._stop is not None and self._done >= self._stop:
            commands.append(Command(kind="stop"))
        return commands

    def wait(self, seconds: float) -> bool:
        """Nothing comes while a run is paused, and nobody pauses it."""
        return False


def read_experiment(source: str, settings: list[str]) -> ExperimentFile:
    """From an export {"network": …, "recipe": …}, a bare document, or the zoo. Raises ValueError or OSError.

    With changed settings it is another experiment: nothing is done by hand again, and there is nothing to compare with.
    """
    changes = _changes(settings)
    document = _document(source, changes.get("dataset"))
    if "nodes" in document or not isinstance(document.get("network"), dict):
        return ExperimentFile(network=document, recipe=changes)
    document = document | {"recipe": (document.get("recipe") or {}) | changes}
    if changes:
        document = {name: document[name] for name in ("network", "recipe")}
    try:
        return ExperimentFile.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{source}: {where}: {first['msg']}. Export the experiment again.") from error


def read_job(source: str, settings: list[str]) -> Job:
    """The same as what the trainer takes."""
    return as_job(read_experiment(source, settings))


def as_job(experiment: ExperimentFile) -> Job:
    """What the trainer takes."""
    return Job(
        run="here",
        attempt=1,
        network=experiment.network,
        recipe=experiment.recipe,
        continued=experiment.continued,
        threads=experiment.run.threads if experiment.run else None,
    )


def compared(origin: Origin | None, report: Report) -> str:
    """Lines on whether this run gave what the first one gave, and why it may not have; empty where there was none."""
    if origin is None or report.started is None or report.finished is None:
        return ""
    started, found = report.started, report.finished.test_accuracy
    lines = []
    if None not in (found, origin.test_accuracy):
        same = "the same" if found == origin.test_accuracy else "not the same"
        lines.append(f"Run {origin.number} of “{origin.name}” logged {origin.test_accuracy:.2%}: {same}.")
    differing = [
        f"{what} {there}, here {here}"
        for what, there, here in (("torch", origin.torch, started.torch), ("on", origin.device, started.device))
        if there is not None and there != here
    ]
    if differing:
        lines.append(f"It was trained with {'; '.join(differing)}: the last digits may differ.")
    return "".join(f"{line}\n" for line in lines)


def _changes(settings: list[str]) -> dict[str, Any]:
    """Of the recipe, from NAME=VALUE."""
    changes = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or name not in Recipe.model_fields:
            known = ", ".join(Recipe.model_fields)
            raise ValueError(f"--set {setting} names no setting of the recipe. Write NAME=VALUE with one of: {known}.")
        changes[name] = _value(value)
    return changes


def _document(source: str, dataset: object) -> dict[str, Any]:
    """What the file says; a network of the zoo scaled for its own data set, or for the one that is wanted."""
    path = Path(source)
    if not path.exists() and (found := find(source)) is not None:
        wanted = dataset if isinstance(dataset, str) and dataset in DATASETS else found.dataset
        view = scaled_view(found, DATASETS[wanted])
        print(view.changed, end="\n" if view.changed else "")
        return {"network": view.network, "recipe": view.recipe}
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        message = f"There is no file and no network of the zoo named '{source}'. `python -m playground zoo` lists them."
        raise ValueError(message) from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{source} is not JSON: {error}. Export the experiment again.") from error
    if not isinstance(document, dict):
        raise ValueError(f"{source} holds no object. It should be an exported experiment or a network document.")
    return document


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _plain(error: Exception) -> str:
    return error.message if isinstance(error, DocumentError) else str(error)


def _say(status: int, text: str) -> int:
    print(text, file=sys.stderr)
    return status


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker train", description="Train a network without a site.")
    parser.add_argument(
        "file", metavar="FILE.json", help="an experiment of the site, a network document, or a zoo name"
    )
    parser.add_argument("--out", metavar="METRICS.csv", help="write every row of every stream to this file")
    parser.add_argument("--checkpoints", metavar="FOLDER", help="save there, and go on from there")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="change the recipe: epochs=1, dataset=digits",
    )
    return parser.parse_args(argv)
