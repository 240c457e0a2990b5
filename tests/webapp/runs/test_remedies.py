"""A remedy trains a twin: whoever may look may build on it, and the twin differs in one thing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from playground.protocol import Alert, AlertRemedy
from tests.webapp.conftest import guest, small_network, started
from webapp.experiments.models import Experiment
from webapp.runs.models import Run, RunEvent

pytestmark = pytest.mark.django_db

RELU_NETWORK = small_network(
    nodes=[
        *small_network()["nodes"][:2],
        {"id": "hidden", "block": "dense", "params": {"units": 16}},
        {"id": "relu", "block": "relu"},
        *small_network()["nodes"][2:],
    ],
    edges=[
        {"source": source, "target": target}
        for source, target in (
            ("input", "flat"), ("flat", "hidden"), ("hidden", "relu"), ("relu", "head"), ("head", "output"),
        )
    ],
)  # fmt: skip
DYING = Alert(
    id="doctor.dying 120", rule="doctor.dying", level="warning", step=130, since=120, layer="relu", layers=["relu"],
    title="Dense 16 is dying: 42% of units never fire", evidence="It began by step 120.", fine="", why="", value=0.42,
    remedies=[
        AlertRemedy(id="slower_now", label="Rate to 0.005 now", twin="", rate=0.005),
        AlertRemedy(id="leaky_relu", label="Use leaky ReLU", twin="leaky ReLU"),
        AlertRemedy(id="slower", label="Train at rate 0.005", twin="rate 0.005"),
    ],
)  # fmt: skip


def ill_run(client: Client) -> dict[str, Any]:
    """A run of the client's that was told to be ill."""
    run = started(client, network=RELU_NETWORK, recipe={"dataset": "digits", "seed": 7}, name="Dies")
    RunEvent.objects.create(run_id=run["id"], attempt=1, step=130, kind="alert", data=DYING.model_dump(mode="json"))
    return run


def remedy(client: Client, run: str, remedy: str, alert: str = DYING.id) -> Any:
    body = {"alert": alert, "remedy": remedy}
    return client.post(f"/api/runs/{run}/remedy", body, content_type="application/json")


def test_a_twin_has_the_changed_network_the_same_recipe_and_waits(client: Client) -> None:
    run = ill_run(client)
    assert client.get(f"/api/runs/{run['id']}").json()["alerts"] == [DYING.model_dump(mode="json")]
    response = remedy(client, run["id"], "leaky_relu")
    twin = response.json()
    assert (response.status_code, twin["state"], twin["mine"]) == (201, "queued", True)
    assert twin["recipe"] == run["recipe"] and twin["recipe"]["seed"] == 7
    blocks = {node["id"]: node["block"] for node in twin["network"]["nodes"]}
    assert blocks["relu"] == "leaky_relu" and set(blocks) == {node["id"] for node in run["network"]["nodes"]}
    experiment = client.get(f"/api/experiments/{twin['experiment']}").json()
    assert twin["experiment"] != run["experiment"]
    assert (experiment["name"], twin["name"]) == ("Dies, leaky ReLU", "Dies, leaky ReLU")
    assert experiment["notes"].startswith("Twin of “Dies”, run 1: use leaky ReLU, all else alike.")


def test_a_twin_knows_what_it_was_made_from(client: Client) -> None:
    run = ill_run(client)
    twin = remedy(client, run["id"], "leaky_relu").json()
    about = client.get(f"/api/experiments/{twin['experiment']}/about").json()
    assert (about["parent"]["id"], about["parent_version"]) == (run["experiment"], 1)


def test_a_twin_may_differ_in_the_recipe_alone(client: Client) -> None:
    run = ill_run(client)
    twin = remedy(client, run["id"], "slower").json()
    assert twin["network"] == run["network"]
    assert {key for key in run["recipe"] if run["recipe"][key] != twin["recipe"][key]} == {"learning_rate"}


def test_the_run_that_was_frozen_counts_not_what_became_of_its_experiment(client: Client) -> None:
    run = ill_run(client)
    change = {"version": 1, "network": small_network()}
    client.patch(f"/api/experiments/{run['experiment']}", change, content_type="application/json")
    assert len(remedy(client, run["id"], "leaky_relu").json()["network"]["nodes"]) == 6


def test_a_stranger_gets_a_twin_of_their_own(client: Client) -> None:
    run, stranger = ill_run(client), guest()
    twin = remedy(stranger, run["id"], "leaky_relu").json()
    assert twin["mine"] is True
    assert stranger.get(f"/api/runs/{run['id']}").json()["mine"] is False
    assert client.get(f"/api/experiments/{twin['experiment']}").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "path", "message"),
    [
        ({"remedy": "leaky_relu", "alert": "doctor.dying 7"}, "alert", "This run has no alert 'doctor.dying 7'."),
        ({"remedy": "shortcuts"}, "remedy", "It has: leaky_relu, slower."),
        ({"remedy": "slower_now"}, "remedy", "This alert has no remedy 'slower_now' that trains a twin."),
    ],
)
def test_what_was_not_offered_is_refused(client: Client, wanted: dict[str, str], path: str, message: str) -> None:
    response = remedy(client, ill_run(client)["id"], **wanted)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["path"]) == (404, "not_found", path)
    assert message in error["message"]
    assert Experiment.objects.count() == 1


def test_where_no_run_can_be_queued_no_experiment_stays(client: Client, settings: Any) -> None:
    run = ill_run(client)
    settings.RUNS_WAITING_PER_GUEST = 1
    response = remedy(client, run["id"], "leaky_relu")
    assert (response.status_code, response.json()["error"]["code"]) == (429, "too_many_runs")
    assert (Experiment.objects.count(), Run.objects.count()) == (1, 1)


def test_a_run_that_is_not_there_has_no_remedy(client: Client) -> None:
    assert remedy(client, "nowhere", "leaky_relu").status_code == 404


def test_a_long_name_keeps_its_ending(client: Client) -> None:
    run = ill_run(client)
    Run.objects.filter(pk=run["id"]).update(name="x" * 120)
    assert remedy(client, run["id"], "leaky_relu").json()["name"] == "x" * 108 + ", leaky ReLU"
