"""A link opens what it says, to whoever has it, till it is revoked or expires; and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.webapp.accounts.builders import member
from tests.webapp.conftest import guest, saved, started
from tests.webapp.sharing.conftest import came_by, shared, visibility
from webapp.identifiers import token_hash
from webapp.sharing.models import ShareLink
from webapp.viewers import LINKS, MOST_LINKS

pytestmark = pytest.mark.django_db


def test_a_link_opens_the_experiment_with_its_runs_and_changes_nothing(owner: Client) -> None:
    run = started(owner, name="Shown")
    experiment = run["experiment"]
    stranger = came_by(shared(owner, experiment)["token"])
    about = stranger.get(f"/api/experiments/{experiment}/about").json()
    assert about["experiment"]["name"] == "Shown" and about["experiment"]["mine"] is False
    assert [card["id"] for card in about["experiment"]["runs"]] == [run["id"]]
    told = stranger.get(f"/api/runs/{run['id']}").json()
    assert told["mine"] is False and told["about"] is True
    assert stranger.get("/api/experiments").json() == []
    for method, path in (
        ("patch", f"/api/experiments/{experiment}"),
        ("delete", f"/api/experiments/{experiment}"),
        ("post", f"/api/experiments/{experiment}/runs"),
        ("get", f"/api/experiments/{experiment}/links"),
        ("post", f"/api/runs/{run['id']}/commands"),
    ):
        body = {"version": 1} if method == "patch" else {"kind": "stop"}
        extra = {} if method == "get" else {"data": body, "content_type": "application/json"}
        assert getattr(stranger, method)(path, **extra).status_code == 403, path


def test_a_link_leads_to_an_address_without_the_token(owner: Client) -> None:
    run = started(owner)
    experiment = run["experiment"]
    token = shared(owner, experiment)["token"]
    response = guest().get(f"/s/{token}", headers={"sec-fetch-mode": "navigate"})
    assert response["Location"] == f"/e/{experiment}/about"
    assert response["Referrer-Policy"] == "no-referrer" and response["Cache-Control"] == "no-store"
    token = shared(owner, experiment, run=run["id"])["token"]
    response = guest().get(f"/s/{token}", headers={"sec-fetch-mode": "navigate"})
    assert response["Location"] == f"/e/{experiment}/runs/{run['id']}"


def test_a_link_to_a_run_opens_that_run_alone(owner: Client) -> None:
    run = started(owner)
    stranger = came_by(shared(owner, run["experiment"], run=run["id"])["token"])
    assert stranger.get(f"/api/runs/{run['id']}").json()["about"] is False
    assert stranger.get(f"/api/experiments/{run['experiment']}").status_code == 404


def test_only_the_hash_of_a_token_is_kept(owner: Client) -> None:
    made = shared(owner, saved(owner)["id"])
    row = ShareLink.objects.get()
    assert row.hash == token_hash(made["token"]) and len(made["token"]) == 22
    assert made["token"] not in json.dumps({key: str(value) for key, value in vars(row).items()})
    assert made["token"] not in owner.get(f"/api/experiments/{row.experiment_id}/links").content.decode()


def test_a_revoked_link_opens_nothing_and_says_so(owner: Client) -> None:
    run = started(owner)
    experiment = run["experiment"]
    made = shared(owner, experiment)
    stranger = came_by(made["token"])
    assert owner.delete(f"/api/links/{made['id']}").status_code == 204
    page = stranger.get(f"/s/{made['token']}")
    assert page.status_code == 410 and b"no longer is" in page.content
    for path in (f"/api/experiments/{experiment}", f"/api/runs/{run['id']}", f"/api/embed/{made['token']}"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "link_over"), path
    (missing,) = stranger.get("/api/compare", {"runs": run["id"]}).json()["missing"]
    assert missing["message"].startswith("This was shared, and no longer is")
    assert owner.get(f"/api/runs/{run['id']}").status_code == 200


def test_the_address_of_a_run_is_enough_till_what_was_shared_is_taken_back(owner: Client) -> None:
    """Who came by the link has the address too, and cannot be told apart from others who have it."""
    run = started(owner)
    address = f"/api/runs/{run['id']}"
    assert guest().get(address).status_code == 200
    unopened = shared(owner, run["experiment"])
    owner.delete(f"/api/links/{unopened['id']}")
    assert guest().get(address).status_code == 200  # nobody has learnt anything by it
    one, other = shared(owner, run["experiment"]), shared(owner, run["experiment"])
    holder = came_by(other["token"])
    came_by(one["token"])
    owner.delete(f"/api/links/{one['id']}")
    assert guest().get(address).status_code == 404
    assert holder.get(address).status_code == 200


def test_what_a_link_to_one_run_closes_is_that_run(owner: Client) -> None:
    run = started(owner)
    other = owner.post(f"/api/experiments/{run['experiment']}/runs").json()
    made = shared(owner, run["experiment"], run=run["id"])
    came_by(made["token"])
    owner.delete(f"/api/links/{made['id']}")
    assert guest().get(f"/api/runs/{run['id']}").status_code == 404
    assert guest().get(f"/api/runs/{other['id']}").status_code == 200


def test_a_link_expires(owner: Client) -> None:
    experiment = saved(owner)["id"]
    made = shared(owner, experiment, days=2)
    stranger = came_by(made["token"])
    assert stranger.get(f"/api/experiments/{experiment}").status_code == 200
    ShareLink.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert stranger.get(f"/s/{made['token']}").status_code == 410
    assert stranger.get(f"/api/experiments/{experiment}").status_code == 404
    assert owner.get(f"/api/experiments/{experiment}/links").json() == []


def test_opening_is_counted_and_previews_are_not(owner: Client) -> None:
    made = shared(owner, saved(owner)["id"])
    guest().get(f"/s/{made['token']}")
    guest().head(f"/s/{made['token']}", headers={"sec-fetch-mode": "navigate"})
    assert ShareLink.objects.get().opened == 0
    came_by(made["token"])
    came_by(made["token"])
    assert ShareLink.objects.get().opened == 2 and ShareLink.objects.get().last_opened is not None


def test_a_browser_that_does_not_say_so_is_led_on_by_the_card(owner: Client) -> None:
    made = shared(owner, saved(owner)["id"])
    client = guest()
    card = client.get(f"/s/{made['token']}")
    assert f'content="0; url=/s/{made["token"]}?open"'.encode() in card.content
    assert client.get(f"/s/{made['token']}?open").status_code == 302


def test_the_cookie_keeps_the_last_links_alone(owner: Client) -> None:
    experiment = saved(owner)["id"]
    tokens = [shared(owner, experiment)["token"] for _ in range(MOST_LINKS + 3)]
    client = guest()
    for token in [*tokens, tokens[-1]]:
        came_by(token, client)
    numbers = client.session[LINKS]
    assert len(numbers) == MOST_LINKS == len(set(numbers))
    assert len(client.cookies["playground_guest"].value) < 600
    # the cookie is signed and no secret: it holds numbers
    assert tokens[-1] not in client.cookies["playground_guest"].value


def test_links_stay_when_a_guest_signs_in(owner: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    experiment = saved(owner)["id"]
    client = came_by(shared(owner, experiment)["token"])
    client.force_login(member(), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(f"/api/experiments/{experiment}").status_code == 200


def test_private_revokes_every_link(owner: Client) -> None:
    experiment = saved(owner)["id"]
    holder = came_by(shared(owner, experiment)["token"])
    assert owner.get(f"/api/experiments/{experiment}/sharing").json()["visibility"] == "link"
    told = visibility(owner, experiment, "private")
    assert (told["visibility"], told["links"]) == ("private", [])
    assert holder.get(f"/api/experiments/{experiment}").status_code == 404


def test_nobody_revokes_anothers_link(owner: Client) -> None:
    made = shared(owner, saved(owner)["id"])
    other = guest()
    saved(other)
    assert other.delete(f"/api/links/{made['id']}").status_code == 404
    assert ShareLink.objects.get().revoked is None


def test_a_link_names_a_run_of_its_own_experiment(owner: Client) -> None:
    run, other = started(owner), saved(owner)["id"]
    answer = owner.post(f"/api/experiments/{other}/links", {"run": run["id"]}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "run")


def test_what_is_shared_tells_nothing_of_its_owner(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ada = member("ada@example.org", name="Ada Lovelace")
    hers = guest()
    hers.force_login(ada, "allauth.account.auth_backends.AuthenticationBackend")
    run = started(hers, name="Shown")
    parent = run["experiment"]
    twin = hers.post(f"/api/experiments/{parent}/duplicate").json()["id"]
    saved(hers, name="Hidden")
    token = shared(hers, twin)["token"]
    stranger = came_by(token)
    for path in (
        f"/s/{token}",
        f"/e/{twin}/about",
        f"/api/experiments/{twin}",
        f"/api/experiments/{twin}/about",
        f"/api/experiments/{twin}/versions",
        f"/api/embed/{token}",
    ):
        response = stranger.get(path)
        assert response.status_code in {200, 302}, path
        said = response.content.decode()
        for secret in ("ada@example.org", "Ada Lovelace", ada.owner, "Hidden", parent):
            assert secret not in said, (path, secret)


def test_search_engines_are_sent_away_from_links(owner: Client) -> None:
    run = started(owner)
    token = shared(owner, run["experiment"])["token"]
    holder = came_by(token)
    for path in (f"/s/{token}", f"/s/{token}/preview.png", f"/embed/{token}", f"/e/{run['experiment']}/about"):
        assert "noindex" in holder.get(path)["X-Robots-Tag"], path
    assert b'name="robots" content="noindex' in holder.get(f"/s/{token}").content


def test_the_address_of_a_run_tells_nothing_of_its_experiment(owner: Client) -> None:
    run = started(owner, name="Named then", notes="What I think of it")
    owner.patch(
        f"/api/experiments/{run['experiment']}", {"version": 1, "name": "Named later"}, content_type="application/json"
    )
    stranger = guest()
    fork = stranger.post(f"/api/runs/{run['id']}/fork").json()
    told = [
        stranger.get(f"/api/runs/{run['id']}/report.html").content.decode(),
        stranger.get(f"/api/compare?runs={run['id']}").content.decode(),
        stranger.get(f"/api/experiments/{fork['id']}").content.decode(),
    ]
    assert all("Named then" in text and "Named later" not in text and "What I think" not in text for text in told)
    assert "What I think of it" in owner.get(f"/api/runs/{run['id']}/report.html").content.decode()
    assert "Named later" in owner.get(f"/api/compare?runs={run['id']}").content.decode()
