"""The client against a real site: it reaches every operation, and gives the site's words."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from playground.network import read_network
from playground.protocol import Command
from playground.recipe import Recipe
from playground_client import Playground, PlaygroundError
from tests.webapp.conftest import small_network
from webapp.api import api


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


def test_every_operation_of_the_api_has_a_method(
    site: Playground, pets: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[tuple[str, str]] = set()

    really = Playground._answer

    def tell(self: Playground, method: str, path: str, *rest: Any) -> Any:
        asked.add((method, re.sub(r"[0-9a-f]{32}", "x", path)))
        return really(self, method, path, *rest)

    def note(self: Playground, method: str, path: str, *rest: Any) -> Any:
        asked.add((method, re.sub(r"[0-9a-f]{32}", "x", path)))
        raise PlaygroundError(401, "asked", "")

    monkeypatch.setattr(Playground, "_answer", tell)
    site.upload(pets, "Pets", size=8)  # asks more than once
    monkeypatch.setattr(Playground, "_answer", note)
    values: dict[str, Any] = {"network": {}, "model": b"", "command": Command(kind="stop"), "path": pets}
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
        for method, operation in ways.items()
        if operation.get("security") != [{"worker": []}]  # for workers, whose token no script has
    }
    assert asked == described
