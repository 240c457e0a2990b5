"""The report stands alone and says what was logged; the pieces it is drawn from."""

from __future__ import annotations

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from tests.webapp.exchange.trained_run import trained_run
from tests.webapp.runs.queue import make_run
from tests.worker.runs import CONVNET, network
from webapp.exchange.metrics import column_names, rows
from webapp.exchange.report import report
from webapp.exchange.report.curves import GROUPS, grouped, strips, ticks
from webapp.exchange.report.drawing import lanes
from webapp.runs.models import Run
from webapp.viewers import ANONYMOUS

pytestmark = pytest.mark.django_db

NAME = "<script>alert(1)</script> & co"


@pytest.fixture
def run(settings: Any, tmp_path: Path) -> Run:
    settings.ARTIFACTS = tmp_path / "artifacts"
    return trained_run(tmp_path / "kept", network(*CONVNET) | {"name": NAME}, {"epochs": 2, "seed": 4711})


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.words += data


def test_it_stands_alone_and_runs_nothing(run: Run) -> None:
    text = report(run, ANONYMOUS)
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object", "embed", "base"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:"), (tag, attributes)
    assert not re.search(r"url\(|@import|https?://", text)
    assert NAME in page.words


def test_it_says_what_was_logged(client: Client, run: Run) -> None:
    response = client.get(f"/api/runs/{run.pk}/report.html")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    words = Page(response.content.decode()).words
    assert run.test_accuracy is not None and f"{run.test_accuracy:.2%}" in words
    assert "2 epochs of Small digits: 1,317 images in batches of 64" in words
    for part in ("4711", run.pk, "The run came to its end.", "Confusion of the test images", "2.13.0"):
        assert part in words
    document = json.loads(client.get(f"/api/runs/{run.pk}/experiment.json").content)["run"]["document"]
    assert document in words


def test_a_run_that_has_not_begun_has_a_report(client: Client) -> None:
    run = make_run(network=network(*CONVNET))
    assert "No step has been trained yet." in Page(report(run, ANONYMOUS)).words


def test_groups_hold_the_mean_and_both_ends_of_every_step(run: Run) -> None:
    (part,) = rows(run, "steps")
    losses = part.table.values[column_names(run, "steps").index("loss")].astype(float)
    steps, found = grouped(run, "steps", ["loss", "nothing"])
    mean, low, high = found["loss"]
    assert found.keys() == {"loss"} and len(steps) == GROUPS
    at = np.arange(len(losses)) * GROUPS // (run.step + 1)
    for group in set(at):
        assert mean[group] == pytest.approx(losses[at == group].mean())
        assert (low[group], high[group]) == (losses[at == group].min(), losses[at == group].max())
    assert np.isnan(mean).sum() == GROUPS - len(set(at))


def test_strips_have_a_row_for_each_layer(run: Run) -> None:
    found = strips(run, "gradient_rms", logarithmic=True)
    assert found is not None
    assert len(found.layers) == 3
    picture = Image.open(io.BytesIO(base64.b64decode(found.picture.partition(",")[2])))
    assert picture.size == (GROUPS, 3)
    assert re.fullmatch("10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", found.low)
    assert strips(run, "saturated", logarithmic=False) is None


def test_wires_that_pass_blocks_by_have_lanes_of_their_own() -> None:
    assert lanes([(0, 1), (1, 2), (2, 3)]) == [0, 0, 0]
    assert lanes([(0, 1), (1, 3), (1, 2), (2, 3), (0, 3)]) == [0, 1, 0, 0, 2]
    assert lanes([(0, 2), (2, 4)]) == [1, 1]


@pytest.mark.parametrize(
    ("end", "marks"), [(1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (126, [0, 50, 100]), (2.5, [0, 0.5, 1, 1.5, 2, 2.5])]
)
def test_scales_are_round(end: float, marks: list[float]) -> None:
    assert ticks(end) == marks
