"""Signing up, in and out: nothing a guest made is lost, and a cookie counts no longer than its sign-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.webapp.accounts.builders import PASSWORD, member, signed_in
from tests.webapp.conftest import guest, saved, started
from webapp.accounts.models import SIGN_IN_DAYS, SignIn, User, WorkedSpan
from webapp.experiments.models import Experiment

pytestmark = pytest.mark.django_db

EMAIL = "ada@example.org"


def sign_up(client: Client, **changes: str) -> Any:
    return client.post("/account/signup/", {"name": "Ada", "email": EMAIL, "password1": PASSWORD} | changes)


def names(client: Client) -> list[str]:
    return [card["name"] for card in client.get("/api/experiments").json()]


def test_signing_up_keeps_what_the_guest_made(client: Client) -> None:
    run = started(client, name="mine")
    assert client.get(f"/api/runs/{run['id']}").json()["mine"]
    WorkedSpan.objects.create(owner=Experiment.objects.get().owner, run=run["id"], lease=1, worker=1)
    assert sign_up(client)["Location"] == "/"
    user = User.objects.get()
    assert (user.name, user.email) == ("Ada", EMAIL)
    assert names(client) == ["mine"]
    assert client.get(f"/api/runs/{run['id']}").json()["mine"]
    assert WorkedSpan.objects.get().owner == user.owner


def test_signing_in_brings_the_guests_things_to_those_of_the_member(client: Client) -> None:
    user = member()
    first = signed_in(user)
    saved(first, name="from home")
    saved(client, name="as a guest")
    signed_in(user, client)
    assert names(client) == ["as a guest", "from home"] == names(first)
    client.post("/account/logout/")
    assert names(client) == []
    assert saved(client, name="a new guest's")["name"] == "a new guest's"
    assert names(first) == ["as a guest", "from home"]


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(client: Client) -> None:
    signed_in(member(), client)
    saved(client)
    copy = guest()
    copy.cookies["playground_guest"] = client.cookies["playground_guest"].value
    assert len(names(copy)) == 1
    client.post("/account/logout/")
    assert names(copy) == []
    assert copy.get("/account/").status_code == 302


def test_a_new_password_signs_out_everywhere_else(client: Client) -> None:
    user = member()
    other = signed_in(user)
    signed_in(user, client)
    answer = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "another-loom-1805", "password2": "another-loom-1805"},
    )
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_signing_out_elsewhere(client: Client) -> None:
    user = member()
    other = signed_in(user)
    signed_in(user, client)
    assert "1 other browser" in client.get("/account/").content.decode()
    client.post("/account/elsewhere/")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_a_sign_in_ends_after_its_days(client: Client) -> None:
    signed_in(member(), client)
    SignIn.objects.update(begun=timezone.now() - timezone.timedelta(days=SIGN_IN_DAYS, minutes=1))
    assert client.get("/account/").status_code == 302


def test_who_is_shut_out_is_out_at_once(client: Client) -> None:
    user = member()
    signed_in(user, client)
    saved(client)
    User.objects.update(is_active=False)
    assert names(client) == []


def test_a_guest_costs_no_query_to_recognise(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/account/login/")
        client.get("/zoo")


def test_addresses_are_the_same_in_any_case(client: Client) -> None:
    member()
    assert client.post("/account/login/", {"login": "ADA@Example.org", "password": PASSWORD}).status_code == 302
    again = sign_up(guest(), email="Ada@EXAMPLE.org")
    assert again.status_code == 200 and "already" in again.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_poor_passwords_are_refused(client: Client, password: str) -> None:
    assert sign_up(client, password1=password).status_code == 200
    assert not User.objects.exists()


def test_guessing_passwords_is_slowed_down(client: Client) -> None:
    member()
    wrong = {"login": EMAIL, "password": "wrong-wrong-wrong"}
    answers = [client.post("/account/login/", wrong) for _ in range(8)]
    assert "Too many" in answers[-1].content.decode()
    assert client.post("/account/login/", {"login": EMAIL, "password": PASSWORD}).status_code == 200


def test_where_nobody_may_sign_up(client: Client, settings: Any) -> None:
    settings.SIGN_UP_OPEN = False
    assert "No signing up here" in client.get("/account/signup/").content.decode()
    sign_up(client)
    assert not User.objects.exists()


def test_the_way_to_a_forgotten_password_is_offered_once(client: Client) -> None:
    assert client.get("/account/login/").content.decode().count("/account/password/reset/") == 1


def test_a_site_without_mail_says_so(client: Client) -> None:
    assert "This site sends no mail" in client.get("/account/signup/").content.decode()
    reset = client.get("/account/password/reset/").content.decode()
    assert "sends no mail" in reset and "changepassword" in reset
    assert client.post("/account/password/reset/", {"email": EMAIL}).status_code == 409


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def link(number: int = -1) -> str:
    found = re.search(r"http://localhost(/\S+)", str(mail.outbox[number].body))
    assert found, mail.outbox[number].body
    return found[1]


def test_with_mail_an_address_is_confirmed_before_it_counts(client: Client, with_mail: None) -> None:
    saved(client, name="mine")
    assert sign_up(client)["Location"] == "/account/confirm-email/"
    assert names(client) == ["mine"], "a guest still"
    address = link()
    assert "Is <b>ada@example.org</b> yours?" in client.get(address).content.decode()
    client.post(address)
    signed_in(User.objects.get(), client)
    assert names(client) == ["mine"]


def test_with_mail_a_forgotten_password_is_set_anew(client: Client, with_mail: None) -> None:
    user = member()
    user.emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    browser = signed_in(user)
    assert client.post("/account/password/reset/", {"email": EMAIL})["Location"] == "/account/password/reset/done/"
    form = client.get(link(), follow=True)
    address = form.redirect_chain[-1][0]
    assert client.post(address, {"password1": "a-new-loom-1806", "password2": "a-new-loom-1806"}).status_code == 302
    assert browser.get("/account/").status_code == 302
    assert client.post("/account/login/", {"login": EMAIL, "password": "a-new-loom-1806"}).status_code == 302


def test_with_mail_nobody_learns_who_has_an_account(client: Client, with_mail: None) -> None:
    member().emailaddress_set.create(email=EMAIL, verified=True, primary=True)
    answer = sign_up(client)
    assert answer["Location"] == "/account/confirm-email/"
    assert "already" in str(mail.outbox[-1].body)
