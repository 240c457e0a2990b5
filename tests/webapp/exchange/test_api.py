"""Model files over HTTP."""

from __future__ import annotations

import pytest
from django.test import Client

from playground.fixes import document
from playground.zoo import ZOO
from tests.webapp.conftest import small_network

pytestmark = pytest.mark.django_db
BYTES = "application/octet-stream"


def test_out_and_in_again_gives_the_same_document(client: Client) -> None:
    wanted = document(ZOO["small-inception"].network)
    response = client.post("/api/onnx", wanted, content_type="application/json")
    assert response.status_code == 200
    assert response["Content-Type"] == BYTES
    assert response["Content-Disposition"] == 'attachment; filename="Small inception.onnx"'
    found = client.post("/api/import?name=x.onnx", response.content, content_type=BYTES).json()
    assert found["remarks"] == []
    assert found["network"] == wanted


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nSet-Cookie: x', "Ünïcode ×", "", "..."])
def test_a_file_s_name_is_a_name(client: Client, name: str) -> None:
    response = client.post("/api/onnx", small_network(name=name), content_type="application/json")
    header = response["Content-Disposition"]
    assert header.startswith("attachment; filename") and "/" not in header.replace("utf-8''", "")
    assert "\n" not in header and "Set-Cookie" not in response


def test_a_network_that_cannot_train_is_refused(client: Client) -> None:
    response = client.post("/api/onnx", small_network(edges=[]), content_type="application/json")
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "not_trainable"


def test_what_is_no_model_is_refused_in_words(client: Client) -> None:
    response = client.post("/api/import", b"hello", content_type=BYTES)
    assert response.status_code == 422
    assert response.json()["error"] == {
        "code": "model",
        "message": "This is not an ONNX file, or not the whole of one. Export it again.",
        "path": "",
    }


def test_a_file_is_sent_as_it_is(client: Client) -> None:
    response = client.post("/api/import", "{}", content_type="application/json")
    assert response.status_code == 415
    assert BYTES in response.json()["error"]["message"]


def test_other_requests_keep_their_limit(client: Client) -> None:
    response = client.post("/api/analyse", bytes(3 * 2**20), content_type="application/json")
    assert response.status_code == 413
    assert "2 MB" in response.json()["error"]["message"]


def test_import_needs_neither_cookie_nor_token() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "http://elsewhere.example"})
    model = strict.post("/api/onnx", small_network(), content_type="application/json").content
    response = strict.post("/api/import", model, content_type=BYTES)
    assert response.status_code == 200 and not response.cookies
