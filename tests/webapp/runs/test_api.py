"""Runs: frozen, queued, watched by whoever has the address, commanded by their owner alone."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webapp.conftest import guest, saved, small_network, started
from tests.webapp.runs.queue import hello
from webapp.experiments.models import Experiment
from webapp.identifiers import new_id
from webapp.problems import Refusal
from webapp.runs.leases import lease_next
from webapp.runs.models import DatasetCardRow, Run, Worker
from webapp.runs.services import run_enqueue

pytestmark = pytest.mark.django_db


def test_a_run_waits_and_says_for_what(client: Client) -> None:
    run = started(client)
    assert (run["state"], run["number"], run["mine"], run["spark"]) == ("queued", 1, True, [])
    assert "No worker is connected" in run["waiting_for"]
    assert client.get(f"/api/runs/{run['id']}").json() == run


def test_runs_are_numbered_within_their_experiment(client: Client) -> None:
    experiment = saved(client)["id"]
    numbers = [client.post(f"/api/experiments/{experiment}/runs").json()["number"] for _ in range(3)]
    saved_runs = client.get(f"/api/experiments/{experiment}").json()["runs"]
    assert numbers == [1, 2, 3]
    assert [run["number"] for run in saved_runs] == [3, 2, 1]


def test_a_run_keeps_the_network_it_was_started_with(client: Client) -> None:
    run = started(client)
    changed = small_network(name="Changed")
    body = {"version": 1, "network": changed, "recipe": {"dataset": "digits", "epochs": 50}}
    client.patch(f"/api/experiments/{run['experiment']}", body, content_type="application/json")
    kept = client.get(f"/api/runs/{run['id']}").json()
    assert (kept["network"], kept["recipe"]["epochs"]) == (small_network(), 3)


def test_a_run_freezes_what_is_saved_now_not_what_was_read_before(client: Client) -> None:
    stale = Experiment.objects.get(pk=saved(client)["id"])
    client.post(f"/api/experiments/{stale.pk}/runs")
    changed = small_network()
    changed["nodes"].insert(2, {"id": "act", "block": "relu"})
    changed["edges"] = [{"source": a, "target": b} for a, b in pairwise(("input", "flat", "act", "head", "output"))]
    body = {"version": 1, "network": changed}
    assert client.patch(f"/api/experiments/{stale.pk}", body, content_type="application/json").status_code == 200
    run = run_enqueue(experiment=stale)
    assert run.version is not None
    assert (run.network, run.version.network, run.version.number) == (changed, changed, 2)
    Experiment.objects.all().delete()
    with pytest.raises(Refusal, match="It has been deleted"):
        run_enqueue(experiment=stale)


def put(client: Client, run: str, **body: object) -> tuple[int, dict]:
    response = client.put(f"/api/runs/{run}", body, content_type="application/json")
    return response.status_code, response.json()


def test_a_new_network_is_saved_and_queued_in_one_under_the_id_that_the_page_chose(client: Client) -> None:
    chosen = new_id()
    new = {"network": small_network(), "recipe": {"dataset": "digits"}, "name": "Mine", "notes": "why"}
    status, begun = put(client, chosen, new=new)
    assert status == 201 and begun["run"]["id"] == chosen and begun["run"]["number"] == 1
    experiment = client.get(f"/api/experiments/{begun['experiment']['id']}").json()
    assert begun["experiment"] == experiment and experiment["name"] == "Mine" and experiment["notes"] == "why"
    assert client.get(f"/api/runs/{chosen}").json() == begun["run"]


def test_what_changed_is_saved_and_trained_in_one(client: Client) -> None:
    made = saved(client)
    changed = {"version": 1, "name": "Better", "network": small_network(name="Better"), "recipe": {"dataset": "digits"}}
    status, begun = put(client, new_id(), experiment=made["id"], save=changed)
    assert (status, begun["experiment"]["version"], begun["experiment"]["id"]) == (201, 2, made["id"])
    assert (begun["run"]["name"], begun["run"]["network"]) == ("Better", small_network(name="Better"))
    status, again = put(client, new_id(), experiment=made["id"])
    assert (status, again["experiment"]["version"], again["run"]["number"]) == (201, 2, 2)
    assert [run["id"] for run in again["experiment"]["runs"]] == [again["run"]["id"], begun["run"]["id"]]


def test_of_a_press_that_is_refused_nothing_stays(client: Client, settings: object) -> None:
    made = saved(client)
    before = client.get(f"/api/experiments/{made['id']}").json()
    stale = {"version": 7, "name": "Stale"}
    assert put(client, new_id(), experiment=made["id"], save=stale)[1]["error"]["code"] == "version"
    wrong = {"version": 1, "recipe": {"dataset": "mnist"}}
    assert put(client, new_id(), experiment=made["id"], save=wrong)[1]["error"]["code"] == "not_trainable"
    assert put(client, new_id(), new={"network": small_network()})[0] == 422  # of 8×8, and the default is MNIST
    settings.RUNS_WAITING_PER_GUEST = 1
    run = put(client, new_id(), experiment=made["id"])[1]["run"]["id"]
    assert put(client, new_id(), experiment=made["id"], save={"version": 1, "name": "Full"})[0] == 429
    after = client.get(f"/api/experiments/{made['id']}").json()
    assert [card["id"] for card in after["runs"]] == [run]
    assert {**after, "runs": []} == {**before, "runs": []}
    assert Experiment.objects.count() == 1


def test_a_press_that_is_asked_for_again_says_what_was_begun(client: Client) -> None:
    chosen = new_id()
    new = {"network": small_network(), "recipe": {"dataset": "digits"}}
    first, again = put(client, chosen, new=new), put(client, chosen, new=new)
    assert first == again and first[0] == 201
    assert (Experiment.objects.count(), Run.objects.count()) == (1, 1)


def test_a_press_means_the_save_that_was_seen(client: Client) -> None:
    made = saved(client)
    status, begun = put(client, new_id(), experiment=made["id"], save={"version": 1})
    assert (status, begun["experiment"]["version"]) == (201, 1)
    body = {"version": 1, "name": "Elsewhere"}
    assert client.patch(f"/api/experiments/{made['id']}", body, content_type="application/json").status_code == 200
    status, answer = put(client, new_id(), experiment=made["id"], save={"version": 1})
    assert (status, answer["error"]["code"]) == (409, "version")
    assert Run.objects.count() == 1


def test_the_id_of_a_deleted_run_is_not_given_again(client: Client) -> None:
    made, chosen = saved(client), new_id()
    assert put(client, chosen, experiment=made["id"])[0] == 201
    assert lease_next(worker_id=Worker.objects.create(name="here").pk, hello=hello()) is not None
    Run.objects.update(state="stopped")
    assert client.delete(f"/api/runs/{chosen}").status_code == 204
    status, answer = put(client, chosen, experiment=made["id"])
    assert (status, answer["error"]["code"]) == (409, "id_taken")


def test_a_press_on_somebody_elses_experiment_or_run_is_refused(client: Client) -> None:
    theirs, other = started(client), guest()
    mine = saved(other)["id"]
    assert put(other, new_id(), experiment=theirs["experiment"])[0] == 404
    status, answer = put(other, theirs["id"], experiment=mine)
    assert (status, answer["error"]["code"]) == (409, "id_taken")
    assert Run.objects.count() == 1


@pytest.mark.parametrize("run", ["x", "A" * 32, "0" * 31, "0" * 33])
def test_a_run_takes_no_id_that_could_be_guessed_or_is_none(client: Client, run: str) -> None:
    assert put(client, run, new={"network": small_network(), "recipe": {"dataset": "digits"}})[0] == 422


@pytest.mark.parametrize("body", [{}, {"experiment": "a", "new": {"network": {}}}, {"save": {"version": 1}}])
def test_a_press_names_one_experiment_or_brings_a_new_one(client: Client, body: dict[str, object]) -> None:
    status, answer = put(client, new_id(), **body)
    assert status == 422 and "experiment" in answer["error"]["message"]


def test_a_network_that_cannot_train_is_not_queued(client: Client) -> None:
    nodes = [node for node in small_network()["nodes"] if node["id"] != "head"]
    edges = [{"source": "input", "target": "flat"}, {"source": "flat", "target": "output"}]
    experiment = saved(client, network=small_network(nodes=nodes, edges=edges))["id"]
    response = client.post(f"/api/experiments/{experiment}/runs")
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (422, "not_trainable")
    assert "64" in error["message"] and "10" in error["message"]
    assert not Run.objects.exists()


def test_images_of_another_size_are_not_queued(client: Client) -> None:
    experiment = saved(client, recipe={"dataset": "mnist"})["id"]
    error = client.post(f"/api/experiments/{experiment}/runs").json()["error"]
    assert error["message"] == (
        "The images of the data have 1 channel of 28×28, but Input takes 1 channel of 8×8."
        " Set Input to 1 channel of 28×28, or choose another data set."
    )


def test_there_is_room_for_so_many_waiting_runs(client: Client, settings: object) -> None:
    settings.RUNS_WAITING_PER_GUEST = 2
    experiment = saved(client)["id"]
    statuses = [client.post(f"/api/experiments/{experiment}/runs").status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    Run.objects.update(state="finished")
    assert client.post(f"/api/experiments/{experiment}/runs").status_code == 201


def test_whoever_has_the_address_may_look_and_do_nothing_else(client: Client) -> None:
    run, other = started(client), guest()
    saved(other)
    address = f"/api/runs/{run['id']}"
    seen = other.get(address).json()
    assert seen == run | {"mine": False, "about": False}
    for path in (f"{address}/history", f"{address}/frames"):
        assert other.get(path).status_code == 200
    refused = [
        other.post(f"{address}/commands", {"kind": "stop"}, content_type="application/json"),
        other.patch(address, {"name": "mine now"}, content_type="application/json"),
        other.delete(address),
        guest().delete(address),
    ]
    assert {(response.status_code, response.json()["error"]["code"]) for response in refused} == {(403, "not_yours")}
    assert client.get(address).json() == run


def test_addresses_cannot_be_guessed(client: Client) -> None:
    first, second = started(client), started(client)
    assert len(first["id"]) == 32 and first["id"] != second["id"]
    assert int(first["id"], 16) ^ int(second["id"], 16) > 2**64


def test_a_waiting_run_stops_at_once(client: Client) -> None:
    run = started(client)
    response = client.post(f"/api/runs/{run['id']}/commands", {"kind": "stop"}, content_type="application/json")
    assert (response.status_code, response.json()["state"]) == (202, "stopped")


@pytest.mark.parametrize("body", [{"kind": "explode"}, {}, {"kind": "learning_rate", "value": "fast"}])
def test_commands_that_are_none(client: Client, body: dict) -> None:
    run = started(client)
    response = client.post(f"/api/runs/{run['id']}/commands", body, content_type="application/json")
    assert response.status_code == 422


def test_a_run_that_has_ended_takes_no_command(client: Client) -> None:
    run = started(client)
    Run.objects.update(state="finished")
    response = client.post(f"/api/runs/{run['id']}/commands", {"kind": "pause"}, content_type="application/json")
    assert response.status_code == 409


def test_renaming(client: Client) -> None:
    run = started(client)
    response = client.patch(f"/api/runs/{run['id']}", {"name": "with tanh"}, content_type="application/json")
    assert response.json()["name"] == "with tanh"


def test_a_run_that_trains_is_not_deleted(client: Client) -> None:
    run = started(client)
    Run.objects.update(state="paused")
    assert client.delete(f"/api/runs/{run['id']}").status_code == 409
    Run.objects.update(state="stopped")
    assert client.delete(f"/api/runs/{run['id']}").status_code == 204
    assert client.get(f"/api/runs/{run['id']}").status_code == 404


def test_a_data_set_shows_what_a_worker_reported(client: Client) -> None:
    from playground.protocol import DatasetCard
    from webapp.runs.services import dataset_card_store

    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    card = DatasetCard(
        name="digits",
        columns=1,
        tile_height=8,
        tile_width=8,
        positions=[0] * 10,
        train_counts=[1] * 10,
        validation_counts=[1] * 10,
        test_counts=[1] * 10,
        mean=[0.3],
        std=[0.4],
        bytes=len(png),
    )
    dataset_card_store(card, png + b"padding")
    dataset_card_store(card.model_copy(update={"name": "unknown"}), png)
    dataset_card_store(card.model_copy(update={"name": "mnist"}), b"<script>")
    digits = next(view for view in client.get("/api/datasets").json() if view["dataset"]["name"] == "digits")
    picture = client.get("/api/datasets/digits/samples.png")
    assert digits["card"]["train_counts"] == [1] * 10
    assert (picture.content, picture["Content-Type"]) == (png, "image/png")
    assert list(DatasetCardRow.objects.values_list("name", flat=True)) == ["digits"]
    assert client.get("/api/datasets/mnist/samples.png").status_code == 404


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    image=st.text(max_size=2000) | st.binary(min_size=62, max_size=66).map(lambda data: base64.b64encode(data).decode())
)
def test_a_hostile_image_is_refused_in_words(image: str, client: Client) -> None:
    run = Run.objects.first() or Run.objects.get(pk=started(client)["id"])
    Run.objects.update(state="running")
    body = {"kind": "probe", "image": image}
    response = client.post(f"/api/runs/{run.pk}/commands", body, content_type="application/json")
    if response.status_code == 202:
        assert len(base64.b64decode(image)) == 64
    else:
        assert response.status_code in {400, 422} and response.json()["error"]["message"]


def test_an_image_of_any_size_is_refused_before_it_is_read(client: Client) -> None:
    run = started(client)
    body = {"kind": "probe", "image": "A" * 100_000}
    response = client.post(f"/api/runs/{run['id']}/commands", body, content_type="application/json")
    assert response.status_code == 422
