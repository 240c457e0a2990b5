"""Members for the site's tests."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.webapp.conftest import guest
from webapp.accounts.models import User

PASSWORD = "a-Jacquard-loom-1804"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """A password's hash is slow on purpose, and tries are counted; these tests have no secret to keep."""
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def member(email: str = "ada@example.org", **fields: Any) -> User:
    return User.objects.create_user(email, PASSWORD, **fields)


def signed_in(user: User, client: Client | None = None) -> Client:
    """A browser in which the member is signed in, as the page does it."""
    client = client or guest()
    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    return client


def bearer(text: str, **headers: str) -> Client:
    """A script with a token, and no cookies."""
    return Client(headers={"host": "localhost", "authorization": f"Bearer {text}", **headers})
