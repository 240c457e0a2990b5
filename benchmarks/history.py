"""What a late viewer waits for: a long run's history from storage, and what one upload costs to store.

python -m benchmarks.history
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.stopwatch import median_of

if TYPE_CHECKING:
    from webapp.experiments.models import Experiment

STEPS, SERIES = 100_000, 60


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PLAYGROUND_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure()


def measure() -> None:
    from django.conf import settings
    from django.db import transaction

    from playground.protocol import Rows, encode, pack
    from webapp.experiments.models import Experiment
    from webapp.runs.models import Run
    from webapp.telemetry.chunks import Table, append
    from webapp.telemetry.history import as_records, history
    from webapp.telemetry.ingest import store
    from webapp.telemetry.models import Chunk

    experiment = Experiment.objects.create(owner="benchmark", name="benchmark", network={}, recipe={})
    run = Run.objects.create(
        experiment=experiment, number=1, name="b", network={}, recipe={}, state="running", lease=1, attempt=1
    )
    steps = np.arange(1, STEPS + 1, dtype=np.uint32)
    values = np.random.default_rng(1).normal(size=(SERIES, STEPS)).astype(np.float32)
    begin = time.perf_counter()
    with transaction.atomic():
        append(run.pk, 1, "layers", Table(steps, values))
    print(f"{STEPS:,} steps of {SERIES} series stored in {time.perf_counter() - begin:.2f} s")
    stored = sum(len(data) for data in Chunk.objects.values_list("data", flat=True))
    print(f"{stored / (STEPS * SERIES):.2f} bytes a point, the pyramid included")
    container = pack(as_records("layers", history(run, "layers")))
    whole = median_of(9, lambda: pack(as_records("layers", history(run, "layers"))))
    print(f"whole history, 2,000 points: {whole:.0f} ms, {len(container) / 1000:.0f} kB")
    part = median_of(9, lambda: pack(as_records("layers", history(run, "layers", 50_000, 51_500))))
    print(f"1,500 steps of it, exact: {part:.0f} ms")

    idle = sqlite3.connect(settings.DATABASES["default"]["NAME"])  # as the site does, see webapp/one_process.py
    idle.execute("SELECT 1 FROM sqlite_master").fetchone()
    number = 0

    def upload() -> None:
        nonlocal number
        row = np.array([STEPS + 1 + number], dtype="<u4").tobytes() + values[:, 0].astype("<f4").tobytes()
        store(run.pk, 1, number + 1, [encode(Rows(stream="layers", columns=SERIES, count=1), row)])
        number += 1

    print(f"one upload of one row stored and committed: {median_of(300, upload):.1f} ms")
    for moments in (20, 160):
        cost = statistics.median(pictures_cost(experiment, moments)[-20:])
        print(f"one upload of 30 pictures, the last 20 of {moments}: {cost:.1f} ms of processor")
    idle.close()


def pictures_cost(experiment: Experiment, moments: int) -> list[float]:
    """Milliseconds of processor time of each of so many uploads of a new run: fifteen layers' maps and histograms."""
    from playground.protocol import Histogram, Maps, encode
    from webapp.runs.models import Run
    from webapp.telemetry.ingest import store

    number = 1 + Run.objects.count()
    run = Run.objects.create(
        experiment=experiment, number=number, name="b", network={}, recipe={}, state="running", lease=1, attempt=1
    )
    counts = {"width": 0.25, "first": -1, "bins": 2, "below": 0, "above": 1, "zeros": 0, "not_finite": 0, "count": 8}
    spread = {"of": "weights", "mean": 0.0, "deviation": 0.25} | counts
    sides = {"probe": 0, "channels": 3, "total_channels": 3, "height": 32, "width": 32, "low": 0.0, "high": 1.0}
    costs = []
    for moment in range(moments):
        records = []
        for layer in range(15):
            records.append(encode(Maps(layer=f"conv{layer}", step=moment, **sides), bytes(3 * 32 * 32)))
            records.append(encode(Histogram(layer=f"conv{layer}", step=moment, **spread), bytes(8)))
        begin = time.process_time()
        store(run.pk, 1, 30 * moment + 1, records)
        costs.append(1000 * (time.process_time() - begin))
    return costs


if __name__ == "__main__":
    main()
