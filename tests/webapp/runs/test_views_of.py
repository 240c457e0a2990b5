"""The runs of a guest as dots of the comparison plane: own ones only, with costs that were counted once."""

from __future__ import annotations

import importlib
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from playground.analysis import analyse
from playground.network import read_network
from tests.webapp.conftest import guest, saved, small_network, started
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.runs.views_of import run_points
from webapp.viewers import Viewer

pytestmark = pytest.mark.django_db


def points(client: Client, dataset: str = "") -> list[dict[str, Any]]:
    response = client.get("/api/runs", {"dataset": dataset} if dataset else {})
    assert response.status_code == 200, response.content
    return response.json()


def wide_network() -> dict[str, Any]:
    """64 · 100 + 100 and 100 · 10 + 10 parameters."""
    blocks: list[dict[str, Any]] = [
        {"id": "input", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
        {"id": "flat", "block": "flatten"},
        {"id": "wide", "block": "dense", "params": {"units": 100}},
        {"id": "head", "block": "dense", "params": {"units": 10}},
        {"id": "output", "block": "output"},
    ]
    names = [block["id"] for block in blocks]
    edges = [{"source": one, "target": other} for one, other in pairwise(names)]
    return small_network(nodes=blocks, edges=edges)


def test_a_point_says_what_the_frozen_network_costs(client: Client) -> None:
    run = started(client, name="Before")
    changed = {"version": 1, "network": wide_network(), "name": "After"}
    client.patch(f"/api/experiments/{run['experiment']}", changed, content_type="application/json")
    client.post(f"/api/experiments/{run['experiment']}/runs")
    newest, first = points(client)
    assert (first["parameters"], first["macs"]) == (650, 640)
    assert (newest["parameters"], newest["macs"]) == (7510, 7400)
    assert (first["id"], first["number"], first["experiment"], first["dataset"], first["state"]) == (
        run["id"], 1, run["experiment"], "digits", "queued",
    )  # fmt: skip
    assert [(point["name"], point["experiment_name"]) for point in (newest, first)] == [
        ("After", "After"),
        ("Before", "After"),
    ]


@pytest.mark.parametrize(
    ("measured", "error", "on"),
    [
        ({}, None, None),
        ({"best_validation_accuracy": 0.75}, 25.0, "validation"),
        ({"best_validation_accuracy": 0.75, "test_accuracy": 0.5}, 50.0, "test"),
        ({"test_accuracy": 1.0}, 0.0, "test"),
        ({"best_validation_accuracy": 0.0}, 100.0, "validation"),
    ],
)
def test_the_error_is_the_tests_once_it_was_seen(
    client: Client, measured: dict[str, float], error: float | None, on: str | None
) -> None:
    started(client)
    Run.objects.update(state="finished", **measured)
    (point,) = points(client)
    assert (point["error"], point["measured_on"]) == (error, on)


def test_the_plane_of_one_data_set_has_its_runs_alone(client: Client) -> None:
    digits = started(client)
    other = small_network()
    other["nodes"][0]["params"] = {"channels": 1, "height": 28, "width": 28}
    mnist = started(client, network=other, recipe={"dataset": "mnist"})
    assert [point["id"] for point in points(client, "mnist")] == [mnist["id"]]
    assert {point["id"] for point in points(client)} == {digits["id"], mnist["id"]}
    assert points(client, "shapes") == []


def test_a_data_set_that_is_not_known_is_refused(client: Client) -> None:
    response = client.get("/api/runs", {"dataset": "cats"})
    assert response.status_code == 422
    assert "There is no data set named 'cats'. Choose one of: mnist" in response.json()["error"]["message"]


def test_nobody_sees_the_runs_of_another(client: Client) -> None:
    started(client)
    stranger = guest()
    assert points(stranger) == []
    saved(stranger)
    assert points(stranger) == []
    assert len(points(client)) == 1


def test_a_thousand_runs_take_two_queries_that_read_no_document(django_assert_num_queries: Any) -> None:
    experiment = Experiment.objects.create(owner="ada", name="Many", network=small_network(), recipe={})
    recipe = {"dataset": "digits"}
    Run.objects.bulk_create(
        Run(experiment=experiment, number=n, name="Many", network=small_network(), recipe=recipe, parameters=n, macs=n)
        for n in range(1, 1001)
    )
    with django_assert_num_queries(2) as asked:
        found = run_points(Viewer("guest", "ada"), "digits")
    assert sorted(point.number for point in found) == list(range(1, 1001))
    assert '"network"' not in asked.captured_queries[0]["sql"]


def test_runs_of_an_older_site_are_counted_when_it_is_updated() -> None:
    experiment = Experiment.objects.create(owner="ada", name="Old", network=small_network(), recipe={})
    documents = [small_network(), wide_network(), small_network(), {"nodes": "lost"}]
    for number, document in enumerate(documents, start=1):
        Run.objects.create(experiment=experiment, number=number, name="Old", network=document, recipe={})
    importlib.import_module("webapp.runs.migrations.0003_run_cost").count(apps, None)
    counted = list(Run.objects.order_by("number").values_list("parameters", "macs"))
    small, wide = (analyse(read_network(document)).totals for document in (small_network(), wide_network()))
    ours = [(totals.parameters, totals.macs) for totals in (small, wide, small)]
    assert counted == [*ours, (None, None)]
