"""The way of an upload over HTTP: in parts, checked in a process of its own, trained with, renamed and deleted."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from playground.datasets import is_own
from playground.own_data import OwnDataLimits
from playground.protocol import Lease
from tests.webapp.accounts.builders import member
from tests.webapp.conftest import guest, saved, small_network
from tests.webapp.datasets.zips import class_folders, packed
from tests.webapp.runs.queue import hello, make_worker
from webapp.accounts.services import account_delete
from webapp.datasets import checker, folder_sets, storage
from webapp.datasets.models import OwnDataset
from webapp.quotas import stored_bytes
from webapp.runs import leases
from webapp.runs.models import Run
from webapp.runs.tokens import worker_token_issue

pytestmark = pytest.mark.django_db(transaction=True)

BYTES = "application/octet-stream"
PETS = packed(class_folders({"cats": 20, "dogs": 13}))
OPTIONS = {"size": 8, "colour": "grey"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.VAR = tmp_path
    yield tmp_path


def begun(client: Client, size: int = len(PETS), **body: Any) -> dict[str, Any]:
    body = {"title": "Pets", "file": "pets.zip", "bytes": size, "options": OPTIONS} | body
    response = client.post("/api/own-data", body, content_type="application/json")
    assert response.status_code == 201, response.content
    return response.json()


def sent(client: Client, id: str, data: bytes, offset: int = 0) -> Any:
    return client.put(f"/api/own-data/{id}/file?offset={offset}", data, content_type=BYTES)


def uploaded(client: Client, data: bytes = PETS, **body: Any) -> dict[str, Any]:
    """Uploaded and checked, whatever became of it."""
    id = begun(client, len(data), **body)["id"]
    assert sent(client, id, data).json()["state"] == "checking"
    assert checker.check_next()
    return client.get(f"/api/own-data/{id}").json()


def trained(client: Client, name: str) -> Run:
    network = small_network()
    network["nodes"][2]["params"]["units"] = 2
    experiment = saved(client, network=network, recipe={"dataset": name})
    response = client.post(f"/api/experiments/{experiment['id']}/runs")
    assert response.status_code == 201, response.content
    return Run.objects.get(pk=response.json()["id"])


def test_an_upload_in_parts_becomes_a_data_set_like_the_others(client: Client) -> None:
    id = begun(client)["id"]
    half = len(PETS) // 2
    assert sent(client, id, PETS[:half]).json()["received"] == half
    gap = sent(client, id, PETS[half + 1 :], half + 1)
    assert (gap.status_code, gap.json()["error"]["code"]) == (409, "gap")
    view = sent(client, id, PETS[half - 10 :], half - 10).json()  # the end of the first part comes again
    assert (view["state"], view["progress"]["stage"]) == ("checking", "waiting")
    assert checker.check_next() and not checker.check_next()
    view = client.get(f"/api/own-data/{id}").json()
    assert (view["state"], view["problem"], view["findings"]) == ("ready", "", [])
    assert view["dataset"]["classes"] == ["cats", "dogs"]
    listed = client.get("/api/datasets").json()[-1]
    assert listed["dataset"] == view["dataset"] and listed["card"]["test_counts"] == [4, 3]
    png = client.get(f"/api/datasets/{view['name']}/samples.png").content
    assert Image.open(io.BytesIO(png)).size == (3 * 8, 2 * 8)
    assert storage.stored_digests() and not storage.upload_path(id).exists() and not storage.check_folder(id).exists()


def test_the_analysis_and_the_zoo_know_it(client: Client) -> None:
    name = uploaded(client)["name"]
    network = small_network()
    ids = [
        n["id"]
        for n in client.post(f"/api/analyse?dataset={name}", network, content_type="application/json").json()["notices"]
    ]
    assert "head.E001" in ids  # ten outputs for two classes
    scaled = client.get(f"/api/zoo/lenet-5?dataset={name}").json()
    assert scaled["recipe"]["dataset"] == name
    assert "2 classes in place of 10" in scaled["changed"]


def test_a_run_freezes_the_record_and_its_worker_is_told_where_the_images_are(client: Client) -> None:
    view = uploaded(client)
    run = trained(client, view["name"])
    lease = leases.lease_next(worker_id=make_worker().pk, hello=hello(fetches=True))
    assert isinstance(lease, Lease) and lease.run == run.pk
    assert lease.job.dataset is not None and lease.job.dataset.classes == ("cats", "dogs")
    assert lease.job.file is not None
    token = worker_token_issue(name="two")
    address = f"/api/worker/files/{lease.job.file.digest}"
    answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.content == storage.file_path(lease.job.file.digest).read_bytes()
    whole = len(answer.content)
    assert answer["Content-Range"] == f"bytes 0-{whole - 1}/{lease.job.file.bytes}"
    rest = client.get(address, headers={"Authorization": f"Bearer {token}", "Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, answer.content[100:])
    beyond = client.get(address, headers={"Authorization": f"Bearer {token}", "Range": f"bytes={whole}-"})
    assert beyond.status_code == 416
    for header in ("", "Bearer wrong", token):
        assert client.get(address, headers={"Authorization": header}).status_code == 401
    missing = client.get("/api/worker/files/..%2Fsecret-key", headers={"Authorization": f"Bearer {token}"})
    assert missing.status_code == 404


def test_a_worker_that_cannot_fetch_is_not_given_the_run(client: Client) -> None:
    trained(client, uploaded(client)["name"])
    assert leases.lease_next(worker_id=make_worker().pk, hello=hello()) is None


def test_it_is_not_deleted_under_a_run_and_ended_runs_keep_their_record(client: Client) -> None:
    view = uploaded(client)
    run = trained(client, view["name"])
    refused = client.delete(f"/api/own-data/{view['id']}")
    assert refused.status_code == 409
    assert "waits for “Pets” or trains on it" in refused.json()["error"]["message"]
    client.post(f"/api/runs/{run.pk}/commands", {"kind": "stop"}, content_type="application/json")
    before = client.get(f"/api/runs/{run.pk}").json()["data"]
    assert (before["gone"], before["dataset"]["title"]) == (False, "Pets")
    assert client.delete(f"/api/own-data/{view['id']}").status_code == 204
    after = client.get(f"/api/runs/{run.pk}").json()["data"]
    assert after["gone"] and after["dataset"] == before["dataset"] and after["card"] is None, "its samples went with it"
    assert not storage.stored_digests()
    assert client.get(f"/api/datasets/{view['name']}/samples.png").status_code == 404
    about = client.get(f"/api/experiments/{run.experiment_id}/about").json()
    assert about["recipe_words"][0].startswith("3 epochs of a data set that is not here any more")
    again = client.post(f"/api/experiments/{run.experiment_id}/runs")
    assert again.status_code == 422
    assert again.json()["error"]["message"].startswith("This data set is not here any more")


def test_the_page_of_an_experiment_names_the_data_set(client: Client) -> None:
    run = trained(client, uploaded(client)["name"])
    about = client.get(f"/api/experiments/{run.experiment_id}/about").json()
    assert about["recipe_words"][0].startswith("3 epochs of Pets: ")


def test_what_is_on_its_way_counts_as_stored(client: Client) -> None:
    begun(client, 5_000_000)
    assert stored_bytes(OwnDataset.objects.get().owner) == 5_000_000


def test_files_go_with_an_account(client: Client) -> None:
    user = member()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    uploaded(client)
    half = begun(client)["id"]
    sent(client, half, PETS[:100])
    assert storage.stored_digests() and storage.upload_path(half).is_file()
    account_delete(user=user)
    assert not storage.stored_digests() and not storage.upload_path(half).is_file()


def test_two_that_are_alike_share_a_file_until_both_are_gone(client: Client) -> None:
    one, two = uploaded(client), uploaded(client)
    assert one["name"] != two["name"] and len(storage.stored_digests()) == 1
    client.delete(f"/api/own-data/{one['id']}")
    assert len(storage.stored_digests()) == 1
    client.delete(f"/api/own-data/{two['id']}")
    assert not storage.stored_digests()


def test_it_is_its_owners_alone(client: Client) -> None:
    view = uploaded(client)
    other = guest()
    saved(other)
    address = f"/api/own-data/{view['id']}"
    assert other.get("/api/own-data").json()["sets"] == []
    assert view["name"] not in [each["dataset"]["name"] for each in other.get("/api/datasets").json()]
    assert other.get(address).status_code == 404
    assert other.delete(address).status_code == 404
    assert other.patch(address, {"title": "Mine"}, content_type="application/json").status_code == 404
    assert sent(other, view["id"], b"x").status_code == 404
    experiment = saved(other, recipe={"dataset": view["name"]})
    assert other.post(f"/api/experiments/{experiment['id']}/runs").status_code == 422


def samples(one: Client, name: str) -> int:
    return int(one.get(f"/api/datasets/{name}/samples.png").status_code)


def test_its_pictures_are_for_whoever_sees_it_or_a_run_on_it(client: Client) -> None:
    view = uploaded(client)
    name = view["name"]
    assert (samples(client, name), samples(guest(), name)) == (200, 404), "nobody has seen a run of it"
    run = trained(client, name)
    assert samples(guest(), name) == 200, "the run's address is enough"
    link = client.post(f"/api/experiments/{run.experiment_id}/links", {}, content_type="application/json").json()
    holder = guest()
    assert holder.get(f"/s/{link['token']}", {"open": ""}).status_code == 302
    trained(client, name)  # whose address the holder never had
    assert samples(holder, name) == 200
    assert client.delete(f"/api/links/{link['id']}").status_code == 204
    assert (samples(holder, name), samples(guest(), name), samples(client, name)) == (404, 404, 200), "taken back"
    body = {"visibility": "public", "confirmed": True}
    address = f"/api/experiments/{run.experiment_id}/visibility"
    assert client.put(address, body, content_type="application/json").status_code == 200
    assert samples(guest(), name) == 200
    assert samples(guest(), "own-" + "0" * 32) == 404


def test_renaming_leaves_the_record_of_runs_as_it_was(client: Client) -> None:
    view = uploaded(client)
    run = trained(client, view["name"])
    renamed = client.patch(f"/api/own-data/{view['id']}", {"title": "Animals"}, content_type="application/json").json()
    assert renamed["title"] == renamed["dataset"]["title"] == "Animals" and renamed["runs"] == 1
    assert client.get(f"/api/runs/{run.pk}").json()["data"]["dataset"]["title"] == "Pets"


def test_what_is_refused_says_why_and_stays_until_it_is_deleted(client: Client) -> None:
    view = uploaded(client, packed(class_folders({"cats": 20})))
    assert view["state"] == "refused" and view["dataset"] is None
    assert view["problem"].startswith("Only one class was found, “cats”.")
    assert client.get("/api/own-data").json()["sets"][0]["problem"] == view["problem"]
    assert client.delete(f"/api/own-data/{view['id']}").status_code == 204


def test_too_large_is_said_before_a_byte_is_sent(client: Client, settings: Any) -> None:
    body = {"title": "Pets", "file": "pets.zip", "bytes": OwnDataLimits().zip_bytes + 1}
    answer = client.post("/api/own-data", body, content_type="application/json")
    assert answer.status_code == 422
    assert "at most 512 MB are taken" in answer.json()["error"]["message"]
    id = begun(client, 20)["id"]
    assert sent(client, id, b"x" * 21).json()["error"]["message"].startswith("20 bytes were announced")
    assert sent(client, id, b"x", -1).status_code == 422
    settings.OWN_DATA_LIMITS = OwnDataLimits().model_copy(update={"part_bytes": 10, "sets": 1})
    assert sent(client, id, b"x" * 11).json()["error"]["message"] == "A part has at most 10 bytes. Send smaller ones."
    assert client.post("/api/own-data", body | {"bytes": 1}, content_type="application/json").status_code == 429
    wrong = client.post("/api/own-data", body | {"options": {"size": 300}}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "options.size")


def test_what_does_not_fit_beside_the_rest_is_refused_before_it_is_sent(client: Client, settings: Any) -> None:
    settings.MEGABYTES_PER_GUEST = 20
    begun(client, 15_000_000)
    body = {"title": "More", "file": "more.zip", "bytes": 6_000_000}
    answer = client.post("/api/own-data", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "storage")
    assert answer.json()["error"]["message"] == (
        "“more.zip” has 6.0 MB, and your experiments, runs and data sets take 15 MB of 20. Delete what you no longer"
        " need. Members have more room: sign up, and all you made comes along."
    )


def test_images_that_outgrow_the_room_are_refused_in_words_and_nothing_is_left(client: Client, settings: Any) -> None:
    settings.MEGABYTES_PER_GUEST = 1
    view = uploaded(client, options={"size": 224, "colour": "colour"})
    assert (view["state"], view["dataset"]) == ("refused", None)
    assert view["problem"] == (
        "33 images of 3×224×224 have 5.0 MB, and beside what you have stored there is room for 1.0 MB. Delete what you"
        " no longer need, choose a size of 100 or less, or leave images out; then upload it again."
        " Members have more room: sign up, and all you made comes along."
    )
    assert not storage.stored_digests() and not storage.upload_ids()
    assert uploaded(client, options={"size": 64, "colour": "colour"})["state"] == "ready"


def test_what_was_stored_during_the_check_counts_too(client: Client, settings: Any, monkeypatch: Any) -> None:
    settings.MEGABYTES_PER_GUEST = 1
    report = checker._report

    def meanwhile(row: OwnDataset) -> Any:
        found = report(row)
        OwnDataset.objects.create(name="own-other", owner=row.owner, title="Other", stored_bytes=990_000)
        return found

    monkeypatch.setattr(checker, "_report", meanwhile)
    view = uploaded(client, options={"size": 64, "colour": "colour"})
    assert view["state"] == "refused"
    assert view["problem"].startswith("The data set has 0.4 MB as it is trained on, and beside what you have stored")
    assert not storage.stored_digests() and not storage.upload_ids()


def test_a_check_that_dies_refuses_with_a_sentence(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    view = uploaded(client)
    assert view["state"] == "refused"
    assert view["problem"].startswith("The check broke off on something in the upload")


def test_folders_of_the_site_are_everybodys(client: Client, tmp_path: Path, settings: Any) -> None:
    root = tmp_path / "data"
    settings.DATA_FOLDER = str(root)
    for path, data in class_folders({"cats": 20, "dogs": 13}).items():
        target = root / "My pets" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    (root / "My pets" / "dataset.json").write_text(json.dumps({"title": "House pets", "size": 10, "colour": "grey"}))
    (root / "mnist").mkdir()
    folder_sets.look()
    assert checker.check_next() and not checker.check_next()
    (view,) = client.get("/api/own-data").json()["sets"]
    assert (view["name"], view["title"], view["state"], view["mine"]) == (
        "folder-my-pets",
        "House pets",
        "ready",
        False,
    )
    assert is_own(view["name"]) and view["dataset"]["height"] == 10
    refused = client.delete(f"/api/own-data/{view['id']}")
    assert refused.status_code == 403 and "a folder of the site's machine" in refused.json()["error"]["message"]
    folder_sets.look()
    assert not checker.check_next()  # nothing has changed
    (root / "My pets" / "cats" / "0.png").unlink()
    folder_sets.look()
    assert checker.check_next()
    assert client.get("/api/own-data").json()["sets"][0]["dataset"]["train"] == view["dataset"]["train"] - 1
    for path in sorted((root / "My pets").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder_sets.look()
    assert not OwnDataset.objects.exists()
