"""Data sets of others: downloaded whole or not at all, in the form in which they are published."""

from __future__ import annotations

import inspect
import re
import socket
from pathlib import Path

import pytest

import worker.torchvision_ops  # noqa: F401 (before torchvision)
from playground.datasets import DATASETS, Dataset
from tests.worker.published import serving_files, tiny
from worker import data as data_module
from worker import transfer
from worker.data import available, load
from worker.failure import Failure
from worker.fetching import Told, Wanted, fetch
from worker.fetching import main as fetch_command
from worker.places import datasets_folder

NAMES = [name for name, record in DATASETS.items() if record.files]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYGROUND_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(transfer, "PAUSE_SECONDS", 0.001)
    (tmp_path / "var").mkdir()
    (tmp_path / "data").mkdir()
    return tmp_path


def fetched(record: Dataset) -> list[Told]:
    said: list[Told] = []
    fetch(Wanted(record=record), said.append)
    return said


@pytest.mark.parametrize("name", NAMES)
def test_the_published_form_is_read_to_the_last_pixel(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record, files, (train, labels, test, test_labels) = tiny(name)
    monkeypatch.setitem(data_module.DATASETS, name, record)
    assert name not in available()
    with serving_files(files) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        said = fetched(record)
    assert name in available()
    data = load(name)
    assert (data.test.images.numpy() == test).all() and (data.test.labels.numpy() == test_labels).all()
    for part, positions in ((data.train, "train"), (data.validation, "validation")):
        at = data_module.set_positions(record, positions)  # type: ignore[arg-type]
        assert (part.images.numpy() == train[at]).all() and (part.labels.numpy() == labels[at]).all()
    assert said[-1].stage == "preparing"
    assert said[-2].bytes == said[-2].total == sum(map(len, files.values()))
    assert [path.name for path in datasets_folder().iterdir() if path.suffix != ".lock"] == [f"{name}.safetensors"]


def test_checksums_are_those_that_torchvision_has() -> None:
    """CIFAR's are of the binary archives, which hold no pickle; torchvision reads the others."""
    import torchvision.datasets as published

    for name, module in (("fashion-mnist", "mnist"), ("kmnist", "mnist"), ("svhn", "svhn"), ("stl10", "stl10")):
        source = inspect.getsource(getattr(published, module))
        for file in DATASETS[name].files:
            kind, value = file.checksum.split(":")
            assert kind == "md5" and value in source and (file.name in source)
            assert file.url.removesuffix(file.name) in source
    assert {file.checksum[:7] for name in ("cifar10", "cifar100") for file in DATASETS[name].files} == {"sha256:"}


@pytest.mark.parametrize(
    ("name", "model"), [("cifar10", "CIFAR10"), ("fashion-mnist", "FashionMNIST"), ("kmnist", "KMNIST")]
)
def test_classes_are_in_the_order_that_torchvision_has(name: str, model: str) -> None:
    import torchvision.datasets as published

    known = getattr(getattr(published, model), "classes", None) or DATASETS[name].classes
    assert DATASETS[name].classes == tuple(known)


def test_a_broken_connection_is_gone_on_with_from_where_it_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    record, files, _ = tiny("cifar10")
    (name,) = files
    with serving_files(files) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        server.break_after = 5_000
        fetched(record)
        assert server.asked == [(name, "bytes=0-"), (name, "bytes=5000-")]


def test_a_server_without_ranges_sends_it_all_again(monkeypatch: pytest.MonkeyPatch) -> None:
    record, files, _ = tiny("kmnist")
    with serving_files(files) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        server.ranges, server.break_after = False, 100
        fetched(record)
    assert (datasets_folder() / "kmnist.safetensors").is_file()


def test_a_forged_file_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    record, files, _ = tiny("stl10")
    (name,) = files
    with serving_files({name: files[name][:-1] + b"x"}) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        with pytest.raises(Failure) as caught:
            fetched(record)
    assert caught.value.message == (
        "STL-10 could not be downloaded: 127.0.0.1 sent a file that is not the one expected: its checksum differs."
    )
    assert [path.name for path in datasets_folder().iterdir()] == ["stl10.lock"]


def test_without_a_network_there_is_one_sentence_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PLAYGROUND_MIRROR", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(Failure) as caught:
            fetched(DATASETS["cifar10"])
    assert caught.value.code == "data_missing"
    assert caught.value.message == (
        "CIFAR-10 could not be downloaded: 127.0.0.1 cannot be reached (Connection refused)."
    )
    assert "put cifar-10-binary.tar.gz into the folder that PLAYGROUND_DATA names" in caught.value.hint
    with serving_files({}) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        with pytest.raises(Failure, match=re.escape("127.0.0.1 answered with status 404")):
            fetched(DATASETS["svhn"])


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_there_already_are_not_downloaded(name: str, folder: Path) -> None:
    record, files, _ = tiny(name)
    (folder / "data" / name).mkdir()
    for file, content in files.items():
        (folder / "data" / name / file).write_bytes(content)
    assert [told.stage for told in fetched(record)] == ["preparing"]
    assert all((folder / "data" / name / file).is_file() for file in files)  # they are not ours


def test_an_unpacked_archive_is_read_where_it_lies(folder: Path) -> None:
    import io
    import tarfile

    record, files, _ = tiny("cifar100")
    with tarfile.open(fileobj=io.BytesIO(next(iter(files.values())))) as archive:
        archive.extractall(folder / "data", filter="data")
    assert [told.stage for told in fetched(record)] == ["preparing"]


def test_files_that_hold_other_numbers_of_images_are_refused(folder: Path) -> None:
    record, files, _ = tiny("cifar10")
    for file, content in files.items():
        (folder / "data" / file).write_bytes(content)
    with pytest.raises(Failure, match="CIFAR-10 should have 61 and 30 images of 3×32×32; 60 and 30"):
        fetched(record.model_copy(update={"train": 61}))


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    record, files, _ = tiny("svhn")
    monkeypatch.setitem(DATASETS, "svhn", record)
    assert fetch_command(["imagenet"]) == 2
    with serving_files(files) as server:
        monkeypatch.setenv("PLAYGROUND_MIRROR", server.address)
        assert fetch_command(["svhn"]) == 0
        server.files = {}
        (datasets_folder() / "svhn.safetensors").unlink()
        assert fetch_command(["svhn"]) == 1
    said = capsys.readouterr()
    assert "SVHN is here: 60 training and 30 test images." in said.out
    assert "SVHN could not be downloaded: 127.0.0.1 answered with status 404." in said.err
