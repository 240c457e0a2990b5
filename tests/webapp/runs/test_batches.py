"""Twins and sweeps: one press, several runs that differ in what they say and in nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from playground.datasets import DATASETS
from playground.network import read_network
from playground.plan import plan
from tests.webapp.conftest import guest, saved, small_network
from tests.webapp.runs.test_remedies import RELU_NETWORK
from webapp.experiments.models import Experiment
from webapp.runs.models import Batch, Run, RunState, Worker
from webapp.runs.pace import time_words

pytestmark = pytest.mark.django_db

JSON = "application/json"


def experiment(client: Client, **recipe: Any) -> dict[str, Any]:
    return saved(client, network=RELU_NETWORK, recipe={"dataset": "digits", "seed": 7, **recipe}, name="Small")


def twin(client: Client, of: str, kind: str, to: str = "") -> Any:
    return client.post(f"/api/experiments/{of}/twins", {"kind": kind, "options": {"to": to}}, content_type=JSON)


def sweep(client: Client, of: str, **body: Any) -> Any:
    return client.post(f"/api/experiments/{of}/sweep", body, content_type=JSON)


RATES = [{"field": "learning_rate", "values": [0.1, 0.01]}]


def test_offers_state_what_changes_and_what_it_costs(client: Client) -> None:
    made = experiment(client)
    offers = client.get(f"/api/experiments/{made['id']}/twins").json()
    tanh = next(each for each in offers if (each["kind"], each["option"]) == ("activation", "tanh"))
    assert tanh["name"] == "Small, Tanh" and tanh["says"] == "Every activation becomes Tanh."
    assert tanh["before"] == tanh["after"]
    deeper = next(each for each in offers if each["kind"] == "depth")
    steps = plan(read_network(RELU_NETWORK)).steps
    assert deeper["before"]["parameters"] == sum(step.parameters for step in steps)
    assert deeper["after"]["macs"] == deeper["before"]["macs"] + 16 * 16


def test_a_twin_and_its_original_are_queued_as_one_batch_with_one_seed(client: Client) -> None:
    made = experiment(client)
    response = twin(client, made["id"], "activation", "sigmoid")
    pair = response.json()
    assert response.status_code == 201, response.content
    original, other = (client.get(f"/api/runs/{run['id']}").json() for run in pair["runs"])
    assert (original["experiment"], other["experiment"]) == (made["id"], pair["experiment"])
    assert original["recipe"] == other["recipe"] and other["recipe"]["seed"] == 7
    blocks = [{node["block"] for node in run["network"]["nodes"]} for run in (original, other)]
    assert "relu" in blocks[0] and "relu" not in blocks[1] and "sigmoid" in blocks[1]
    assert original["batch"] == other["batch"] == pair["batch"]["id"]
    assert pair["batch"] | {"created": ""} == {
        "id": original["batch"], "kind": "twin", "title": "Small and Sigmoid", "created": "", "experiment": made["id"],
        "runs": 2, "waiting": 2, "live": 2,
    }  # fmt: skip
    about = client.get(f"/api/experiments/{pair['experiment']}/about").json()
    assert about["parent"] == {"id": made["id"], "name": "Small"} and about["parent_version"] == 1
    assert "Every activation becomes Sigmoid." in about["experiment"]["notes"]
    assert [fork["id"] for fork in client.get(f"/api/experiments/{made['id']}/about").json()["forks"]] == [
        pair["experiment"]
    ]


def test_a_twin_of_the_recipe_keeps_the_network(client: Client) -> None:
    made = experiment(client)
    pair = twin(client, made["id"], "initialisation", "small_normal").json()
    original, other = (client.get(f"/api/runs/{run['id']}").json() for run in pair["runs"])
    assert {key for key in original["recipe"] if original["recipe"][key] != other["recipe"][key]} == {"initialisation"}
    assert [node["block"] for node in original["network"]["nodes"]] == [
        node["block"] for node in other["network"]["nodes"]
    ]


@pytest.mark.parametrize(
    ("kind", "to", "path", "message"),
    [
        ("activation", "relu", "options.to", "This network has no twin 'relu' of kind 'activation'. It has: sigmoid"),
        ("shortcuts", "", "options.to", "It has: none."),
        ("colour", "", "kind", "There are no twins of kind 'colour'. Choose: activation"),
    ],
)
def test_a_twin_that_is_none_is_refused_and_leaves_nothing(
    client: Client, kind: str, to: str, path: str, message: str
) -> None:
    response = twin(client, experiment(client)["id"], kind, to)
    assert (response.status_code, response.json()["error"]["path"]) == (404, path)
    assert message in response.json()["error"]["message"]
    assert (Experiment.objects.count(), Run.objects.count(), Batch.objects.count()) == (1, 0, 0)


def test_where_there_is_no_room_for_both_there_is_neither(client: Client, settings: Any) -> None:
    made = experiment(client)
    settings.RUNS_WAITING_PER_GUEST = 1
    response = twin(client, made["id"], "depth")
    assert (response.status_code, response.json()["error"]["code"]) == (429, "too_many_runs")
    assert (Experiment.objects.count(), Run.objects.count(), Batch.objects.count()) == (1, 0, 0)


def test_what_cannot_train_has_no_twins_and_says_why(client: Client) -> None:
    broken = saved(client, network=small_network(edges=[]))
    assert client.get(f"/api/experiments/{broken['id']}/twins").json() == []
    assert twin(client, broken["id"], "activation", "tanh").json()["error"]["code"] == "not_trainable"


def test_a_dry_run_says_what_a_sweep_costs_and_starts_nothing(client: Client) -> None:
    made = experiment(client, epochs=2)
    response = sweep(client, made["id"], axes=RATES, seeds=2, dry_run=True)
    planned = response.json()
    digits, steps = DATASETS["digits"], plan(read_network(RELU_NETWORK)).steps
    one = sum(step.macs for step in steps) * (digits.train - digits.validation) * 2 * 3
    assert (response.status_code, planned["work"], planned["batch"]) == (200, 4 * one, None)
    assert [run["name"] for run in planned["runs"]] == [
        "rate 0.1, seed 7", "rate 0.1, seed 8", "rate 0.01, seed 7", "rate 0.01, seed 8",
    ]  # fmt: skip
    assert planned["seconds"] is None and "once one run of yours has finished" in planned["words"][1]
    assert Run.objects.count() == 0


def test_time_comes_from_a_run_that_was_timed(client: Client) -> None:
    made = experiment(client)
    twin(client, made["id"], "activation", "tanh")
    worker = Worker.objects.create(name="box", token_hash="x")
    run = Run.objects.filter(experiment=made["id"]).get()
    run.state, run.worker, run.step, run.ended = RunState.FINISHED, worker, 100, timezone.now()
    run.finished = {"seconds": 3.2}
    run.save()
    planned = sweep(client, made["id"], axes=[], seeds=3, dry_run=True).json()
    digits = DATASETS["digits"]
    images = (digits.train - digits.validation) * 3
    assert planned["seconds"] == pytest.approx(3 * images * 3.2 / (100 * 64))
    assert "on box, where run 1 of “Small” took 500 µs an image." in planned["words"][1]


def test_a_sweep_queues_runs_of_the_experiment_with_their_settings(client: Client) -> None:
    made = experiment(client)
    response = sweep(client, made["id"], axes=[*RATES, {"field": "hidden/units", "low": 4, "high": 16, "count": 3}])
    assert response.status_code == 201, response.content
    batch = client.get(f"/api/batches/{response.json()['batch']['id']}").json()
    assert (batch["kind"], batch["runs"], batch["title"]) == ("sweep", 6, "Sweep of rate and Dense 16 units")
    assert [[each["value"] for each in run["settings"]] for run in batch["members"]][:2] == [[0.1, 4], [0.1, 10]]
    run = client.get(f"/api/runs/{batch['members'][3]['id']}").json()
    assert run["recipe"]["learning_rate"] == 0.01 and run["network"]["nodes"][2]["params"]["units"] == 4
    assert (run["name"], run["version"]) == ("Small, rate 0.01, Dense 16 units 4", None)
    assert client.get(f"/api/experiments/{made['id']}").json()["recipe"]["learning_rate"] == 0.05


def test_seeds_are_a_batch_of_their_own_kind(client: Client) -> None:
    made = experiment(client)
    batch = sweep(client, made["id"], seeds=3).json()["batch"]
    assert (batch["kind"], batch["title"], batch["runs"]) == ("seeds", "3 seeds", 3)
    assert sorted(Run.objects.values_list("recipe__seed", flat=True)) == [7, 8, 9]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "axes"),
        ({"axes": [{"field": "learning_rate", "values": [-1]}]}, "axes[0].values[0]"),
        ({"axes": [{"field": "nowhere/units", "values": [1]}]}, "axes[0].field"),
        ({"seeds": 25}, "seeds"),
        ({"axes": [{"field": "learning_rate", "low": 0.1, "high": 1, "count": 9}], "seeds": 3}, "axes"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_with_its_path(client: Client, body: dict[str, Any], path: str) -> None:
    response = sweep(client, experiment(client)["id"], **body)
    assert (response.status_code, response.json()["error"]["path"]) == (422, path)
    assert Run.objects.count() == 0


def test_a_dry_run_of_what_is_half_typed_says_why_it_cannot_be(client: Client) -> None:
    axes = [{"field": "learning_rate", "values": [-1]}]
    response = sweep(client, experiment(client)["id"], axes=axes, dry_run=True)
    assert response.status_code == 200
    assert response.json()["problem"] == "Rate cannot be -1. Use a number from 0 to 100."
    assert response.json()["runs"] == []


def test_the_form_has_what_can_be_swept(client: Client) -> None:
    form = client.get(f"/api/experiments/{experiment(client)['id']}/sweep").json()
    assert (form["most_runs"], form["most_axes"], form["seed"]) == (24, 2, 7)
    assert {"learning_rate", "hidden/units"} <= {each["field"] for each in form["fields"]}


def test_cancelling_a_batch_stops_what_waits_and_nothing_else(client: Client) -> None:
    made = experiment(client)
    batch = sweep(client, made["id"], axes=RATES, seeds=2).json()["batch"]["id"]
    first = Run.objects.order_by("number").first()
    assert first is not None
    Run.objects.filter(pk=first.pk).update(state=RunState.RUNNING)
    alone = client.post(f"/api/experiments/{made['id']}/runs").json()["id"]
    response = client.post(f"/api/batches/{batch}/cancel")
    assert (response.status_code, response.json()["waiting"], response.json()["live"]) == (202, 0, 1)
    assert sorted(run["state"] for run in response.json()["members"]) == ["running", "stopped", "stopped", "stopped"]
    assert Run.objects.get(pk=alone).state == RunState.QUEUED


def test_a_batch_is_its_owners_alone(client: Client) -> None:
    made = experiment(client)
    batch = sweep(client, made["id"], seeds=2).json()["batch"]["id"]
    stranger = guest()
    assert stranger.get(f"/api/batches/{batch}").status_code == 404
    assert stranger.post(f"/api/batches/{batch}/cancel").status_code == 404
    assert stranger.get(f"/api/experiments/{made['id']}/twins").status_code == 404
    assert sweep(stranger, made["id"], seeds=2).status_code == 404
    assert twin(stranger, made["id"], "depth").status_code == 404
    assert Run.objects.filter(state=RunState.QUEUED).count() == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (40, "40 s"), (200, "3 min"), (7800, "2 h 10 min"), (7200, "2 h")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert time_words(seconds) == words
