"""Runs held against each other: every figure is the run's own, what is missing is said, and 20 are the most."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from playground.protocol import MOST_COMPARED, Comparison, RunRows, decode, unpack
from tests.webapp.compare.told_runs import told_run
from tests.webapp.conftest import guest, small_network
from webapp.compare import figures, reading
from webapp.compare.comparison_of import comparison
from webapp.compare.reading import curve_records, curves
from webapp.experiments.models import Experiment
from webapp.runs.models import Run, RunEvent
from webapp.telemetry.chunks import Table, append, table_from
from webapp.telemetry.history import history
from webapp.telemetry.shelf import Shelf
from webapp.viewers import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def experiment() -> Experiment:
    return Experiment.objects.create(owner="ada", name="Small", network=small_network(), recipe={})


def compared(client: Client, *runs: Run | str, **query: Any) -> dict[str, Any]:
    ids = ",".join(run if isinstance(run, str) else run.pk for run in runs)
    response = client.get("/api/compare", {"runs": ids, **query})
    assert response.status_code == 200, response.content
    return response.json()


def row(found: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return next(each["cells"] for each in found["rows"] if each["id"] == id)


def test_figures_are_given_with_their_steps(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment, steps=400)
    found = compared(client, run)
    assert row(found, "test_error") == [{"value": pytest.approx(10), "words": None, "step": 400}]
    assert row(found, "held_out_loss_best") == [{"value": pytest.approx(0.25), "words": None, "step": 400}]
    assert row(found, "held_out_error") == [{"value": pytest.approx(25), "words": None, "step": 400}]
    last = 1 / (np.arange(350, 400) + 1.0)
    assert row(found, "training_loss") == [{"value": pytest.approx(last.mean(), rel=1e-6), "words": None, "step": 399}]
    assert row(found, "gradient_ratio")[0]["value"] == pytest.approx(0.01)
    assert row(found, "dead")[0]["value"] == pytest.approx(25)
    assert row(found, "seconds")[0]["value"] == pytest.approx(20)
    assert row(found, "step_time")[0]["value"] == pytest.approx(50)
    assert row(found, "macs")[0]["value"] == 640
    assert row(found, "recipe:learning_rate")[0]["words"] == "0.05"


def test_the_best_held_out_figure_is_of_the_whole_part(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment, steps=400)
    better_sample = np.array([[0.01], [0.99], [1.0]], np.float32)
    append(run.pk, 1, "validation", Table(np.array([401], np.uint32), better_sample))
    found = compared(client, run)
    assert row(found, "held_out_loss_best")[0]["step"] == 400


def test_each_run_is_told_against_the_first(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, 1), told_run(experiment, 2, learning_rate=0.1), told_run(experiment, 3)]
    found = compared(client, *runs)
    assert [each["difference"] for each in found["runs"]] == [
        "",
        "Rate 0.1 instead of 0.05",
        "The same network and recipe",
    ]
    assert [each["letter"] for each in found["runs"]] == ["A", "B", "C"]
    assert compared(client, runs[1], runs[0])["runs"][1]["difference"] == "Rate 0.05 instead of 0.1"
    same = {each["id"]: each["same"] for each in found["rows"]}
    assert same["recipe:epochs"] and not same["recipe:learning_rate"]


def test_a_rate_set_by_hand_is_told_and_is_no_matter_of_seeds(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, n, seed=n) for n in (1, 2)]
    assert len(compared(client, *runs)["groups"]) == 1
    data = {"kind": "event", "step": 200, "name": "learning_rate", "value": 0.01, "message": "", "time": 1.0}
    RunEvent.objects.create(run=runs[1], attempt=1, step=200, kind="event", data=data)
    found = compared(client, *runs)
    assert len(found["groups"]) == 2
    assert [cell["words"] for cell in row(found, "set:Rate set by hand")] == ["never", "0.01 from step 200"]
    assert found["runs"][1]["difference"].endswith("rate set by hand: 0.01 from step 200")


def test_seeds_are_taken_together_and_others_are_not(client: Client, experiment: Experiment) -> None:
    one = [told_run(experiment, n, seed=n, test=0.9 + n / 1000) for n in (1, 2, 3)]
    other = [told_run(experiment, n, seed=n, test=0.95 + n / 1000, optimiser="adam") for n in (4, 5, 6)]
    found = compared(client, *one, *other)
    assert [group["seeds"] for group in found["groups"]] == [3, 3]
    (verdict,) = found["verdicts"]
    assert verdict["claimed"] and verdict["low"] < verdict["difference"] < verdict["high"] < 0
    alone = compared(client, one[0], other[0])
    assert not alone["verdicts"][0]["claimed"]
    assert "One seed tells nothing" in alone["verdicts"][0]["words"]


def test_a_run_that_still_trains_has_no_say_among_the_seeds(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, 1, seed=1), told_run(experiment, 2, seed=2, state="running")]
    (group,) = compared(client, *runs)["groups"]
    assert len(group["runs"]) == 2
    assert group["seeds"] <= 1


def test_what_is_missing_is_said_and_the_rest_is_shown(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment)
    found = compared(client, "0" * 32, run, "nonsense")
    assert [each["id"] for each in found["runs"]] == [run.pk]
    assert [each["id"] for each in found["missing"]] == ["0" * 32, "nonsense"]
    assert "deleted" in found["missing"][0]["message"]
    nothing = compared(client, "0" * 32)
    assert nothing["runs"] == [] and nothing["rows"] == []


def test_one_too_many_is_refused_with_the_way_out(client: Client) -> None:
    ids = ",".join(str(n) for n in range(MOST_COMPARED + 1))
    response = client.get("/api/compare", {"runs": ids})
    assert response.status_code == 422
    assert response.json()["error"]["message"] == "At most 20 runs are compared at once; 21 were chosen. Leave 1 out."
    assert client.get("/api/compare", {"runs": " , "}).status_code == 422
    assert client.get("/api/compare", {"runs": "a", "stream": "sounds"}).status_code == 422


def test_one_request_brings_every_curve(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, 1, steps=3000), told_run(experiment, 2, steps=0)]
    response = client.get(
        "/api/compare",
        {"runs": ",".join(run.pk for run in runs), "stream": "steps,validation", "points": 200},
        headers={"accept": "application/octet-stream"},
    )
    records = list(unpack(response.content))
    first, _ = decode(records[0], {"comparison": Comparison})
    assert isinstance(first, Comparison) and [run.step for run in first.runs] == [3000, 0]
    seen: dict[str, list[int]] = {}
    for record in records[1:]:
        header, payload = decode(record, {"run_rows": RunRows})
        assert isinstance(header, RunRows) and header.run == runs[0].pk
        table = table_from(payload, header.count, header.columns * (2 if header.level else 1))
        assert [each.quantity for each in header.series][:2] == ["loss", "accuracy"]
        if header.stream == "steps" and header.level:
            low, high = table.values[0], table.values[header.columns]
            np.testing.assert_allclose(high, 1 / (table.steps + 1.0), rtol=1e-5)
            assert (low < high).all()
        seen.setdefault(header.stream, []).extend(table.steps.tolist())
    assert len(seen["steps"]) <= 260 and seen["steps"][-1] == 2999
    assert seen["validation"] == list(range(100, 3001, 100))


def test_rows_of_some_runs_alone_can_be_asked_for(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, n) for n in (1, 2)]
    found = compared(client, *runs, stream="steps", rows=runs[1].pk)
    (curve,) = found["curves"]
    assert curve["run"] == runs[1].pk
    assert [column["quantity"] for column in curve["columns"]] == ["loss", "accuracy"]
    assert curve["values"][0][:3] == pytest.approx([1, 1 / 2, 1 / 3], rel=1e-5)
    assert len(found["runs"]) == 2


def test_what_has_not_changed_is_not_sent_again(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment)
    first = client.get("/api/compare", {"runs": run.pk})
    again = client.get("/api/compare", {"runs": run.pk}, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    Run.objects.filter(pk=run.pk).update(cursor=9)
    newer = client.get("/api/compare", {"runs": run.pk}, headers={"if-none-match": first.headers["ETag"]})
    assert newer.status_code == 200


def test_whoever_has_the_addresses_may_compare(experiment: Experiment) -> None:
    run = told_run(experiment)
    found = compared(guest(), run)
    assert found["runs"][0]["mine"] is False


def test_a_document_that_can_no_longer_be_read_is_no_end_of_it(client: Client, experiment: Experiment) -> None:
    broken = told_run(experiment, 2, network={"nodes": "lost"})
    Run.objects.filter(pk=broken.pk).update(network={"nodes": "lost"}, started=None, finished=None, recipe={})
    found = compared(client, told_run(experiment, 1), broken)
    assert found["runs"][1]["difference"] == ""


def test_the_best_for_their_cost_are_named(client: Client, experiment: Experiment) -> None:
    runs = [told_run(experiment, n, test=test) for n, test in ((1, 0.9), (2, 0.95), (3, 0.97))]
    for run, macs in zip(runs, (10, 100, 100), strict=True):
        Run.objects.filter(pk=run.pk).update(macs=macs)
    assert compared(client, *runs)["best"]["macs"] == [runs[0].pk, runs[2].pk]


def test_layers_are_told_by_depth_from_the_input_on(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment)
    response = client.get("/api/compare/profiles", {"runs": run.pk})
    (found,) = response.json()["profiles"]
    assert found["step"] == 399
    assert found["layers"] == [
        {"id": "c1", "label": "C1", "depth": 1, "gradient_rms": pytest.approx(1e-4),
         "update_ratio": pytest.approx(1e-3), "dead": 0.25},
        {"id": "head", "label": "HEAD", "depth": 2, "gradient_rms": pytest.approx(1e-2),
         "update_ratio": None, "dead": None},
    ]  # fmt: skip
    earlier = client.get("/api/compare/profiles", {"runs": run.pk, "step": 120}).json()["profiles"][0]
    assert earlier["step"] == 120
    empty = client.get("/api/compare/profiles", {"runs": told_run(experiment, 2, steps=0).pk}).json()
    assert empty["profiles"][0] == {"run": empty["profiles"][0]["run"], "step": None, "layers": []}


def test_superseded_rows_are_not_in_the_profile(client: Client, experiment: Experiment) -> None:
    run = told_run(experiment)
    values = np.array([[0.1], [0.5], [7e-4], [7e-2]], np.float32)
    append(run.pk, 2, "steps", Table(np.array([200], np.uint32), values))
    attempts = [{"attempt": 1, "first_step": 0}, {"attempt": 2, "first_step": 200}]
    Run.objects.filter(pk=run.pk).update(attempts=attempts, step=200, attempt=2)
    (found,) = client.get("/api/compare/profiles", {"runs": run.pk}).json()["profiles"]
    assert (found["step"], found["layers"][0]["gradient_rms"]) == (200, pytest.approx(7e-4))
    (before,) = client.get("/api/compare/profiles", {"runs": run.pk, "step": 199}).json()["profiles"]
    assert (before["step"], before["layers"][0]["gradient_rms"]) == (199, pytest.approx(1e-4))


def test_the_headline_holds_the_best_against_the_first(client: Client, experiment: Experiment) -> None:
    one, other = told_run(experiment, 1, test=0.9), told_run(experiment, 2, test=0.956)
    words = "Same parameters and multiply-adds; B takes 5.60 points off the test error of A."
    assert compared(client, one, other)["headline"] == words
    assert compared(client, other, one)["headline"] == "A errs least, on 4.40% of the test images."
    assert compared(client, one)["headline"] == ""
    assert (
        compared(client, one, told_run(experiment, 3, test=0.9))["headline"]
        == "All err alike: 10.00% of the test images."
    )


def test_some_runs_at_a_time_are_read_in_one_query(
    experiment: Experiment, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, steps in enumerate((400, 3_000, 513, 40_000, 70), 1):
        told_run(experiment, number, seed=number, steps=steps)
    ada = Viewer("guest", "ada")
    runs = list(Run.objects.seen_by(ada).order_by("number"))
    with django_assert_max_num_queries(2 + 2):
        told = comparison(runs, [], ada)
    with django_assert_max_num_queries(1 + 2 * 2):
        drawn = [curve_records(each) for each in curves(runs, ["steps", "validation"], 100)]
    assert all(drawn[:8]) and len(drawn) == 10
    monkeypatch.setattr(reading, "ends_of", lambda **_: Shelf())
    monkeypatch.setattr(figures, "ends_of", lambda **_: Shelf())
    assert [curve_records(each) for each in curves(runs, ["steps", "validation"], 100)] == drawn
    assert comparison(runs, [], ada) == told


def test_the_curves_are_those_of_the_history(experiment: Experiment) -> None:
    run = told_run(experiment, 1, steps=40_000)
    (found,) = curves([run], ["steps"], 100)
    for mine, whole in zip(found.parts, history(run, "steps", points=100), strict=True):
        columns = [0, 1] if mine.level == 0 else [0, 1, 4, 5]  # minima of four columns, then maxima
        assert (mine.level, mine.table.steps.tolist()) == (whole.level, whole.table.steps.tolist())
        assert np.array_equal(mine.table.values, whole.table.values[columns])
