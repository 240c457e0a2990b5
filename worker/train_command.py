"""python -m worker train: trains an exported experiment, a network document or a network of the zoo, without a site."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playground.datasets import DATASETS
from playground.network import DocumentError
from playground.protocol import Job
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
        job = read_job(wanted.file, wanted.set)
        out = open(wanted.out, "w", newline="") if wanted.out else nullcontext()  # noqa: SIM115 (closed below)
    except (OSError, ValueError) as error:
        return _say(2, _plain(error))
    checkpoints = Path(wanted.checkpoints) if wanted.checkpoints else None
    with out as file:
        report = Report(sys.stdout, csv.writer(file) if file else None)
        try:
            train(job, emit=report.take, checkpoints=checkpoints)
        except KeyboardInterrupt:
            return _say(1, "\nStopped." + (" The same command goes on." if checkpoints else ""))
        except (Failure, RuntimeError, ValueError, MemoryError) as error:
            failure = as_failure(error, job)
            return _say(1, f"\n{failure.message}\n{failure.hint}")
    return 0


def read_job(source: str, settings: list[str]) -> Job:
    """From an export {"network": …, "recipe": …}, a bare document, or the zoo. Raises ValueError or OSError."""
    changes = _changes(settings)
    document = _document(source, changes.get("dataset"))
    network = document.get("network", document) if "nodes" not in document else document
    recipe = dict(document.get("recipe") or {}) if network is not document else {}
    return Job(run="here", attempt=1, network=network, recipe=recipe | changes)


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
    parser.add_argument("file", metavar="FILE.json", help="an exported experiment, a network document, or a zoo name")
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
