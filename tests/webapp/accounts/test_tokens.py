"""Personal tokens: shown once, kept as a hash, within their scope, worth nothing once revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.webapp.accounts.builders import bearer, member, signed_in
from tests.webapp.conftest import saved, small_network
from webapp.accounts.models import ApiToken, User
from webapp.accounts.tokens import MOST_TOKENS, token_create, token_revoke
from webapp.identifiers import new_id
from webapp.problems import Refusal

pytestmark = pytest.mark.django_db


def test_a_token_is_made_on_the_page_and_shown_once(client: Client) -> None:
    signed_in(member(), client)
    answer = client.post("/account/tokens/", {"name": "notebook", "scopes": ["read", "train"]})
    found = re.search(r'value="(cnn_[\w-]{43})"', answer.content.decode())
    assert found and answer["Cache-Control"] == "no-store"
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "train"]
    assert found[1] not in str(ApiToken.objects.values().get())
    page = client.get("/account/").content.decode()
    assert "notebook" in page and token.hint in page and found[1] not in page
    assert bearer(found[1]).get("/api/experiments").status_code == 200


def test_a_script_acts_for_its_member(client: Client) -> None:
    user = member()
    signed_in(user, client)
    saved(client, name="on the page")
    _, text = token_create(user=user, name="all", scopes=["read", "write", "train"])
    script = bearer(text)
    made = saved(script, name="by script")
    assert {card["name"] for card in client.get("/api/experiments").json()} == {"on the page", "by script"}
    assert script.post(f"/api/experiments/{made['id']}/runs").json()["mine"]
    assert not script.cookies


@pytest.mark.parametrize("scope", ["read", "write", "train"])
def test_a_token_does_what_its_scope_says_and_no_more(scope: str) -> None:
    user = member()
    _, text = token_create(user=user, name="one", scopes=["read", "write", "train"])
    experiment = saved(bearer(text))["id"]
    _, narrow = token_create(user=user, name="narrow", scopes=[scope])
    script = bearer(narrow)
    body = {"version": 1, "name": "other"}
    answers = {
        "read": script.get(f"/api/experiments/{experiment}"),
        "write": script.patch(f"/api/experiments/{experiment}", body, content_type="application/json"),
        "train": script.post(f"/api/experiments/{experiment}/runs"),
    }
    for wanted, answer in answers.items():
        assert answer.status_code < 300 if wanted == scope else answer.status_code == 403, wanted
        if wanted != scope:
            assert f"a token with the scope '{wanted}'" in answer.json()["error"]["message"]


@pytest.mark.parametrize(("scopes", "status"), [(["train"], 403), (["write"], 403), (["write", "train"], 201)])
def test_saving_and_training_in_one_needs_both_scopes(scopes: list[str], status: int) -> None:
    user = member()
    _, text = token_create(user=user, name="narrow", scopes=scopes)
    body = {"new": {"network": small_network(), "recipe": {"dataset": "digits"}}}
    assert bearer(text).put(f"/api/runs/{new_id()}", body, content_type="application/json").status_code == status


def test_training_what_is_saved_needs_no_scope_to_write() -> None:
    user = member()
    _, wide = token_create(user=user, name="wide", scopes=["write"])
    experiment = saved(bearer(wide))["id"]
    _, narrow = token_create(user=user, name="narrow", scopes=["train"])
    body = {"experiment": experiment}
    assert bearer(narrow).put(f"/api/runs/{new_id()}", body, content_type="application/json").status_code == 201


def test_a_revoked_or_unknown_token_is_refused(client: Client) -> None:
    user = member()
    signed_in(user, client)
    token, text = token_create(user=user, name="old", scopes=["read"])
    script = bearer(text)
    assert script.get("/api/experiments").status_code == 200
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    for refused in (script, bearer("cnn_nonsense")):
        answer = refused.get("/api/experiments")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json()["error"]["code"] == "token"


def test_a_token_of_a_member_who_is_shut_out_is_refused() -> None:
    _, text = token_create(user=member(), name="old", scopes=["read"])
    User.objects.update(is_active=False)
    assert bearer(text).get("/api/experiments").status_code == 401


def test_others_tokens_cannot_be_revoked(client: Client) -> None:
    token, _ = token_create(user=member("bob@example.org"), name="bob's", scopes=["read"])
    signed_in(member(), client)
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.valid().exists()


def test_the_last_use_is_noted_once_a_minute() -> None:
    token, text = token_create(user=member(), name="one", scopes=["read"])
    script = bearer(text)
    script.get("/api/experiments")
    first = ApiToken.objects.get().last_used
    assert first is not None
    script.get("/api/experiments")
    assert ApiToken.objects.get().last_used == first
    ApiToken.objects.filter(pk=token.pk).update(last_used=timezone.now() - timedelta(hours=1))
    script.get("/api/experiments")
    assert ApiToken.objects.get().last_used > first


def test_a_token_is_preferred_to_a_cookie_and_needs_no_page(client: Client) -> None:
    """A browser extension may send both, and an origin."""
    user = member()
    _, text = token_create(user=user, name="one", scopes=["write"])
    strict = Client(
        enforce_csrf_checks=True,
        headers={"host": "localhost", "origin": "https://notebook.example", "authorization": f"Bearer {text}"},
    )
    answer = strict.post("/api/experiments", {"network": small_network()}, content_type="application/json")
    assert answer.status_code == 201
    assert "Access-Control-Allow-Origin" not in answer


def test_there_is_room_for_so_many_tokens() -> None:
    user = member()
    made = [token_create(user=user, name=str(number), scopes=["read"])[0] for number in range(MOST_TOKENS)]
    with pytest.raises(Refusal, match="Revoke one"):
        token_create(user=user, name="more", scopes=["read"])
    token_revoke(token=made[0])
    token_create(user=user, name="more", scopes=["read"])


def test_a_token_that_may_do_nothing_is_not_made(client: Client) -> None:
    signed_in(member(), client)
    answer = client.post("/account/tokens/", {"name": "none"})
    assert answer.status_code == 422
    assert "Choose what the token may do." in answer.content.decode()
    assert not ApiToken.objects.exists()
