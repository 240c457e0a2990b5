"""experiment.json trains the run's own curve again, bit for bit: from a real site with a real worker to the command."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from benchmarks.running_site import running_site
from tests.worker.runs import STEADY, network
from worker.train_command import main

Figures = dict[tuple[int, str, str], float]


def written(path: Path, stream: str) -> Figures:
    """What the command wrote: one figure a line."""
    with path.open() as file:
        rows = [row for row in csv.DictReader(file) if row["stream"] == stream]
    return {(int(row["step"]), row["quantity"], row["layer"]): float(row["value"]) for row in rows}


def downloaded(text: str) -> Figures:
    """What the site gives: one step a line."""
    head, *rows = csv.reader(io.StringIO(text))
    return {
        (int(row[0]), name.partition("/")[0], name.partition("/")[2]): float(cell)
        for row in rows
        for name, cell in zip(head[2:], row[2:], strict=True)
        if cell
    }


class Person:
    """Uses a site by its API."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=60)

    def start(self, **recipe: Any) -> str:
        recipe = {"dataset": "digits", "epochs": 2, "device": "cpu", "learning_rate": 0.02, "seed": 7} | recipe
        made = self.http.post("/api/experiments", json={"network": network(*STEADY), "recipe": recipe}).json()
        return str(self.http.post(f"/api/experiments/{made['id']}/runs").json()["id"])

    def command(self, run: str, **body: Any) -> None:
        self.http.post(f"/api/runs/{run}/commands", json=body).raise_for_status()

    def until(self, run: str, **wanted: Any) -> dict[str, Any]:
        """The run once it has these values."""
        deadline = time.monotonic() + 60
        while True:
            view = dict(self.http.get(f"/api/runs/{run}").json())
            if all(view[name] == value for name, value in wanted.items()):
                return view
            assert time.monotonic() < deadline, (view["state"], view["failed"], view["waiting_for"])
            time.sleep(0.02)

    def text(self, run: str, path: str) -> str:
        answer = self.http.get(f"/api/runs/{run}/{path}")
        assert answer.status_code == 200, answer.text
        return answer.text


def same(run: str, person: Person, folder: Path) -> None:
    """Train the downloaded experiment here, and compare all that does not depend on the clock."""
    file, out = folder / f"{run}.json", folder / f"{run}.csv"
    file.write_text(person.text(run, "experiment.json"))
    assert main([str(file), "--out", str(out)]) == 0
    steps = downloaded(person.text(run, "metrics.csv?stream=steps"))
    again = written(out, "steps")
    assert steps.keys() == again.keys()
    assert len({step for step, *_ in steps}) > 5
    differing = [key for key, value in steps.items() if np.float32(value) != np.float32(again[key])]
    assert differing == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_command_trains_the_curve_of_the_site_bit_for_bit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_site() as site:
        person = Person(site.address)
        plain = person.start(epochs=1, schedule="cosine")
        view = person.until(plain, state="finished")
        same(plain, person, tmp_path)
        assert f"logged {view['test_accuracy']:.2%}: the same." in capsys.readouterr().out

        touched = person.start(epochs=100)
        person.until(touched, state="running")
        person.command(touched, kind="pause")
        person.until(touched, state="paused")
        person.command(touched, kind="learning_rate", value=0.005)
        for _ in range(3):
            person.command(touched, kind="step")
        person.command(touched, kind="learning_rate", value=0.05)
        for _ in range(4):
            person.command(touched, kind="step")
        person.command(touched, kind="stop")
        person.until(touched, state="stopped")
        same(touched, person, tmp_path)

        more = person.http.post(f"/api/runs/{plain}/continuation", json={"epochs": 1, "anew": True})
        assert more.status_code == 202, more.text
        person.until(plain, state="finished", attempt=2)
        same(plain, person, tmp_path)
        for path in ("metrics.csv?stream=layers", "metrics.json"):  # packed on the way, and not
            plain_answer = person.http.get(f"/api/runs/{plain}/{path}", headers={"Accept-Encoding": "identity"})
            assert plain_answer.text == person.text(plain, path)
        person.http.close()
