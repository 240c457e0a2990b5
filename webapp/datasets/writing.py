"""A data set's own file, its record, and the card that shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.arrays import head
from playground.datasets import Dataset, tiles_per_class
from playground.own_data import OwnDataOptions, OwnFinding
from playground.protocol.link import DatasetCard
from webapp.datasets.finds import Finds
from webapp.datasets.layout import Layout, Part
from webapp.datasets.sheet import sheet
from webapp.datasets.splitting import Kept

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """A data set that is ready."""

    record: Dataset
    card: DatasetCard
    png: bytes
    digest: str
    bytes: int
    findings: list[OwnFinding]


class _Hashing:
    """Writes and hashes at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.hash.update(data)
        self.bytes += len(data)


def write(
    images: BinaryIO,
    parts: dict[Part, list[Kept]],
    layout: Layout,
    finds: Finds,
    progress: Progress,
    target: Path,
    *,
    name: str,
    title: str,
    origin: str,
    described: str,
    options: OwnDataOptions,
) -> Built:
    channels = 1 if options.colour == "grey" else 3
    shape = (channels, options.size, options.size)
    images.flush()
    learnt, held, test = parts["train"], parts["validation"], parts["test"]
    mean, std = _statistics(_stored(images, learnt, shape), channels)
    training = [*learnt, *held]
    total = len(training) + len(test)
    arrays = {
        "train_images": ("U8", (len(training), *shape)),
        "test_images": ("U8", (len(test), *shape)),
        "train_labels": ("U8", (len(training),)),
        "test_labels": ("U8", (len(test),)),
    }
    words = {"mean": json.dumps(mean), "std": json.dumps(std)}
    with target.open("wb") as file:
        out = _Hashing(file)
        out.write(head(arrays, words))
        for number, pixels in enumerate(_stored(images, [*training, *test], shape)):
            progress("writing", number, total)
            out.write(pixels.tobytes())
        out.write(bytes(image.label for image in training))
        out.write(bytes(image.label for image in test))
    record = Dataset(
        name=name,
        title=title,
        summary=_summary(len(layout.classes), total, options),
        channels=channels,
        height=options.size,
        width=options.size,
        classes=tuple(layout.classes),
        train=len(training),
        validation=len(held),
        held_out="last",
        test=len(test),
        licence="Not stated",
        source=described,
        origin=origin,  # type: ignore[arg-type]
    )
    card, png = _card(images, record, parts, shape, mean, std)
    return Built(record, card, png, out.hash.hexdigest(), out.bytes, finds.findings())


def _summary(classes: int, images: int, options: OwnDataOptions) -> str:
    kind = "grey" if options.colour == "grey" else "in colour"
    return f"{images:,} images of {classes} classes, {kind}, brought to {options.size}×{options.size}."


def _stored(images: BinaryIO, wanted: Sequence[Kept], shape: tuple[int, int, int]) -> Iterator[NDArray[np.uint8]]:
    size = shape[0] * shape[1] * shape[2]
    for image in wanted:
        images.seek(image.place * size)
        yield np.frombuffer(images.read(size), np.uint8).reshape(shape)


def _statistics(images: Iterator[NDArray[np.uint8]], channels: int) -> tuple[list[float], list[float]]:
    """Mean and deviation of each channel, of values scaled to 0–1; exact, because the counts are whole numbers."""
    counts = np.zeros((channels, 256), np.int64)
    for image in images:
        for channel in range(channels):
            counts[channel] += np.bincount(image[channel].ravel(), minlength=256)
    values = np.arange(256) / 255
    mean = [float((row * values).sum() / row.sum()) for row in counts]
    std = [
        max(float(np.sqrt((row * (values - centre) ** 2).sum() / row.sum())), 1 / 255)
        for row, centre in zip(counts, mean, strict=True)
    ]
    return mean, std


def _card(
    images: BinaryIO,
    record: Dataset,
    parts: dict[Part, list[Kept]],
    shape: tuple[int, int, int],
    mean: list[float],
    std: list[float],
) -> tuple[DatasetCard, bytes]:
    """As a worker makes it of the other data sets: the first test images of each class, in rows of one length."""
    classes = len(record.classes)
    counts = {part: np.bincount([image.label for image in found], minlength=classes) for part, found in parts.items()}
    columns = tiles_per_class(classes, int(counts["test"].min()))
    positions = [
        position
        for label in range(classes)
        for position in [at for at, image in enumerate(parts["test"]) if image.label == label][:columns]
    ]
    chosen = [parts["test"][position] for position in positions]
    png, (tile_height, tile_width) = sheet(_stored(images, chosen, shape), shape, rows=classes, columns=columns)
    card = DatasetCard(
        name=record.name,
        columns=columns,
        tile_height=tile_height,
        tile_width=tile_width,
        positions=positions,
        train_counts=counts["train"].tolist(),
        validation_counts=counts["validation"].tolist(),
        test_counts=counts["test"].tolist(),
        mean=mean,
        std=std,
        bytes=len(png),
    )
    return card, png
