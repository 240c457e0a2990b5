"""Tiny data sets in the very form in which the large ones are published, and a server that has them."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from playground.datasets import DATASETS, Dataset, RemoteFile

TRAIN, TEST = 60, 30
Images = NDArray[np.uint8]


def tiny(name: str) -> tuple[Dataset, dict[str, bytes], tuple[Images, Images, Images, Images]]:
    """A data set's record with few images, its files by their names, and what they hold: training images and labels,
    test images and labels."""
    full = DATASETS[name]
    random = np.random.RandomState(len(name))
    train, test = (random.randint(0, 256, (count, *full.shape), np.uint8) for count in (TRAIN, TEST))
    labels, test_labels = (np.arange(count, dtype=np.uint8) % 10 for count in (TRAIN, TEST))
    held = (train, labels, test, test_labels)
    files = dict(zip((file.name for file in full.files), _WRITERS[name](*held), strict=True))
    remote = tuple(
        RemoteFile(
            url=file.url,
            bytes=len(files[file.name]),
            checksum=f"sha256:{hashlib.sha256(files[file.name]).hexdigest()}",
        )
        for file in full.files
    )
    update = {"train": TRAIN, "test": TEST, "validation": 5, "classes": full.classes[:10], "files": remote}
    return full.model_copy(update=update), files, held


def _idx(*arrays: Images) -> list[bytes]:
    order = [arrays[0][:, 0], arrays[1], arrays[2][:, 0], arrays[3]]
    return [
        gzip.compress(struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes())
        for array in order
    ]


def _tar(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def _rows(images: Images, *labels: Images) -> bytes:
    return np.concatenate([*(each[:, None] for each in labels), images.reshape(len(images), -1)], axis=1).tobytes()


def _cifar10(train: Images, labels: Images, test: Images, test_labels: Images) -> list[bytes]:
    fifth = len(train) // 5
    members = {
        f"cifar-10-batches-bin/data_batch_{at + 1}.bin": _rows(
            train[at * fifth : (at + 1) * fifth], labels[at * fifth : (at + 1) * fifth]
        )
        for at in range(5)
    }
    members["cifar-10-batches-bin/batches.meta.txt"] = b"airplane\n"
    return [_tar(members | {"cifar-10-batches-bin/test_batch.bin": _rows(test, test_labels)})]


def _cifar100(train: Images, labels: Images, test: Images, test_labels: Images) -> list[bytes]:
    coarse = 19 - labels
    members = {
        "cifar-100-binary/train.bin": _rows(train, coarse, labels),
        "cifar-100-binary/test.bin": _rows(test, 19 - test_labels, test_labels),
    }
    return [_tar(members)]


def _svhn(train: Images, labels: Images, test: Images, test_labels: Images) -> list[bytes]:
    files = []
    for images, digits in ((train, labels), (test, test_labels)):
        file = io.BytesIO()
        ten = np.where(digits == 0, 10, digits).reshape(-1, 1)
        savemat(file, {"X": images.transpose(2, 3, 1, 0), "y": ten}, do_compression=True)
        files.append(file.getvalue())
    return files


def _stl10(train: Images, labels: Images, test: Images, test_labels: Images) -> list[bytes]:
    members = {
        "stl10_binary/test_X.bin": test.transpose(0, 1, 3, 2).tobytes(),
        "stl10_binary/test_y.bin": (test_labels + 1).tobytes(),
        "stl10_binary/train_X.bin": train.transpose(0, 1, 3, 2).tobytes(),
        "stl10_binary/train_y.bin": (labels + 1).tobytes(),
        "stl10_binary/unlabeled_X.bin": bytes(1000),
    }
    return [_tar(members)]


_WRITERS: dict[str, Any] = {
    "fashion-mnist": _idx,
    "kmnist": _idx,
    "cifar10": _cifar10,
    "cifar100": _cifar100,
    "svhn": _svhn,
    "stl10": _stl10,
}


class FileServer(ThreadingHTTPServer):
    """Serves files by name, from where a Range says; can be told to break off."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.break_after: int | None = None
        """Bytes after which the next answer ends too early."""
        self.ranges = True
        self.hold: threading.Event | None = None
        """Waited for in the middle of an answer."""
        self.asked: list[tuple[str, str]] = []
        """Name and Range of each request."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        name, asked = self.path.rsplit("/", 1)[1], self.headers.get("Range", "")
        self.server.asked.append((name, asked))
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-") or 0) if self.server.ranges else 0
        self.send_response(206 if self.server.ranges else 200)
        if self.server.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end, self.server.break_after = self.server.break_after, None
        middle = start + (len(data) - start) // 2
        self.wfile.write(data[start:middle][:end])
        self.wfile.flush()
        if self.server.hold is not None:
            self.server.hold.wait(30)
        if end is None:
            self.wfile.write(data[middle:])

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


@contextmanager
def serving_files(files: dict[str, bytes]) -> Iterator[FileServer]:
    server = FileServer(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        if server.hold is not None:
            server.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
