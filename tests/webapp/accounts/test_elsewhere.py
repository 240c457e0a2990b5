"""Signing in with an account elsewhere: a real site and a real OpenID Connect server, each in a place of its own."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from tests.webapp.accounts.openid_server import ADA, CLIENT, SECRET, OpenIdServer, openid_server
from tests.webapp.conftest import LiveSite, small_network, start_site

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[OpenIdServer]:
    with openid_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(elsewhere: OpenIdServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One that offers to sign in there."""
    configured = {"ID": CLIENT, "SECRET": SECRET, "SERVER": elsewhere.address, "NAME": "the school"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in configured.items():
            patch.setenv(f"PLAYGROUND_OIDC_{name}", value)
        site = start_site(Path(tmp_path_factory.mktemp("site")))
    yield site
    site.process.send_signal(signal.SIGTERM)
    site.process.wait(10)


@pytest.fixture
def person(site: LiveSite, elsewhere: OpenIdServer) -> Iterator[httpx.Client]:
    elsewhere.refuses = False
    elsewhere.claims = dict(ADA)
    with httpx.Client(base_url=site.address, headers={"Origin": site.address}, timeout=30) as client:
        yield client


def guest_with_an_experiment(person: httpx.Client) -> str:
    person.get("/account/login/")
    headers = {"X-CSRFToken": person.cookies["csrftoken"]}
    body = {"name": "Mine", "network": small_network(), "recipe": {"dataset": "digits"}}
    return person.post("/api/experiments", json=body, headers=headers).raise_for_status().json()["id"]


def press(person: httpx.Client, address: str) -> httpx.Response:
    """Presses the button that leads to the other server, and follows."""
    page = person.get(address).text
    assert "the school" in page
    form = re.search(r'<form[^>]*action="([^"]*/oidc/[^"]*)"(.*?)</form>', page, re.DOTALL)
    assert form is not None, page
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(2)))
    return person.post(unescape(form.group(1)), data=fields, follow_redirects=True)


def test_who_signs_in_elsewhere_is_a_member_and_keeps_what_the_guest_made(
    person: httpx.Client, elsewhere: OpenIdServer
) -> None:
    made = guest_with_an_experiment(person)
    landed = press(person, "/account/login/")
    assert landed.status_code in (200, 503), landed.text  # 503: the editor may not be built here
    assert [each["id"] for each in person.get("/api/experiments").json()] == [made]
    profile = person.get("/account/").text
    assert "Ada Lovelace" in profile and "ada@school.example" in profile
    assert elsewhere.asked[-1]["code_challenge_method"] == "S256"


def test_on_another_machine_it_is_the_same_member(person: httpx.Client, site: LiveSite) -> None:
    press(person, "/account/login/")
    before = [each["id"] for each in person.get("/api/experiments").json()]
    with httpx.Client(base_url=site.address, headers={"Origin": site.address}, timeout=30) as other:
        press(other, "/account/login/")
        assert [each["id"] for each in other.get("/api/experiments").json()] == before


def test_who_says_no_there_is_told_so_and_stays_a_guest(person: httpx.Client, elsewhere: OpenIdServer) -> None:
    made = guest_with_an_experiment(person)
    elsewhere.refuses = True
    landed = press(person, "/account/login/")
    assert landed.status_code == 200
    assert "What you made here as a guest is as it was" in landed.text
    assert person.get("/account/").status_code == 302
    assert [each["id"] for each in person.get("/api/experiments").json()] == [made]


def test_an_answer_that_nobody_asked_for_signs_nobody_in(person: httpx.Client) -> None:
    answer = person.get("/account/oidc/oidc/login/callback/?code=stolen&state=made-up")
    assert answer.status_code == 401 and "Sign in first" in answer.text
    assert person.get("/account/").status_code == 302


def test_an_address_that_has_an_account_here_leads_to_it_and_not_into_it(
    person: httpx.Client, site: LiveSite, elsewhere: OpenIdServer
) -> None:
    """Whoever runs the other server could else read everybody's account by claiming their addresses."""
    person.get("/account/signup/")
    fields = {"csrfmiddlewaretoken": person.cookies["csrftoken"], "email": "bob@school.example", "name": "Bob"}
    person.post("/account/signup/", data=fields | {"password1": PASSWORD, "password2": PASSWORD})
    assert "Bob" in person.get("/account/").text
    elsewhere.claims |= {"sub": "1234", "name": "Robert", "email": "bob@school.example"}
    with httpx.Client(base_url=site.address, headers={"Origin": site.address}, timeout=30) as other:
        landed = press(other, "/account/login/")
        assert "If there is an account here with your address already" in landed.text
        assert other.get("/account/").status_code == 302

        connected = press(person, "/account/3rdparty/")  # from within the account it is its owner's wish
        assert "the school" in connected.text and connected.status_code == 200
        press(other, "/account/login/")
        assert "Bob" in other.get("/account/").text
