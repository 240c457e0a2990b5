"""The API keeps what its description says: schemathesis tries every operation with what fits and what does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode

from tests.webapp.accounts.builders import member
from tests.webapp.routes import operations
from tests.webapp.things import folders_apart, things_of
from webapp.accounts.tokens import token_create
from webapp.api import api
from webapp.runs.tokens import worker_token_issue

pytestmark = pytest.mark.django_db

ASKING, CHANGING = 4, 8
"""Examples of an operation: most that only tell take an id and little more."""
OF_ENDED = {path for _, path, _ in operations() if path.startswith("/api/runs/{run}/") and "continuation" not in path}
"""What a run tells once it has ended: weights, files, rows, pictures."""
HEADERS = {"Host": "localhost", "Accept-Encoding": "identity"}


@contextmanager
def one_connection() -> Iterator[None]:
    """The test's transaction is on it: no request may close it, as Django's own test client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(db: None, settings: Any, tmp_path: Path) -> dict[str, str]:
    """A member with a token, and one of everything that a member can have."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    folders_apart(settings, tmp_path)
    _, text = token_create(user=member(), name="all", scopes=["read", "write", "train"])
    script = Client(headers={"host": "localhost", "authorization": f"Bearer {text}"})
    return {
        "token": text,
        "worker": worker_token_issue(name="here"),
        "name": "lenet-5",
        **vars(things_of(script, "Mine")),
    }


schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
schema.app = get_wsgi_application()
# What a network, a recipe or a text must be beyond its schema is refused in words, with these.
schema.config.checks.positive_data_acceptance.expected_statuses += ["400", "422"]


def some(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@schema.include(method="GET").parametrize()
@some(ASKING)
def test_what_tells_keeps_its_word(case: Case, known: dict[str, str]) -> None:
    tried(case, known)


@schema.exclude(method="GET").parametrize()
@some(CHANGING)
def test_what_changes_keeps_its_word(case: Case, known: dict[str, str]) -> None:
    tried(case, known)


def tried(case: Case, known: dict[str, str]) -> None:
    if case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})
        if case.path in OF_ENDED:
            case.path_parameters["run"] = known["ended"]
        if "runs" in case.query:
            case.query["runs"] = f"{known['run']},{known['ended']}"
    token = known["worker" if "/worker/" in case.path else "token"]
    with one_connection():
        case.call_and_validate(headers=HEADERS | {"Authorization": f"Bearer {token}"})


def test_every_operation_says_what_it_does_and_how_it_refuses(client: Client) -> None:
    described = client.get("/api/openapi.json").json()
    for path, ways in described["paths"].items():
        for method, operation in ways.items():
            where = f"{method} {path}"
            assert 3 < len(operation["summary"]) < 120, where
            assert operation["description"], where
            assert any(status.startswith("2") for status in operation["responses"]), where
            for status, answer in operation["responses"].items():
                assert answer["description"], where
                if status >= "400":
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Problem"), where
            if "{" in path:
                assert "404" in operation["responses"], where
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= set(operation["responses"]), where


def test_the_page_about_the_api_loads_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/api/docs")
    page = response.content.decode()
    assert "/static/ninja/swagger-ui-bundle.js" in page and "https://" not in page
    assert "unsafe-inline" not in response["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    assert "unsafe-eval" not in response["Content-Security-Policy"]


def test_the_description_is_made_once(client: Client) -> None:
    assert api.get_openapi_schema() is api.get_openapi_schema()
    assert client.get("/api/openapi.json").json() == client.get("/api/openapi.json").json()
