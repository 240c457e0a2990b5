"""What comparing 20 runs of 100,000 steps waits for, and the lists of 1,000 experiments and of many runs.

    python -m benchmarks.compare [--browser /usr/bin/chromium]

The runs tell what one of 60 convolutions with ReLUs tells: 63 columns each step, 420 of the layers each tenth.
With a browser also the page: from the address to every curve drawn.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.stopwatch import median_of

RUNS, STEPS, DEEP, EXPERIMENTS, MORE_RUNS = 20, 100_000, 60, 1_000, 3_000
OWNER = "b" * 32
DRAWN = f"[data-curves-drawn='{RUNS}']"


def processor_of(work: Callable[[], object]) -> float:
    """Milliseconds of processor time, whatever else the machine does."""
    begin = time.process_time()
    for _ in range(5):
        work()
    return 1000 * (time.process_time() - begin) / 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--browser", default="", help="a Chromium that draws the page")
    browser = parser.parse_args().browser
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PLAYGROUND_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        runs = fill()
        measure(runs)
        if browser:
            draw(browser, runs, Path(folder))


def fill() -> list[str]:
    """20 long runs, and a list of many experiments and runs; gives the ids of the long ones."""
    from django.db import transaction

    from benchmarks.train_page import STEP_WIDTH, STREAMS, Job, network
    from playground.protocol import TELEMETRY, decode
    from playground.recipe import Recipe
    from playground.zoo import ZOO
    from webapp.experiments.models import Experiment
    from webapp.experiments.services import stored
    from webapp.runs.models import Run
    from webapp.telemetry.chunks import Table, append

    started, _ = decode(Job(STEPS).started(), TELEMETRY)
    assert started is not None
    values: dict[str, Any] = {
        "parameters": 140_000, "macs": 9_000_000, "state": "finished", "attempt": 1, "lease": 1, "step": STEPS,
        "started": started.model_dump(mode="json"), "attempts": [{"attempt": 1, "first_step": 0}],
        "test_accuracy": 0.9, "best_validation_accuracy": 0.89, "total_steps": STEPS,
    }  # fmt: skip
    experiment = Experiment.objects.create(owner=OWNER, name="Deep", network=network(), recipe={})
    chance = np.random.default_rng(1)
    axis = np.arange(1, STEPS + 1, dtype=np.uint32)
    falling = (2.3 * np.exp(axis / -30_000))[None, :]
    held = np.arange(1_000, STEPS + 1, 1_000, dtype=np.uint32)
    found = []
    for number in range(1, RUNS + 1):
        recipe = Recipe(dataset="digits", seed=number, learning_rate=0.01 * (1 + number % 4)).model_dump(mode="json")
        run = Run.objects.create(
            experiment=experiment, number=number, name=f"Deep {number}", network=network(), recipe=recipe, **values
        )
        found.append(run.pk)
        noise = chance.normal(scale=0.1, size=(STEP_WIDTH, STEPS))
        with transaction.atomic():
            append(run.pk, 1, "steps", Table(axis, np.abs(falling + noise).astype(np.float32)))
            width = len(STREAMS[1].columns)
            some = axis[-5_120::10]
            append(run.pk, 1, "layers", Table(some, chance.random((width, some.size)).astype(np.float32)))
            rows = np.stack([falling[0][held - 1], 1 - falling[0][held - 1] / 3, *np.zeros((3, held.size))])
            append(run.pk, 1, "validation", Table(held, rows.astype(np.float32)))
    documents = [stored(entry.network) for entry in ZOO.values()][:12]
    many = Experiment.objects.bulk_create(
        Experiment(
            owner=OWNER, name=f"Experiment {n}", network=documents[n % len(documents)], recipe={"dataset": "mnist"}
        )
        for n in range(EXPERIMENTS - 1)
    )
    Run.objects.bulk_create(
        Run(
            experiment=many[n % len(many)], number=1 + n // len(many), name=f"Experiment {n % len(many)}",
            network=documents[n % len(documents)], recipe=Recipe(dataset="mnist", seed=n).model_dump(mode="json"),
            spark={"width": 1, "first": 0, "sums": [1.0] * 40, "counts": [1] * 40}, **values,
        )
        for n in range(MORE_RUNS)
    )  # fmt: skip
    return found


def client() -> Any:
    """A browser that is the owner of it all."""
    from django.conf import settings
    from django.test import Client

    from webapp.viewers import GUEST

    one = Client(headers={"host": "localhost"})
    session = one.session
    session[GUEST] = OWNER
    session.save()
    one.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return one


def measure(runs: list[str]) -> None:
    """The API's answers, in this process: what the site itself takes."""
    asking = client()
    many = {"runs": ",".join(runs), "stream": "steps,validation", "points": 800}
    addresses: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
        (
            "20 runs of 100,000 steps: comparison and curves",
            "/api/compare",
            many,
            {"accept": "application/octet-stream"},
        ),
        ("the layers of 20 runs at the end", "/api/compare/profiles", {"runs": ",".join(runs)}, {}),
        (f"the first 50 of {RUNS + MORE_RUNS:,} runs", "/api/runs", {"limit": 50}, {}),
        ("50 of them by error, with words to look for", "/api/runs", {"limit": 50, "sort": "error", "q": "exp 1"}, {}),
        (f"all {RUNS + MORE_RUNS:,} runs, for the plane", "/api/runs", {}, {}),
        ("1,000 experiments", "/api/experiments", {}, {}),
        ("1,000 experiments, compressed", "/api/experiments", {}, {"accept-encoding": "gzip"}),
    ]
    for words, address, query, headers in addresses:
        size = len(asking.get(address, query, headers=headers).content)
        wait = median_of(7, lambda: asking.get(address, query, headers=headers))  # noqa: B023
        taken = processor_of(lambda: asking.get(address, query, headers=headers))  # noqa: B023
        print(f"{words}: {wait:.0f} ms, {taken:.0f} ms of processor, {size / 1000:,.0f} kB")


def draw(browser: str, runs: list[str], folder: Path) -> None:
    """A real site on the same data, a real page: from the address to every curve drawn."""
    import subprocess
    import sys

    from playwright.sync_api import sync_playwright

    from benchmarks.running_site import ROOT, _ready

    log = folder / "up.log"
    environment = {**os.environ, "PLAYGROUND_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "up", "--port", "0", "--no-worker"]
    with log.open("w") as out:
        site = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        address = _ready(site, log, False)
        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.goto(address)
            waits = []
            for _ in range(5):
                page.goto("about:blank")
                begin = time.perf_counter()
                page.goto(f"{address}/compare?runs={','.join(runs)}", wait_until="commit")
                page.locator(DRAWN).wait_for()
                waits.append(1000 * (time.perf_counter() - begin))
                told = page.evaluate("performance.getEntriesByName('compare-drawn').at(-1)?.startTime")
                print(f"  the page's own clock: {told:.0f} ms")
            print(f"page of 20 runs of 100,000 steps, address to curves: {statistics.median(waits):.0f} ms of {waits}")
            chromium.close()
    finally:
        site.send_signal(2)
        site.wait(30)


if __name__ == "__main__":
    main()
