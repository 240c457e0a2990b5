"""The client against a real site: it reaches every operation, gives the site's words, keeps its token to itself."""

from __future__ import annotations

import http.server
import inspect
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import onnx
import pytest
from safetensors.numpy import load_file

from playground.network import read_network
from playground.protocol import Command
from playground.recipe import Recipe
from playground.sweep import Axis
from playground_client import History, Playground, PlaygroundError, own_data, runs
from tests.webapp.conftest import LiveSite, live_site, small_network  # noqa: F401
from tests.webapp.datasets.zips import class_folders, zip_at
from webapp.api import api


@pytest.fixture(scope="module")
def tokens(live_site: LiveSite) -> Iterator[str]:  # noqa: F811
    """Each of a member who has nothing yet."""
    code = (
        "import uuid\n"
        "from webapp.accounts.models import User; from webapp.accounts.tokens import token_create\n"
        "for _ in range(20):\n"
        "    user = User(email=f'{uuid.uuid4().hex}@example.org'); user.save()\n"
        "    print(token_create(user=user, name='test', scopes=['read', 'write', 'train'])[1])"
    )
    return iter(live_site.python(code).split())


@pytest.fixture
def site(live_site: LiveSite, tokens: Iterator[str]) -> Playground:  # noqa: F811
    return Playground(live_site.address, token=next(tokens))


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
        asked.add((method, path))
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


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return zip_at(tmp_path / "pets.zip", class_folders({"cats": 20, "dogs": 13}))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "PAUSE", 0.05)


def test_versions_and_differences(site: Playground) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    assert [version.what for version in site.versions(made.id)] == ["First save"]
    copy = site.duplicate(made.id)  # pins the version
    changed = site.change(made.id, made.version, recipe={"dataset": "digits", "epochs": 7})
    assert [(version.number, version.current) for version in site.versions(made.id)] == [(2, True), (1, False)]
    assert site.version(made.id, 1).recipe == made.recipe
    assert site.difference(made.id, other_version=1).words == "Epochs 3 → 7"
    assert site.difference(made.id, other=copy.id).before.name == copy.name
    back = site.revert(made.id, 1, changed.version)
    assert back.recipe == made.recipe and len(site.versions(made.id)) == 3
    about = site.about(made.id)
    assert [fork.id for fork in about.forks] == [copy.id] and about.versions == 3
    with pytest.raises(PlaygroundError, match="has no version 9"):
        site.version(made.id, 9)


def test_twins_and_sweeps_start_batches_that_are_cancelled(site: Playground) -> None:
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    offer = next(offer for offer in site.twins(made.id) if offer.kind == "initialisation")
    pair = site.train_twins(made.id, offer.kind, offer.option)
    assert [run.experiment for run in pair.runs] == [made.id, pair.experiment] and pair.batch.waiting == 2
    rates = {"field": "learning_rate", "values": [0.1, 0.01]}
    assert rates["field"] in {field.field for field in site.sweep_form(made.id).fields}
    plan = site.plan_sweep(made.id, [rates], seeds=2)
    assert len(plan.runs) == 4 and plan.batch is None
    assert "nothing" in site.plan_sweep(made.id, [{"field": "nothing", "values": [1]}]).problem
    batch = site.sweep(made.id, [Axis(field="learning_rate", values=[0.1, 0.01])], seeds=2).batch
    assert batch is not None and batch.waiting == 4
    told = [[setting.words for setting in run.settings] for run in site.batch(batch.id).members]
    assert told == [[setting.words for setting in run.settings] for run in plan.runs]
    assert {run.state for run in site.cancel(batch.id).members} == {"stopped"}
    assert site.cancel(pair.batch.id).waiting == 0


def test_runs_are_found_whatever_the_number_of_pages(site: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "PAGE", 2)
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    site.sweep(made.id, seeds=5)
    found = site.runs(sort="seed")
    assert [point.seed for point in found] == [1, 2, 3, 4, 5]
    assert [point.seed for point in site.runs(sort="-seed", most=3)] == [5, 4, 3]
    stopped, tagged = found[1].id, found[2].id
    site.stop(stopped)
    assert [point.id for point in site.runs(states=["stopped", "failed"])] == [stopped]
    assert site.tag_run(tagged, ["good one"]).id == tagged
    assert [(tag.name, tag.runs) for tag in site.tags()] == [("good one", 1)]
    assert [point.id for point in site.runs(tag="good one")] == [tagged]
    assert [point.id for point in site.runs(words="mine good")] == [tagged]
    assert len(site.runs("digits", experiment=made.id)) == 5 and site.runs(experiment="another") == []
    with pytest.raises(PlaygroundError, match="cannot be sorted by 'luck'"):
        site.runs(sort="luck")


