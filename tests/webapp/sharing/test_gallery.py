"""The gallery shows what its owners published, and that alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webapp.accounts.builders import member
from tests.webapp.conftest import guest, saved, started
from tests.webapp.sharing.conftest import came_by, published, shared, visibility
from webapp.experiments.models import Experiment
from webapp.runs.models import Run
from webapp.sharing.models import Publication

pytestmark = pytest.mark.django_db


def gallery(client: Client | None = None, **asked: Any) -> dict[str, Any]:
    response = (client or guest()).get("/api/gallery", asked)
    assert response.status_code == 200, response.content
    return response.json()


def names(**asked: Any) -> list[str]:
    return [card["name"] for card in gallery(**asked)["cards"]]


def test_only_what_is_public_is_shown(owner: Client) -> None:
    saved(owner, name="Private")
    shared(owner, saved(owner, name="By link")["id"])
    published(owner, saved(owner, name="Public")["id"])
    assert names() == ["Public"]
    assert [card["mine"] for card in gallery(owner)["cards"]] == [True]


def test_publishing_wants_to_be_confirmed_and_says_what_becomes_visible(owner: Client) -> None:
    run = started(owner, name="Mine", notes="what I think of it")
    address = f"/api/experiments/{run['experiment']}"
    answer = owner.put(f"{address}/visibility", {"visibility": "public"}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "unconfirmed")
    assert names() == []
    said = owner.get(f"{address}/sharing").json()["public"]
    assert any("“Mine”" in line for line in said)
    assert any("5 words" in line for line in said) and any(line.startswith("1 run ") for line in said)
    published(owner, run["experiment"])
    assert guest().get(f"{address}/about").status_code == 200


def test_its_owner_takes_it_back_at_any_time(owner: Client) -> None:
    experiment = saved(owner)["id"]
    published(owner, experiment)
    holder = came_by(shared(owner, experiment)["token"])
    told = visibility(owner, experiment, "link")
    assert (told["visibility"], names()) == ("link", [])
    assert guest().get(f"/api/experiments/{experiment}").status_code == 404
    assert holder.get(f"/api/experiments/{experiment}").status_code == 200
    published(owner, experiment)
    assert len(names()) == 1


def test_a_card_shows_the_best_of_its_runs_and_what_others_made_of_it(owner: Client) -> None:
    run = started(owner, name="Shown")
    experiment = run["experiment"]
    owner.post(f"/api/experiments/{experiment}/runs")
    published(owner, experiment)
    card = gallery()["cards"][0]
    assert (card["accuracy"], card["measured_on"], card["runs"]) == (None, None, 2)
    Run.objects.filter(pk=run["id"]).update(best_validation_accuracy=0.9)
    Run.objects.exclude(pk=run["id"]).update(best_validation_accuracy=0.7)
    assert [gallery()["cards"][0][key] for key in ("accuracy", "measured_on")] == [0.9, "validation"]
    Run.objects.exclude(pk=run["id"]).update(test_accuracy=0.65)
    assert [gallery()["cards"][0][key] for key in ("accuracy", "measured_on")] == [0.65, "test"]
    assert gallery()["cards"][0]["forks"] == 0
    owner.post(f"/api/experiments/{experiment}/duplicate")  # one's own copies do not count
    guest().post(f"/api/experiments/{experiment}/duplicate")
    guest().post(f"/api/runs/{run['id']}/fork")
    assert gallery()["cards"][0]["forks"] == 2


def test_it_is_searched_and_sorted(owner: Client) -> None:
    for name in ("Deep plain", "Deep residual", "Wide"):
        published(owner, saved(owner, name=name)["id"])
    assert names() == ["Wide", "Deep residual", "Deep plain"]
    assert names(q="deep RES") == ["Deep residual"]
    assert names(q="digits wide") == ["Wide"]
    assert names(q="nothing") == []
    guest().post(f"/api/experiments/{Experiment.objects.get(name='Deep plain').pk}/duplicate")
    assert names(sort="forks")[0] == "Deep plain"
    assert guest().get("/api/gallery", {"sort": "size"}).status_code == 422


def test_it_comes_in_pages_with_as_few_queries_as_ever(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = Experiment.objects.get(pk=saved(owner)["id"])
    more = [
        Experiment(owner=first.owner, name=f"{number}", network=first.network, recipe=first.recipe)
        for number in range(60)
    ]
    Experiment.objects.bulk_create(more)
    Publication.objects.bulk_create(Publication(experiment=each) for each in more)
    with django_assert_max_num_queries(3):
        page = gallery(page=3)
    assert (page["total"], page["pages"], len(page["cards"])) == (60, 3, 12)
    seen = {card["id"] for number in (1, 2, 3) for card in gallery(page=number)["cards"]}
    assert len(seen) == 60
    assert gallery(page=9)["cards"] == []


def test_staff_take_one_down_with_a_reason_that_its_owner_reads(owner: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    experiment = saved(owner, name="Unfit")["id"]
    published(owner, experiment)
    staff = guest()
    root = member("root@example.org", is_staff=True, is_superuser=True)
    staff.force_login(root, "allauth.account.auth_backends.AuthenticationBackend")
    address, chosen = "/admin/sharing/publication/", {"_selected_action": experiment}
    page = staff.post(address, {"action": "take_down", "reason": " ", **chosen}, follow=True)
    assert b"Say why" in page.content and names() == ["Unfit"]
    staff.post(address, {"action": "take_down", "reason": "Somebody's pictures.", **chosen})
    assert names() == []
    assert guest().get(f"/api/experiments/{experiment}").status_code == 404
    assert owner.get(f"/api/experiments/{experiment}/sharing").json()["taken_down"] == "Somebody's pictures."
    body = {"visibility": "public", "confirmed": True}
    answer = owner.put(f"/api/experiments/{experiment}/visibility", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "taken_down")
    assert "Somebody's pictures." in answer.json()["error"]["message"]
    staff.post(address, {"action": "let_back", **chosen})
    assert names() == ["Unfit"]


def test_staff_revoke_links(owner: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    experiment = saved(owner)["id"]
    made = shared(owner, experiment)
    staff = guest()
    root = member("root@example.org", is_staff=True, is_superuser=True)
    staff.force_login(root, "allauth.account.auth_backends.AuthenticationBackend")
    page = staff.get("/admin/sharing/sharelink/")
    assert page.status_code == 200 and made["token"] not in page.content.decode()
    staff.post("/admin/sharing/sharelink/", {"action": "revoke", "_selected_action": made["id"]})
    assert guest().get(f"/s/{made['token']}").status_code == 410


def test_a_fork_is_ones_own_and_says_where_it_is_from(owner: Client) -> None:
    run = started(owner, name="Origin", notes="My thoughts.")
    experiment = run["experiment"]
    stranger = came_by(shared(owner, experiment)["token"])
    fork = stranger.post(f"/api/experiments/{experiment}/duplicate").json()
    assert fork["mine"] and fork["name"] == "Origin"
    assert fork["notes"] == "Forked from “Origin”, version 1.\n\nMy thoughts."
    about = stranger.get(f"/api/experiments/{fork['id']}/about").json()
    assert (about["parent"], about["parent_version"]) == ({"id": experiment, "name": "Origin"}, 1)
    of_run = stranger.post(f"/api/runs/{run['id']}/fork").json()
    assert of_run["notes"] == "Forked from run 1 of “Origin”." and of_run["network"] == run["network"]
    assert Experiment.objects.get(pk=of_run["id"]).parent_id == experiment
    assert {card["id"] for card in stranger.get("/api/experiments").json()} == {fork["id"], of_run["id"]}
    assert stranger.post(f"/api/experiments/{fork['id']}/runs").status_code == 201
    assert owner.get(f"/api/experiments/{fork['id']}").status_code == 404
