"""Versions: what somebody did is a list, nothing that a run or a fork refers to is lost, and one can go back."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from tests.webapp.conftest import guest, saved, small_network
from webapp.experiments import versions
from webapp.experiments.models import Experiment, Version

pytestmark = pytest.mark.django_db

JSON = "application/json"


def with_units(units: int) -> dict[str, Any]:
    network = small_network()
    hidden = {"id": "hidden", "block": "dense", "params": {"units": units}}
    nodes = [*network["nodes"][:2], hidden, *network["nodes"][2:]]
    ways = [("input", "flat"), ("flat", "hidden"), ("hidden", "head"), ("head", "output")]
    return network | {"nodes": nodes, "edges": [{"source": a, "target": b} for a, b in ways]}


def save(client: Client, experiment: str, **changes: Any) -> dict[str, Any]:
    version = client.get(f"/api/experiments/{experiment}").json()["version"]
    response = client.patch(f"/api/experiments/{experiment}", {"version": version, **changes}, content_type=JSON)
    assert response.status_code == 200, response.content
    return response.json()


def listed(client: Client, experiment: str) -> list[dict[str, Any]]:
    return client.get(f"/api/experiments/{experiment}/versions").json()


def age(**by: float) -> None:
    Version.objects.update(created=timezone.now() - timedelta(**by))


def test_the_first_save_is_version_1(client: Client) -> None:
    made = saved(client)
    (only,) = listed(client, made["id"])
    assert (only["number"], only["what"], only["current"], only["parameters"]) == (1, "First save", True, 650)


def test_saves_within_minutes_are_one_version_and_later_ones_another(client: Client) -> None:
    made = saved(client)
    age(minutes=11)
    save(client, made["id"], network=with_units(8))
    save(client, made["id"], network=with_units(9), recipe={"dataset": "digits", "learning_rate": 0.01})
    newest, first = listed(client, made["id"])
    assert (newest["number"], newest["what"]) == (2, "Dense 9 added, rate 0.05 → 0.01")
    assert first["parameters"] == 650 and newest["parameters"] == 64 * 9 + 9 + 9 * 10 + 10
    age(minutes=11)
    save(client, made["id"], network=with_units(7))
    assert listed(client, made["id"])[0]["what"] == "Dense 7 changed"


def test_a_run_pins_the_version_it_froze(client: Client) -> None:
    made = saved(client)
    run = client.post(f"/api/experiments/{made['id']}/runs").json()
    assert run["version"] == 1
    save(client, made["id"], network=with_units(8))
    newest, first = listed(client, made["id"])
    assert (newest["number"], newest["runs"], first["runs"]) == (2, [], [1])
    assert client.get(f"/api/experiments/{made['id']}/versions/1").json()["network"] == run["network"]


def test_a_fork_pins_the_version_it_was_made_from(client: Client) -> None:
    made = saved(client)
    fork = client.post(f"/api/experiments/{made['id']}/duplicate").json()
    save(client, made["id"], network=with_units(8))
    assert [(each["number"], each["forks"]) for each in listed(client, made["id"])] == [(2, 0), (1, 1)]
    about = client.get(f"/api/experiments/{fork['id']}/about").json()
    assert (about["parent"]["id"], about["parent_version"]) == (made["id"], 1)
    cards = {card["id"]: card["forks"] for card in client.get("/api/experiments").json()}
    assert cards == {made["id"]: 1, fork["id"]: 0}


def test_a_name_or_a_place_on_the_drawing_is_no_version(client: Client) -> None:
    made = saved(client)
    client.post(f"/api/experiments/{made['id']}/runs")
    save(client, made["id"], name="Other", notes="Some")
    moved = small_network()
    moved["nodes"] = [{**node, "position": {"x": 5.0, "y": 6.0}} for node in moved["nodes"]]
    assert save(client, made["id"], network=moved)["network"]["nodes"][0]["position"] == {"x": 5.0, "y": 6.0}
    assert len(listed(client, made["id"])) == 1


def test_going_back_is_a_save_and_can_be_gone_back_on(client: Client) -> None:
    made = saved(client)
    age(minutes=11)
    save(client, made["id"], network=with_units(8))
    address = f"/api/experiments/{made['id']}/versions/1/revert"
    assert client.post(address, {"version": 1}, content_type=JSON).json()["error"]["code"] == "version"
    back = client.post(address, {"version": 2}, content_type=JSON).json()
    assert back["network"] == made["network"] and back["version"] == 3
    newest, middle, _ = listed(client, made["id"])
    assert (newest["number"], newest["note"], newest["current"]) == (3, "Back to version 1", True)
    assert middle["number"] == 2
    forth = client.post(f"/api/experiments/{made['id']}/versions/2/revert", {"version": 3}, content_type=JSON).json()
    assert forth["network"]["nodes"] == with_units(8)["nodes"]
    save(client, made["id"], network=with_units(5))
    assert listed(client, made["id"])[0]["number"] == 5, "what was gone back to stays as it is"


def test_an_experiment_from_before_versions_has_its_first_from_the_migration(client: Client) -> None:
    made, other = saved(client), saved(client)
    kept = Version.objects.get(experiment=other["id"]).pk
    Version.objects.filter(experiment=made["id"]).delete()
    long_ago = timezone.now() - timedelta(days=9)
    Experiment.objects.filter(pk=made["id"]).update(created=long_ago)
    import_module("webapp.experiments.migrations.0003_first_versions").first_versions(apps, None)
    assert Version.objects.get(experiment=other["id"]).pk == kept
    assert Version.objects.get(experiment=made["id"]).created == long_ago
    save(client, made["id"], network=with_units(8))
    newest, first = listed(client, made["id"])
    assert (newest["number"], first["number"], first["parameters"]) == (2, 1, 650)


def test_old_versions_go_unless_something_refers_to_them(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "KEPT", 3)
    made = saved(client)
    client.post(f"/api/experiments/{made['id']}/runs")
    for units in range(2, 9):
        age(minutes=11)
        save(client, made["id"], network=with_units(units))
    assert [each["number"] for each in listed(client, made["id"])] == [8, 7, 6, 1]


def test_versions_that_were_gone_back_to_go_as_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "KEPT", 3)
    made = saved(client)
    age(minutes=11)
    save(client, made["id"], network=with_units(8))
    for version in range(2, 9):
        newest = listed(client, made["id"])
        address = f"/api/experiments/{made['id']}/versions/{newest[1]['number']}/revert"
        assert client.post(address, {"version": version}, content_type=JSON).status_code == 200
    assert len(listed(client, made["id"])) == 3


def test_differences_between_versions_and_experiments(client: Client) -> None:
    made = saved(client)
    age(minutes=11)
    save(client, made["id"], network=with_units(8), recipe={"dataset": "digits", "epochs": 9})
    found = client.get(f"/api/experiments/{made['id']}/difference?other_version=1").json()
    assert (found["before"]["version"], found["after"]["version"]) == (1, 2)
    assert found["words"] == "Dense 8 added, epochs 3 → 9" and found["blocks"] == "1 added and 4 the same"
    assert {block["node"]: block["mark"] for block in found["drawing"]["blocks"]}["hidden"] == "added"
    assert [change["name"] for change in found["recipe"]] == ["epochs"]
    other = saved(client, name="Other")
    across = client.get(f"/api/experiments/{made['id']}/difference?other={other['id']}").json()
    assert across["before"]["name"] == "Other" and across["blocks"] == found["blocks"]
    assert client.get(f"/api/experiments/{made['id']}/difference?version=9").status_code == 404
    same = client.get(f"/api/experiments/{made['id']}/difference").json()
    assert same["words"] == "No change"


def test_others_see_neither_versions_nor_differences(client: Client) -> None:
    made, theirs = saved(client), saved(guest(), name="Theirs")
    stranger = guest()
    for part in ("about", "versions", "versions/1", "difference"):
        assert stranger.get(f"/api/experiments/{made['id']}/{part}").status_code == 404
    assert client.get(f"/api/experiments/{made['id']}/difference?other={theirs['id']}").status_code == 404
    revert = stranger.post(f"/api/experiments/{made['id']}/versions/1/revert", {"version": 1}, content_type=JSON)
    assert revert.status_code == 404


def test_a_deleted_parent_leaves_its_forks(client: Client) -> None:
    made = saved(client)
    fork = client.post(f"/api/experiments/{made['id']}/duplicate").json()
    assert client.delete(f"/api/experiments/{made['id']}").status_code == 204
    assert client.get(f"/api/experiments/{fork['id']}/about").json()["parent"] is None
    assert Experiment.objects.count() == 1


def test_about_tells_the_recipe_the_cost_and_what_is_wrong(client: Client) -> None:
    made = saved(client, notes="## Why\n\n*Because* <b>x</b>")
    about = client.get(f"/api/experiments/{made['id']}/about").json()
    assert about["recipe_words"][0].startswith("3 epochs of")
    assert about["cost"] == {"parameters": 650, "macs": 640, "depth": 1} and about["problem"] == ""
    assert about["notes_html"] == "<h4>Why</h4>\n<p><em>Because</em> &lt;b&gt;x&lt;/b&gt;</p>\n"
    broken = saved(client, network=small_network(edges=[]))
    wrong = client.get(f"/api/experiments/{broken['id']}/about").json()
    assert wrong["cost"] is None and wrong["problem"]