def test_an_upload_that_broke_off_goes_on(
    site: Playground, pets: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.own_data()
    small = page.limits.model_copy(update={"part_bytes": pets.stat().st_size // 4 + 1})
    listed = Playground.own_data
    monkeypatch.setattr(Playground, "own_data", lambda self: listed(self).model_copy(update={"limits": small}))
    really, sent, silent = Playground._answer, list[int](), [False]

    @contextmanager
    def unsure(self: Playground, method: str, path: str, body: Any, query: Any) -> Iterator[Any]:
        """The second part arrives, and its answer does not; then nothing is heard for a while."""
        if silent[0]:
            raise PlaygroundError(0, "unreachable", "")
        with really(self, method, path, body, query) as response:
            if method == "PUT":
                sent.append(query["offset"])
                silent[0] = len(sent) == 2
            if silent[0]:
                raise PlaygroundError(0, "unreachable", "")
            yield response

    monkeypatch.setattr(Playground, "_answer", unsure)
    with pytest.raises(PlaygroundError) as broken:
        site.upload(pets, "Pets", size=8, colour="grey")
    assert broken.value.status == 0
    silent[0] = False
    told: list[str] = []
    done = site.upload(pets, "Pets", size=8, colour="grey", tell=lambda seen: told.append(seen.state))
    part = small.part_bytes
    assert sent == [0, part, 2 * part, 3 * part] and told[0] == "uploading" and told[-1] == "ready"
    assert done.dataset is not None and done.dataset.classes == ("cats", "dogs") and done.dataset.channels == 1
    assert done.name in {view.dataset.name for view in site.datasets()}
    assert site.samples(done.name).startswith(b"\x89PNG")
    assert site.rename_dataset(done.id, "Our pets").title == "Our pets" == site.own_dataset(done.id).title
    site.delete_dataset(done.id)
    assert site.own_data().sets == []


def test_an_upload_that_cannot_be_used_says_why(site: Playground, tmp_path: Path, quick: None) -> None:
    with pytest.raises(PlaygroundError, match="Only one class was found") as refused:
        site.upload(zip_at(tmp_path / "cats.zip", class_folders({"cats": 20})), "Cats")
    assert refused.value.code == "refused"
    with pytest.raises(PlaygroundError) as refused:
        site.upload(tmp_path / "cats.zip", "Cats", size=5000)
    assert (refused.value.status, refused.value.path) == (422, "options.size")


def test_files_of_a_run_come_to_the_disk(site: Playground, live_site: LiveSite, tmp_path: Path) -> None:  # noqa: F811
    made = site.create(small_network(), {"dataset": "digits"}, name="Mine")
    code = (
        "from tests.webapp.things import ended_run; from webapp.experiments.models import Experiment\n"
        f"print(ended_run(Experiment.objects.get(pk='{made.id}')).pk)"
    )
    run = live_site.python(code).strip()
    assert all(offer.blocked is None for offer in site.takeaways(run) if offer.id != "csv-training")
    weights = site.save_weights(run, tmp_path)
    assert weights == tmp_path / "mine-run-99.safetensors"
    assert {name: tensor.shape for name, tensor in load_file(weights).items()} == {
        "classifier.1.weight": (10, 64),
        "classifier.1.bias": (10,),
    }
    with zipfile.ZipFile(site.save_code(run, tmp_path)) as archive:
        assert "mine-run-99/evaluate.py" in archive.namelist()
    compile(site.save_code(run, tmp_path, weights=False).read_text(), "evaluate.py", "exec")
    onnx.checker.check_model(onnx.load(site.save_onnx(run, tmp_path / "other name.onnx")))
    assert json.loads(site.save_experiment(run, tmp_path).read_text())["run"]["id"] == run
    lines = site.save_table(run, "validation", tmp_path).read_text().splitlines()
    assert lines[0].startswith("step,attempt,loss") and len(lines) == 2
    assert len(json.loads(site.save_metrics(run, tmp_path).read_text())["streams"]["steps"]["rows"]) == 100
    assert zipfile.is_zipfile(site.save_tensorboard(run, str(tmp_path)))
    assert "<svg" in site.save_report(run, tmp_path).read_text()
    assert not list(tmp_path.glob("*.part")) and len(list(tmp_path.iterdir())) == 9
    queued = site.start(made.id)
    with pytest.raises(PlaygroundError, match="The run has not ended") as refused:
        site.save_weights(queued.id, tmp_path / "none")
    assert refused.value.status == 409 and not (tmp_path / "none").exists()
    compared = site.compare([run, queued.id, "gone"])
    assert [each.id for each in compared.runs] == [run, queued.id] and [each.id for each in compared.missing] == [
        "gone"
    ]
    (curve, none) = site.curves([run, queued.id], "validation")
    assert (curve.run, curve.steps, curve.series("accuracy")) == (run, [100], [0.75]) and none.steps == []
    (profile, _) = site.profiles([run, queued.id]).profiles
    assert profile.run == run and [layer.id for layer in profile.layers] == ["c1", "head"]


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
        if self.path.endswith("/weights"):
            self.send_response(200)
            self.send_header("Content-Disposition", 'attachment; filename="../../out.txt"')
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"0123456789"[: 4 if "broken" in self.path else 10])
            return
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
    assert "/stolen" not in _Elsewhere.heard


def test_a_download_that_breaks_off_leaves_no_file(elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(PlaygroundError, match="broke off after 4 of 10 bytes"):
        Playground(elsewhere, token="").save_weights("broken", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_stays_in_its_folder_whatever_the_site_calls_it(elsewhere: str, tmp_path: Path) -> None:
    saved = Playground(elsewhere, token="").save_weights("whole", tmp_path)
    assert saved == tmp_path / "out.txt" and saved.read_bytes() == b"0123456789"


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
