"""The client against a real site: it reaches every operation, gives the site's words, keeps its token to itself."""

from __future__ import annotations

import http.server
import inspect
import re
import threading
import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from playground.network import read_network
from playground.protocol import Command
from playground.recipe import Recipe
from playground_client import History, Playground, PlaygroundError
from tests.webapp.conftest import LiveSite, live_site, small_network  # noqa: F401
from webapp.api import api


@pytest.fixture(scope="module")
def token(live_site: LiveSite) -> str:  # noqa: F811
    email = f"{uuid.uuid4().hex}@example.org"
    code = (
        "from webapp.accounts.models import User; from webapp.accounts.tokens import token_create\n"
        f"user = User.objects.create_user('{email}')\n"
        "print(token_create(user=user, name='test', scopes=['read', 'write', 'train'])[1])"
    )
    return live_site.python(code).strip()


@pytest.fixture
def site(live_site: LiveSite, token: str) -> Playground:  # noqa: F811
    return Playground(live_site.address, token=token)


def test_a_network_is_saved_changed_trained_and_deleted(site: Playground) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    assert [card.id for card in site.experiments()] == [made.id]
    changed = site.change(made.id, made.version, notes="why", recipe=Recipe(dataset="digits", epochs=2))
    assert (changed.notes, changed.recipe["epochs"], changed.version) == ("why", 2, 2)
    with pytest.raises(PlaygroundError, match="was saved elsewhere") as refused:
        site.change(made.id, made.version, notes="late")
    assert (refused.value.status, refused.value.code, refused.value.path) == (409, "version", "version")
    copy = site.duplicate(made.id)
    site.delete(copy.id)
    run = site.start(made.id)
    assert run.mine and run.state == "queued"
    assert site.rename_run(run.id, "Other").name == "Other"
    assert [point.id for point in site.runs("digits")] == [run.id] and site.runs("mnist") == []
    with pytest.raises(TimeoutError, match=r"The run is queued after 0 seconds\. No worker is connected"):
        site.wait(run.id, seconds=0, every=0)
    assert site.stop(run.id).state == "stopped"
    told: list[str] = []
    assert site.wait(run.id, tell=lambda seen: told.append(seen.state)).state == "stopped" and told == ["stopped"]
    assert site.history(run.id).steps == [] and site.frames(run.id) == []
    assert site.outlook(run.id).blocked
    for refusal in (lambda: site.go_on(run.id, 1), lambda: site.remedy(run.id, "none", "none")):
        with pytest.raises(PlaygroundError):
            refusal()
    site.delete_run(run.id)
    with pytest.raises(PlaygroundError, match="There is no such run"):
        site.run(run.id)
    site.delete(made.id)
    assert site.experiments() == []


def test_the_language_of_networks(site: Playground) -> None:
    network = small_network()
    analysis = site.analyse(network, dataset="digits")
    assert analysis.trainable and analysis.totals.parameters == 650
    assert analysis == site.analyse(read_network(network), dataset="digits")
    assert "nn.Linear(64, 10)" in site.code(network)
    assert site.import_onnx(site.onnx(network), "small.onnx").network["nodes"]
    broken = small_network(edges=[{"source": "input", "target": "head"}, {"source": "head", "target": "output"}])
    notice = next(notice for notice in site.analyse(broken).notices if notice.fix)
    assert site.fix(broken, notice=notice.id, node=notice.node or "")["nodes"]
    assert {block.kind for block in site.blocks()} >= {"conv2d", "relu"}
    assert {field.name for field in site.recipe_fields()} == set(Recipe.model_fields)
    assert site.guidelines() and site.datasets() and site.health()["status"] == "ok" and site.workers() == []
    assert {card.name for card in site.zoo()} >= {"lenet-5"}
    assert site.exhibit("resnet-18", dataset="shapes").changed
    with pytest.raises(PlaygroundError, match="No worker has shown this data set yet"):
        site.samples("mnist")
    with pytest.raises(PlaygroundError) as refused:
        site.analyse({"nodes": [{"id": "a b", "block": "relu"}]})
    assert (refused.value.status, refused.value.path) == (422, "nodes[0].id")


def test_every_operation_of_the_api_has_a_method(site: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[tuple[str, str]] = set()

    def note(self: Playground, method: str, path: str, *args: Any, **kwargs: Any) -> bytes:
        asked.add((method, path))
        raise PlaygroundError(0, "asked", "")

    monkeypatch.setattr(Playground, "_bytes", note)
    values: dict[str, Any] = {"network": {}, "model": b"", "command": Command(kind="stop"), "version": 1, "epochs": 1}
    for name, method in inspect.getmembers(site, inspect.ismethod):
        if name.startswith("_"):
            continue
        needed = [
            parameter
            for parameter in inspect.signature(method).parameters.values()
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        ]
        with pytest.raises(PlaygroundError):
            method(**{parameter.name: values.get(parameter.name, "x") for parameter in needed})
    described = {
        (method.upper(), re.sub(r"{\w+}", "x", path.removeprefix("/api")))
        for path, ways in api.get_openapi_schema()["paths"].items()
        for method in ways
    }
    assert asked == described


def test_a_wrong_token_and_a_silent_site_are_told_in_words(live_site: LiveSite) -> None:  # noqa: F811
    with pytest.raises(PlaygroundError, match="This token is not known") as refused:
        Playground(live_site.address, token="cnn_wrong").experiments()
    assert refused.value.status == 401
    with pytest.raises(PlaygroundError, match="does not answer") as refused:
        Playground("http://127.0.0.1:9", token="").experiments()
    assert refused.value.status == 0
    with pytest.raises(ValueError, match="is no address of a site"):
        Playground("file:///etc/passwd")


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    heard: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/stolen")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_token_follows_no_redirect(elsewhere: str) -> None:
    with pytest.raises(PlaygroundError, match="status 302"):
        Playground(elsewhere, token="cnn_secret").experiments()
    assert _Elsewhere.heard == ["/api/experiments"]


def test_series_of_rows_that_stand_for_several(site: Playground) -> None:
    columns: list[dict[str, str | None]] = [
        {"quantity": "loss", "layer": None},
        {"quantity": "gradient_rms", "layer": "c1"},
    ]
    history = History("r", "steps", columns, [1, 9], [1, 1], [[1.0, None], [3.0, 4.0]], [[2.0, None], [3.0, 5.0]])
    assert history.series("loss") == [1.5, None]
    assert history.series("gradient_rms", "c1") == [3.0, 4.5]
    with pytest.raises(KeyError, match=r"has no accuracy of the network\. It has: gradient_rms, loss"):
        history.series("accuracy")
