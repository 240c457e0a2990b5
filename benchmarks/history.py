"""What a late viewer waits for: a long run's history from storage, and what one upload costs to store.

python -m benchmarks.history
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time

import numpy as np

from benchmarks.stopwatch import median_of

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
    idle.close()


if __name__ == "__main__":
    main()
