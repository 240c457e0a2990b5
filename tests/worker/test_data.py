"""The data sets: real, split as their records say, and in an order that follows from the seed."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from playground.datasets import DATASETS
from worker import data as data_module
from worker.data import available, batches, epoch_order, load, probe_positions, steps_per_epoch
from worker.failure import Failure
from worker.idx import read_idx


@pytest.mark.parametrize("name", [name for name, record in DATASETS.items() if not record.files])
def test_parts_are_as_large_as_the_record_says(name: str) -> None:
    record, data = DATASETS[name], load(name)
    assert len(data.train) + len(data.validation) == record.train
    assert (len(data.validation), len(data.test)) == (record.validation, record.test)
    assert data.train.images.shape[1:] == record.shape
    assert data.train.images.dtype == torch.uint8
    for part in (data.train, data.validation, data.test):
        assert part.labels.unique().tolist() == list(range(10))


def test_validation_of_mnist_is_the_last_5000_of_the_training_set() -> None:
    data = load("mnist")
    labels = read_idx(data_module._mnist_file("train-labels"))
    assert data.validation.labels.tolist() == labels[-5000:].tolist()
    assert data.mean.item() == pytest.approx(0.1307, abs=2e-4)
    assert data.std.item() == pytest.approx(0.3081, abs=2e-4)


def test_no_image_is_in_two_parts() -> None:
    data = load("digits")
    rows = torch.cat([part.images.flatten(1) for part in (data.train, data.validation, data.test)])
    assert len(rows.unique(dim=0)) == len(rows)


def test_normalised_training_images_have_mean_0_and_deviation_1() -> None:
    data = load("shapes")
    images = data.normalise(data.train.images[:4000])
    assert images.mean((0, 2, 3)).tolist() == pytest.approx([0, 0, 0], abs=0.02)
    assert images.std((0, 2, 3)).tolist() == pytest.approx([1, 1, 1], abs=0.02)


def test_batches_hold_every_image_once_an_epoch_and_can_begin_anywhere() -> None:
    data = load("digits")
    count = steps_per_epoch(len(data.train), 100)
    stream = batches(data, seed=3, step=0, batch_size=100)
    whole = [next(stream) for _ in range(count + 2)]
    assert sum(len(labels) for _, labels in whole[:count]) == len(data.train)
    later = next(batches(data, seed=3, step=count + 1, batch_size=100))
    assert torch.equal(later[0], whole[count + 1][0]) and torch.equal(later[1], whole[count + 1][1])
    assert not torch.equal(epoch_order(50, 3, 0), epoch_order(50, 3, 1))


@pytest.mark.parametrize(
    ("images", "size", "steps"), [(100, 10, 10), (102, 10, 11), (101, 10, 10), (5, 10, 1), (1, 10, 1)]
)
def test_a_lone_last_image_makes_no_batch(images: int, size: int, steps: int) -> None:
    assert steps_per_epoch(images, size) == steps


def test_probe_images_are_ten_of_each_class() -> None:
    data = load("digits")
    positions = probe_positions(data)
    assert data.test.labels[positions].tolist() == [label for label in range(10) for _ in range(10)]


def test_missing_mnist_says_where_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_module, "data_folders", lambda package: [tmp_path / "nowhere"])
    with pytest.raises(Failure) as caught:
        load("mnist")
    assert caught.value.code == "data_missing"
    assert str(tmp_path / "nowhere") in caught.value.message
    assert "PLAYGROUND_DATA" in caught.value.hint
    assert "mnist" not in available()
    with pytest.raises(Failure, match="no data set named 'imagenet'"):
        load("imagenet")


def test_idx_files_are_read_plain_and_packed_and_refused_when_cut(tmp_path: Path) -> None:
    values = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    whole = struct.pack(">HBB3I", 0, 8, 3, 2, 3, 4) + values.tobytes()
    (tmp_path / "plain").write_bytes(whole)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(whole))
    (tmp_path / "cut").write_bytes(whole[:-1])
    (tmp_path / "other").write_bytes(b"PNG and more")
    assert (read_idx(tmp_path / "plain") == values).all()
    assert (read_idx(tmp_path / "packed.gz") == values).all()
    for name in ("cut", "other"):
        with pytest.raises(ValueError, match=name):
            read_idx(tmp_path / name)
