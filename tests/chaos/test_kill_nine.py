"""kill -9 of the site, the worker's agent and the training job, again and again, in the middle of one run.

Nothing may be lost or doubled: the stored curve must be, to the last bit, that of the same run left alone.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.evidence import Row, spooled_last, spooled_rows, stored_rows
from tests.chaos.loop import ROOT, Loop, as_job, small_network, until

RECIPE = {"dataset": "digits", "epochs": 60, "batch_size": 16, "seed": 7, "device": "cpu"}
PAIRS = (("site", "agent"), ("agent", "job"), ("job", "site"))
"""In each round a pair is killed, shortly after each other. Every pair has two rounds, twelve kills in all; what
follows what is left to chance, as is the moment."""


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    loop = Loop(tmp_path)
    yield loop
    loop.close()


@pytest.mark.timeout(600)
@pytest.mark.slow
def test_kill_nine_loses_and_doubles_nothing(loop: Loop, tmp_path: Path) -> None:
    began = time.monotonic()
    chance = random.Random(seed := random.randrange(10_000))
    runs, kills = [loop.train(small_network(), RECIPE)], []
    for pair in chance.sample(PAIRS * 2, 2 * len(PAIRS)):
        runs += wait_for_steps(loop, runs[-1])
        for victim in chance.sample(pair, len(pair)):
            time.sleep(chance.uniform(0, 0.4))
            loop.kill(victim, runs[-1])
            kills.append(victim)
            print(f"{time.monotonic() - began:6.1f} s: killed the {victim}")
    finals = [until(partial(loop.ended, run), "the end of the run") for run in runs]
    seconds = time.monotonic() - began

    spool = left_alone(tmp_path, loop.environment)
    for final in finals:
        check(loop.folder / "playground.sqlite3", final, spool)
    attempts = sum(len(final["attempts"]) for final in finals)
    print(
        f"\nseed {seed}: {len(kills)} kills ({', '.join(kills)}); {len(runs)} run(s) in {attempts} attempts, "
        f"{finals[0]['total_steps']} steps each, all stored once and bit-equal to the run left alone; "
        f"{seconds:.0f} s, {time.monotonic() - began:.0f} s with the run left alone"
    )


def wait_for_steps(loop: Loop, run: str) -> list[str]:
    """Until the site has stored something new of the run; should it have ended, a new run, of which that is true."""
    before = until(lambda: loop.run(run), "the site")["step"]
    view = until(lambda: (view := loop.run(run)) and (view["step"] > before or view["finished"]) and view, "new steps")
    if not view["finished"]:
        return []
    another = loop.train(small_network(), RECIPE)
    return [another, *wait_for_steps(loop, another)]


def left_alone(folder: Path, environment: dict[str, str]) -> Path:
    """The same job without a site or an agent, and nothing killed; its spool."""
    lease = folder / "alone" / "lease-1"
    lease.mkdir(parents=True)
    (lease / "job.json").write_text(as_job("alone", small_network(), RECIPE))
    code = f"from pathlib import Path; from worker.job import run_job; run_job(Path({str(lease)!r}))"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=environment)
    return lease / "spool.bin"


def check(database: Path, final: dict[str, Any], spool: Path) -> None:
    """Every step stored once and bit-equal, every full validation and the last figures too."""
    assert final["state"] == "finished", final["failed"]
    steps = stored_rows(database, final["id"], "steps")
    assert [step for step, _ in steps] == list(range(final["total_steps"]))
    assert steps == spooled_rows(spool, "steps")
    epoch = final["started"]["steps_per_epoch"]
    validation = at_epoch_ends(stored_rows(database, final["id"], "validation"), epoch)
    assert [step for step, _ in validation] == [epoch * (number + 1) for number in range(RECIPE["epochs"])]
    assert validation == at_epoch_ends(spooled_rows(spool, "validation"), epoch)
    layers = [step for step, _ in stored_rows(database, final["id"], "layers")]
    assert layers == sorted(set(layers))
    alone = spooled_last(spool)
    for figure in ("test_loss", "test_accuracy", "validation_accuracy", "step"):
        assert final["finished"][figure] == alone[figure]


def at_epoch_ends(rows: list[Row], epoch: int) -> list[Row]:
    """Without the looks in between, whose moments follow the clock."""
    return [row for row in rows if row[0] % epoch == 0]
