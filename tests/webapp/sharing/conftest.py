"""Somebody who shares, and somebody with whom it is shared."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.webapp.conftest import guest

JSON = "application/json"


@pytest.fixture
def owner() -> Client:
    return guest()


def shared(owner: Client, experiment: str, **wanted: Any) -> dict[str, Any]:
    """A new link, as the API answers it."""
    response = owner.post(f"/api/experiments/{experiment}/links", wanted, content_type=JSON)
    assert response.status_code == 201, response.content
    return response.json()


def came_by(token: str, client: Client | None = None) -> Client:
    """A browser that went to the link."""
    client = client or guest()
    response = client.get(f"/s/{token}", headers={"sec-fetch-mode": "navigate"})
    assert response.status_code == 302, response.content
    return client


def published(owner: Client, experiment: str) -> None:
    visibility(owner, experiment, "public", confirmed=True)


def visibility(owner: Client, experiment: str, wanted: str, **more: Any) -> dict[str, Any]:
    response = owner.put(f"/api/experiments/{experiment}/visibility", {"visibility": wanted, **more}, content_type=JSON)
    assert response.status_code == 200, response.content
    return response.json()
