"""The API's promises to whoever calls it: one form of errors, no stack trace, no write from another site."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.webapp.conftest import guest, saved, small_network

pytestmark = pytest.mark.django_db


def problem(response: Any) -> dict[str, str]:
    assert response["Content-Type"] == "application/json", response.content[:200]
    error = response.json()["error"]
    assert set(error) == {"code", "message", "path"}
    assert error["message"]
    assert "Traceback" not in response.content.decode()
    return error


def test_the_catalogue_lists_every_block_with_its_fields(client: Client) -> None:
    blocks = {block["kind"]: block for block in client.get("/api/blocks").json()}
    assert {"input", "conv2d", "relu", "inception", "output"} <= set(blocks)
    assert blocks["inception"]["composite"] and not blocks["conv2d"]["composite"]
    assert [field["name"] for field in blocks["conv2d"]["fields"]][:2] == ["filters", "kernel_size"]


LISTS = ["blocks", "recipe", "guidelines", "zoo", "datasets", "workers"]


@pytest.mark.parametrize("path", [f"/api/{name}" for name in LISTS])
def test_lists_are_answered(client: Client, path: str) -> None:
    assert isinstance(client.get(path).json(), list)


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    etag = client.get("/api/blocks")["ETag"]
    again = client.get("/api/blocks", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


def test_every_network_of_the_zoo_can_be_opened_and_analysed(client: Client) -> None:
    for card in client.get("/api/zoo").json():
        exhibit = client.get(f"/api/zoo/{card['name']}").json()
        answer = client.post("/api/analyse", exhibit["network"], content_type="application/json")
        assert answer.json()["totals"]["parameters"] == card["parameters"]
        assert exhibit["recipe"]["dataset"] == card["dataset"]


def test_a_network_of_the_zoo_can_be_had_scaled_for_a_data_set(client: Client) -> None:
    exhibit = client.get("/api/zoo/resnet-18?dataset=shapes").json()
    assert {node.get("stage") for node in exhibit["network"]["nodes"]} >= {"Stem", "Stage 4", "Head"}
    answer = client.post("/api/analyse?dataset=shapes", exhibit["network"], content_type="application/json").json()
    assert answer["trainable"] and answer["totals"]["parameters"] == exhibit["parameters"]
    assert exhibit["recipe"]["dataset"] == exhibit["dataset"] == "shapes"
    assert exhibit["changed"].startswith("ResNet-18, scaled: images of 3×32×32 in place of 3×224×224;")
    assert client.get("/api/zoo/resnet-18").json()["changed"] == ""
    assert "no data set named 'cats'" in problem(client.get("/api/zoo/resnet-18?dataset=cats"))["message"]


def test_the_zoo_says_what_is_published_and_by_whom(client: Client) -> None:
    cards = {card["name"]: card for card in client.get("/api/zoo").json()}
    deep = cards["resnet-50"]
    assert (deep["year"], deep["depth"]) == (2015, 50)
    assert deep["published"]["parameters"] == deep["parameters"] == 25_557_032
    assert (deep["published"]["top1_error"], deep["published"]["evaluation"]) == (22.85, "10 crops")
    assert deep["single_crop"]["top1_error"] == 23.87
    assert "3,857,973,248" in deep["remark"]
    assert cards["mlp"]["published"] is None
    assert {node.get("stage") for node in deep["network"]["nodes"]} >= {"Stem", "Stage 4", "Head"}


def test_ends_of_which_there_is_one_say_so(client: Client) -> None:
    blocks = client.get("/api/blocks").json()
    assert [block["kind"] for block in blocks if block["only_one"]] == ["input", "output"]
    assert [block["kind"] for block in blocks if not block["has_output"]] == ["output", "auxiliary_output"]


def test_an_unknown_network_of_the_zoo(client: Client) -> None:
    assert "'nothing'" in problem(client.get("/api/zoo/nothing"))["message"]


def test_analyse_needs_neither_cookie_nor_token() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "http://elsewhere.example"})
    response = strict.post("/api/analyse", small_network(), content_type="application/json")
    assert response.json()["nodes"]["head"]["shape"] == [10]
    assert not response.cookies


def test_a_document_that_cannot_train_is_answered_with_notices(client: Client) -> None:
    document = small_network(edges=[])
    response = client.post("/api/analyse?dataset=digits", document, content_type="application/json")
    assert response.status_code == 200
    assert not response.json()["trainable"]


def test_a_document_that_cannot_be_read_names_the_place(client: Client) -> None:
    document = small_network(nodes=[{"id": "a", "block": "relu", "colour": "red"}], edges=[])
    response = client.post("/api/analyse", document, content_type="application/json")
    assert response.status_code == 422
    assert problem(response)["path"] == "nodes[0].colour"


def test_the_inside_of_composites_is_sent_where_asked(client: Client) -> None:
    nodes = [
        {"id": "i", "block": "input", "params": {"channels": 16}},
        {"id": "r", "block": "residual_basic", "params": {"filters": 16}},
    ]
    document = small_network(nodes=nodes, edges=[{"source": "i", "target": "r"}])
    closed = client.post("/api/analyse", document, content_type="application/json").json()
    opened = client.post("/api/analyse?open=r", document, content_type="application/json").json()
    assert closed["nodes"]["r"]["inside"] is None
    assert opened["nodes"]["r"]["inside"]


def test_the_network_as_source(client: Client) -> None:
    response = client.post("/api/code", small_network(), content_type="application/json")
    compile(response.json()["code"], "network.py", "exec")
    broken = client.post("/api/code", small_network(edges=[]), content_type="application/json")
    assert (broken.status_code, problem(broken)["code"]) == (422, "not_trainable")


def test_the_document_after_a_fix(client: Client) -> None:
    document = small_network(
        nodes=[{"id": "i", "block": "input"}, {"id": "o", "block": "output"}], edges=[{"source": "i", "target": "o"}]
    )
    (notice,) = client.post("/api/analyse", document, content_type="application/json").json()["notices"]
    asked = f"/api/fix?notice={notice['id']}&node={notice['node']}"
    assert notice["fix"]["after"] == {"parameters": 0, "macs": 0, "receptive_field": None}
    assert client.post(asked, document, content_type="application/json").json() == notice["fix"]["network"]
    again = client.post(asked, notice["fix"]["network"], content_type="application/json")
    assert (again.status_code, problem(again)["code"]) == (404, "not_found")


def deep_stack() -> dict[str, Any]:
    """Twelve dense layers with ReLU."""
    names = ["input", "flatten", *["dense", "relu"] * 12, "dense", "output"]
    nodes = [{"id": f"n{place}", "block": block} for place, block in enumerate(names)]
    edges = [{"source": f"n{place}", "target": f"n{place + 1}"} for place in range(len(names) - 1)]
    return small_network(nodes=nodes, edges=edges)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", ["dying.W001"]),
        ("learning_rate=0.01", []),
        ("learning_rate=0.05&momentum=0", []),
        ("optimiser=adam&learning_rate=0.003", []),
        ("learning_rate=0.01&initialisation=torch&batch_size=32", ["dying.W002"]),
    ],
)
def test_notices_depend_on_how_the_network_is_to_be_trained(client: Client, asked: str, told: list[str]) -> None:
    answer = client.post(f"/api/analyse?{asked}", deep_stack(), content_type="application/json").json()
    assert [notice["id"] for notice in answer["notices"]] == told
    for notice in answer["notices"]:
        fix = f"/api/fix?notice={notice['id']}&node={notice['node']}&{asked}"
        made = client.post(fix, deep_stack(), content_type="application/json").json()
        assert client.post(f"/api/analyse?{asked}", made, content_type="application/json").json()["notices"] == []


@pytest.mark.parametrize(
    ("asked", "path", "words"),
    [
        ("learning_rate=101", "learning_rate", "Rate cannot be 101.0. Use a number from 0 to 100."),
        ("learning_rate=nan", "learning_rate", "Rate cannot be nan. Use a number from 0 to 100."),
        ("learning_rate=fast", "learning_rate", "learning_rate: Input should be a valid number"),
        ("momentum=1", "momentum", "Momentum cannot be 1.0. Use a number from 0 to 0.999."),
        ("batch_size=0", "batch_size", "Batch cannot be 0. Use a whole number from 1 to 4096."),
        ("optimiser=newton", "optimiser", "Optimiser cannot be 'newton'. Use one of: sgd, rmsprop, adam, adamw."),
        ("initialisation=ones", "initialisation", "Start weights cannot be 'ones'. Use one of: torch, he_normal"),
    ],
)
@pytest.mark.parametrize("where", ["/api/analyse?", "/api/fix?notice=dying.W001&node=n25&"])
def test_a_recipe_that_cannot_be_is_refused_by_name(
    client: Client, where: str, asked: str, path: str, words: str
) -> None:
    response = client.post(where + asked, deep_stack(), content_type="application/json")
    assert response.status_code == 422
    error = problem(response)
    assert error["path"] == path
    assert error["message"].startswith(words)


def test_the_guidelines_say_why(client: Client) -> None:
    pages = {page["id"]: page for page in client.get("/api/guidelines").json()}
    assert set(pages["filters.W001"]) == {"id", "title", "why", "rule", "source", "lecture"}
    assert pages["filters.W001"]["lecture"] == ["L34", "L33"]
    assert "5×5 to 11×11" in pages["filters.W001"]["rule"]


def test_an_unknown_data_set(client: Client) -> None:
    response = client.post("/api/analyse?dataset=cats", small_network(), content_type="application/json")
    assert problem(response) == {
        "code": "dataset",
        "message": "There is no data set named 'cats'. Choose one of: mnist, digits, shapes, fashion-mnist, "
        "kmnist, cifar10, cifar100, svhn, stl10.",
        "path": "dataset",
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        (b" ", 400, "not_json"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"nodes": [NaN]}', 400, "bad_number"),
        (b"1" * 10_000, 400, "bad_number"),
        (b'{"name": "\\ud800"}', 400, "bad_text"),
        (b'{"name": "\\u0000"}', 400, "bad_text"),
        (b"[]", 422, "document"),
        (b"null", 422, "document"),
        (b" " * (2 * 1024 * 1024 + 1), 413, "too_large"),
    ],
)
def test_bodies_that_are_no_document(client: Client, body: bytes, status: int, code: str) -> None:
    for path in ("/api/analyse", "/api/code"):
        response = client.post(path, body, content_type="application/json")
        assert (response.status_code, problem(response)["code"]) == (status, code)


def test_other_content_types_are_refused(client: Client) -> None:
    for path in ("/api/analyse", "/api/experiments"):
        response = client.post(path, "a=b", content_type="application/x-www-form-urlencoded")
        assert (response.status_code, problem(response)["code"]) == (415, "not_json")


def test_a_length_that_lies_is_refused_before_reading(client: Client) -> None:
    response = client.post("/api/analyse", b"{}", content_type="application/json", CONTENT_LENGTH=str(10**12))
    assert (response.status_code, problem(response)["code"]) == (413, "too_large")


def test_a_method_that_is_not_taken(client: Client) -> None:
    response = client.put("/api/blocks")
    assert (response.status_code, problem(response)["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/", "/api/runs/nothing", "/api/experiments/nothing", "/api/blocks/"]
)
def test_what_is_not_there(client: Client, path: str) -> None:
    response = client.get(f"/api/{path}")
    assert (response.status_code, problem(response)["code"]) == (404, "not_found")


def test_a_host_that_is_not_ours() -> None:
    assert problem(Client(headers={"host": "evil.example"}).get("/api/blocks"))["code"] == "bad_request"


@pytest.mark.parametrize("debug", [False, True])
def test_a_failure_shows_no_stack_trace(settings: Any, monkeypatch: pytest.MonkeyPatch, debug: bool) -> None:
    settings.DEBUG = debug
    monkeypatch.setattr("webapp.language_api.analyse", lambda *_, **__: 1 / 0)
    quiet = Client(headers={"host": "localhost"}, raise_request_exception=False)
    response = quiet.post("/api/analyse", small_network(), content_type="application/json")
    assert (response.status_code, problem(response)["code"]) == (500, "internal")
    assert "ZeroDivision" not in response.content.decode()


def test_a_browser_on_another_site_cannot_change_anything() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "http://evil.example"})
    body = {"network": small_network()}
    response = strict.post("/api/experiments", body, content_type="application/json")
    assert (response.status_code, problem(response)["code"]) == (403, "cross_site")


def test_the_page_changes_things_with_its_token(settings: Any, tmp_path: Any) -> None:
    settings.EDITOR_MANIFEST = tmp_path / "none.json"
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost", "origin": "http://localhost"})
    body = {"network": small_network()}
    assert strict.post("/api/experiments", body, content_type="application/json").status_code == 403
    strict.get("/")
    token = strict.cookies["csrftoken"].value
    response = strict.post("/api/experiments", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert response.status_code == 201


def test_a_script_needs_no_token() -> None:
    """It names no origin, as every browser does, and rides on nobody's cookie."""
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert saved(strict)["name"] == "Small"


def test_looking_around_makes_no_guest() -> None:
    visitor = guest()
    for path in ("/api/experiments", "/api/workers", "/api/health"):
        assert not visitor.get(path).cookies.get("playground_guest")


def test_the_api_describes_itself(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/api/analyse", "/api/experiments/{experiment}/runs", "/api/runs/{run}/history"} <= set(paths)
    assert client.get("/api/docs").status_code == 200


def test_health(client: Client) -> None:
    assert client.get("/api/health").json() == {"status": "ok", "workers": 0, "waiting": 0, "training": 0}


def test_answers_say_that_they_may_not_be_framed_or_sniffed(client: Client) -> None:
    response = client.get("/api/health")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"].split("script-src")[1].split(";")[0]


def test_text_is_compressed_where_the_client_can_read_it(client: Client) -> None:
    response = client.get("/api/blocks", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"


def test_numbers_too_large_for_the_database_are_values_out_of_range(client: Client) -> None:
    run = "0" * 32
    response = client.get(f"/api/runs/{run}/history?from={10**30}")
    assert (response.status_code, problem(response)["path"]) == (422, "from")
    assert json.loads(response.content)["error"]["code"] == "value"
