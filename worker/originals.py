"""The data sets of others in the form in which they are published, as arrays. No pickle is read."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.datasets import Dataset
from worker.idx import read_idx
from worker.stored import Arrays

MOST_MEMBER_BYTES = 1 << 30
Files = Mapping[str, Path]
"""Where each of the record's files lies, by its name."""


def read_original(record: Dataset, files: Files) -> Arrays:
    """Raises OSError, ValueError, EOFError, KeyError or tarfile.TarError where a file is not of its form."""
    return _READERS[record.name](record, files)


def unpacked_names(name: str) -> list[str]:
    """What a file may be called where somebody has unpacked it already."""
    return [_FOLDERS[name]] if name in _FOLDERS else [name.removesuffix(".gz")]


def _idx(record: Dataset, files: Files) -> Arrays:
    train, labels, test, test_labels = (read_idx(files[file.name]) for file in record.files)
    return train[:, None], labels, test[:, None], test_labels


def _cifar(batches: tuple[str, ...], test: str, labels: int) -> Callable[[Dataset, Files], Arrays]:
    """Records of `labels` bytes, the last of which counts, and 3,072 of pixels: red, green, blue, row by row."""

    def read(record: Dataset, files: Files) -> Arrays:
        found = _members(files[record.files[0].name], {*batches, test})
        train = np.concatenate([_records(found[name], labels, record.shape) for name in batches])
        last = _records(found[test], labels, record.shape)
        return (*_parted(train, labels, record.shape), *_parted(last, labels, record.shape))

    return read


def _records(data: bytes, labels: int, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.frombuffer(data, np.uint8).reshape(-1, labels + int(np.prod(shape)))


def _parted(
    records: NDArray[np.uint8], labels: int, shape: tuple[int, int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return np.ascontiguousarray(records[:, labels:]).reshape(-1, *shape), records[:, labels - 1].copy()


def _svhn(record: Dataset, files: Files) -> Arrays:
    """MATLAB files: X [height, width, channels, n], y [n, 1] from 1 to 10, where 10 is the digit 0."""
    from scipy.io import loadmat

    arrays = []
    for file in record.files:
        found = loadmat(files[file.name], variable_names=("X", "y"))
        arrays.append(np.ascontiguousarray(found["X"].transpose(3, 2, 0, 1)).astype(np.uint8))
        arrays.append((found["y"].reshape(-1) % 10).astype(np.uint8))
    train, labels, test, test_labels = arrays
    return train, labels, test, test_labels


def _stl10(record: Dataset, files: Files) -> Arrays:
    """Bytes [n, channels, column, row], labels from 1. The 100,000 images without labels are passed over."""
    names = ("train_X.bin", "train_y.bin", "test_X.bin", "test_y.bin")
    found = _members(files[record.files[0].name], set(names))
    arrays = [np.frombuffer(found[name], np.uint8) for name in names]
    channels, height, width = record.shape
    images = [
        np.ascontiguousarray(each.reshape(-1, channels, width, height).transpose(0, 1, 3, 2)) for each in arrays[::2]
    ]
    return images[0], arrays[1] - 1, images[1], arrays[3] - 1


def _members(path: Path, names: set[str]) -> dict[str, bytes]:
    """Files of an archive, or of the folder that it was unpacked to, by their own names. Raises KeyError for the first
    that is not there."""
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in sorted(names)}
    found: dict[str, bytes] = {}
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            name = Path(member.name).name
            if name not in names or not member.isfile():
                continue
            if member.size > MOST_MEMBER_BYTES:
                raise ValueError(f"{name} says that it has {member.size:,} bytes.")
            file = archive.extractfile(member)
            found[name] = file.read() if file else b""
            if len(found) == len(names):
                break
    for name in sorted(names - found.keys()):
        raise KeyError(f"{name} is not in {path.name}")
    return found


_FOLDERS = {
    "cifar-10-binary.tar.gz": "cifar-10-batches-bin",
    "cifar-100-binary.tar.gz": "cifar-100-binary",
    "stl10_binary.tar.gz": "stl10_binary",
}
_READERS: dict[str, Callable[[Dataset, Files], Arrays]] = {
    "fashion-mnist": _idx,
    "kmnist": _idx,
    "cifar10": _cifar(tuple(f"data_batch_{at}.bin" for at in range(1, 6)), "test_batch.bin", 1),
    "cifar100": _cifar(("train.bin",), "test.bin", 2),
    "svhn": _svhn,
    "stl10": _stl10,
}
