"""Data sets that were fetched: one file of plain arrays each, mapped rather than read. No torch here."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playground.arrays import Array, head, read_head
from playground.datasets import Dataset
from worker.failure import Failure
from worker.places import datasets_folder, write_whole

Arrays = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
"""Training images [n, c, h, w] and labels [n], test images and labels."""
NAMES = ("train_images", "train_labels", "test_images", "test_labels")


@dataclass(frozen=True)
class Stored:
    """What is in a file. `mean` and `std` are [channels], over the part that is learnt from."""

    arrays: Arrays
    mean: list[float] | None
    std: list[float] | None


def stored_path(key: str) -> Path:
    """Of a data set that everybody knows, by its name; of another one, by its file's hash."""
    return datasets_folder() / f"{key}.safetensors"


def read_stored(record: Dataset, key: str) -> Stored:
    """Raises Failure(data_missing) where the file is not there, or does not hold what the record says."""
    path = stored_path(key)
    try:
        with path.open("rb") as file:
            found, words = read_head(file, path.stat().st_size)
        train, labels, test, test_labels = (_mapped(path, found[name]) for name in NAMES)
        mean, std = (json.loads(words[name]) if name in words else None for name in ("mean", "std"))
    except FileNotFoundError as error:
        raise missing(record) from error
    except (OSError, ValueError, KeyError) as error:
        raise Failure(
            "data_missing",
            f"The file of {record.title} cannot be read: {error}",
            f"Delete {path} on the worker's machine, and train again.",
        ) from error
    check(record, (train, labels, test, test_labels))
    with suppress(OSError):
        os.utime(path)  # the files that were used last are kept longest
    return Stored((train, labels, test, test_labels), mean, std)


def write_stored(record: Dataset, key: str, arrays: Arrays) -> None:
    """Keep a data set that was read from its original files. Raises Failure where it is not what the record says."""
    check(record, arrays)
    named = dict(zip(NAMES, arrays, strict=True))
    order = ("train_images", "test_images", "train_labels", "test_labels")  # large ones first: they stay aligned
    start = head({name: ("U8", named[name].shape) for name in order}, {})

    def write(file: object) -> None:
        file.write(start)  # type: ignore[attr-defined]
        for name in order:
            file.write(np.ascontiguousarray(named[name]).data)  # type: ignore[attr-defined]

    write_whole(stored_path(key), write)


def check(record: Dataset, arrays: Arrays) -> None:
    """Raises Failure(data_missing) where arrays are not of the sizes that the record says."""
    train, labels, test, test_labels = arrays
    right = train.shape == (record.train, *record.shape) and test.shape == (record.test, *record.shape)
    right = right and labels.shape == (record.train,) and test_labels.shape == (record.test,)
    if not right:
        size = "×".join(map(str, record.shape))
        raise Failure(
            "data_missing",
            f"{record.title} should have {record.train:,} and {record.test:,} images of {size}; "
            f"{len(train):,} and {len(test):,} of {'×'.join(map(str, train.shape[1:]))} are there.",
            "Put the original files there.",
        )
    if max(int(labels.max()), int(test_labels.max())) >= len(record.classes):
        raise Failure(
            "data_missing",
            f"{record.title} has labels beyond its {len(record.classes)} classes.",
            "Put the original files there.",
        )


def missing(record: Dataset) -> Failure:
    """It is not on this machine, and nobody fetched it."""
    way = f"Run `python -m worker fetch {record.name}` there." if record.files else "Train it for the site that has it."
    return Failure("data_missing", f"The images of {record.title} are not on the worker's machine.", way)


def _mapped(path: Path, array: Array) -> NDArray[np.uint8]:
    if array.dtype != "U8":
        raise ValueError(f"an array of {array.dtype} where bytes are expected")
    if 0 in array.shape:
        return np.zeros(array.shape, np.uint8)
    # copy-on-write, so that torch accepts it as writable; nothing is read before it is used
    return np.memmap(path, np.uint8, "c", array.start, array.shape)
