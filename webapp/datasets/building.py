"""From an upload's files to the data set's own file, its record and what was found on the way. No Django here.

Images are decoded one by one and put behind each other on the disk: what is in memory does not grow with the upload.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.arrays import head
from playground.datasets import Dataset, tiles_per_class
from playground.own_data import SMALLEST_SIZE, OwnDataLimits, OwnDataOptions, OwnFinding
from playground.protocol.link import DatasetCard
from playground.words import megabytes
from webapp.datasets.images import Broken, NotAnImage, TooManyPixels, decode
from webapp.datasets.layout import Layout, Part, Placed, read_layout
from webapp.datasets.sheet import sheet
from webapp.datasets.sources import NoRoom, Refused, Source, Unreadable

SPLIT_SEED = 2012
"""Draws the test images and those held out: the same images and options give the same split, and the same file."""
HELD_OUT = 1 / 12
SHOWN_FILES = 20
FEWEST_TRAINED = 2
"""Of a class, where the upload brings its own split."""

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


class Kept(NamedTuple):
    """An image that was read: the n-th on the disk."""

    place: int
    label: int
    part: Part | None
    path: str


@dataclass
class Finds:
    """What was left out, and why, as it is found."""

    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, words: str) -> None:
        self.counts[kind] += 1
        if len(self.files[kind]) < SHOWN_FILES:
            self.files[kind].append(words)

    def findings(self) -> list[OwnFinding]:
        return [
            OwnFinding(
                level=level,  # type: ignore[arg-type]
                message=(one if self.counts[kind] == 1 else many).format(count=self.counts[kind]),
                files=tuple(self.files[kind]),
                count=self.counts[kind],
            )
            for kind, (level, one, many) in _KINDS.items()
            if self.counts[kind]
        ]


_KINDS = {
    "leak": (
        "warning",
        "1 test image is in the training set too, and was left out of the test.",
        "{count:,} test images are in the training set too, and were left out of the test.",
    ),
    "two": (
        "warning",
        "1 image is in two classes; only the first was kept.",
        "{count:,} images are in two classes; only the first of each was kept.",
    ),
    "copy": (
        "note",
        "1 image is a copy of another, and was left out.",
        "{count:,} images are copies of others, and were left out.",
    ),
    "other": (
        "warning",
        "1 file is not an image, and was left out.",
        "{count:,} files are not images, and were left out.",
    ),
    "broken": (
        "warning",
        "1 image cannot be read, and was left out.",
        "{count:,} images cannot be read, and were left out.",
    ),
    "large": (
        "warning",
        "1 image is too large to be decoded, and was left out.",
        "{count:,} images are too large to be decoded, and were left out.",
    ),
    "loose": (
        "warning",
        "1 file lies in no class's folder, and was left out.",
        "{count:,} files lie in no class's folder, and were left out.",
    ),
}


def build(
    source: Source,
    *,
    name: str,
    title: str,
    origin: str,
    described: str,
    options: OwnDataOptions,
    limits: OwnDataLimits,
    room: int | None,
    target: Path,
    progress: Progress,
) -> Built:
    """Read, check, split and write to `target`. `room`: bytes that its owner may still store, None where there is no
    limit. Raises Refused; what was found until then is in its `findings`."""
    finds = Finds()
    try:
        progress("listing", 0, 0)
        layout = read_layout(source.entries())
        for path in layout.loose:
            finds.add("loose", path)
        _check_layout(layout, options, limits, room)
        raw = target.with_suffix(".raw")
        with raw.open("w+b") as images:
            kept = _read(source, layout, options, limits, images, finds, progress)
            raw.unlink()  # it stays open, and is gone with this process whatever happens
            parts = _split(kept, layout, options, limits)
            return _write(
                images, parts, layout, finds, progress, target,
                name=name, title=title, origin=origin, described=described, options=options,
            )  # fmt: skip
    except Refused as refused:
        refused.findings = finds.findings()  # type: ignore[attr-defined]
        raise


def _check_layout(layout: Layout, options: OwnDataOptions, limits: OwnDataLimits, room: int | None) -> None:
    """What can be refused before an image is opened."""
    count, classes = len(layout.files), len(layout.classes)
    if classes < limits.fewest_classes:
        raise Refused(
            f"Only one class was found, “{layout.classes[0]}”. Put the images of each class into a folder of its own; "
            f"at least {limits.fewest_classes} classes are needed."
        )
    if classes > limits.classes:
        raise Refused(f"{classes:,} class folders were found; at most {limits.classes} are taken. Leave some out.")
    if count > limits.images:
        raise Refused(f"{count:,} files were found; at most {limits.images:,} images are taken. Leave some out.")
    channels = 1 if options.colour == "grey" else 3
    stored = count * channels * options.size**2
    there = f"{count:,} images of {channels}×{options.size}×{options.size} have {megabytes(stored)}"
    if stored > limits.stored_bytes:
        raise Refused(
            f"{there}; at most {megabytes(limits.stored_bytes)} are kept. Choose a size of "
            f"{_fitting(limits.stored_bytes, count * channels)} or less, or leave images out."
        )
    if room is not None and stored > room:
        size = _fitting(room, count * channels)
        smaller = f"choose a size of {size} or less, " if size >= SMALLEST_SIZE else ""
        raise NoRoom(
            f"{there}, and beside what you have stored there is room for {megabytes(max(0, room))}. Delete what you no "
            f"longer need, {smaller}or leave images out; then upload it again."
        )


def _fitting(room: int, planes: int) -> int:
    """The largest size at which so many planes of pixels, images times channels, have room."""
    return int((max(0, room) / planes) ** 0.5)


def _read(
    source: Source,
    layout: Layout,
    options: OwnDataOptions,
    limits: OwnDataLimits,
    images: BinaryIO,
    finds: Finds,
    progress: Progress,
) -> list[Kept]:
    """Every image once, training images first, so that of two alike the test loses its own."""
    order = sorted(layout.files, key=lambda placed: (placed.part == "test", placed.part == "validation"))
    seen: dict[bytes, Kept] = {}
    kept: list[Kept] = []
    for number, placed in enumerate(order):
        progress("reading", number, len(order))
        pixels = _decoded(source, placed, options, limits, finds)
        if pixels is None:
            continue
        mark = hashlib.sha256(pixels).digest()
        image = Kept(len(kept), placed.label, placed.part, placed.entry.path)
        if (first := seen.get(mark)) is not None:
            _note_copy(image, first, finds)
            continue
        seen[mark] = image
        kept.append(image)
        images.write(pixels)
    progress("reading", len(order), len(order))
    return kept


def _decoded(
    source: Source, placed: Placed, options: OwnDataOptions, limits: OwnDataLimits, finds: Finds
) -> NDArray[np.uint8] | None:
    path = placed.entry.path
    try:
        return decode(source.read(placed.entry), options, limits.pixels)
    except NotAnImage:
        finds.add("other", path)
    except Broken:
        finds.add("broken", path)
    except TooManyPixels as error:
        finds.add("large", f"{path} ({error}; at most {limits.pixels:,})")
    except Unreadable as error:
        finds.add("large" if "larger" in str(error) else "broken", f"{path} ({error})")
    return None


def _note_copy(image: Kept, first: Kept, finds: Finds) -> None:
    same = f"{image.path} = {first.path}"
    if image.label != first.label:
        finds.add("two", same)
    elif image.part == "test" and first.part != "test":
        finds.add("leak", same)
    else:
        finds.add("copy", same)


def _split(kept: list[Kept], layout: Layout, options: OwnDataOptions, limits: OwnDataLimits) -> dict[Part, list[Kept]]:
    """Shares of each class alike, so that every class is in every part; each part in an order of its own."""
    random = np.random.RandomState(SPLIT_SEED)
    parts: dict[Part, list[Kept]] = {"train": [], "validation": [], "test": []}
    own_held_out = any(image.part == "validation" for image in kept)
    for label, name in enumerate(layout.classes):
        mine = [image for image in kept if image.label == label]
        _check_class(name, mine, layout, limits, own_held_out)
        test = [image for image in mine if image.part == "test"]
        held = [image for image in mine if image.part == "validation"]
        rest = [image for image in mine if image.part not in ("test", "validation")]
        rest = [rest[at] for at in random.permutation(len(rest))]
        if not layout.split:
            cut = max(1, round(len(rest) * options.test_share / 100))
            test, rest = rest[:cut], rest[cut:]
        if not own_held_out:
            cut = max(1, round(len(rest) * HELD_OUT))
            held, rest = rest[:cut], rest[cut:]
        parts["test"] += test
        parts["validation"] += held
        parts["train"] += rest
    return {part: [images[at] for at in random.permutation(len(images))] for part, images in parts.items()}


def _check_class(name: str, mine: list[Kept], layout: Layout, limits: OwnDataLimits, own_held_out: bool) -> None:
    if not mine:
        raise Refused(
            f"The class “{name}” has no image that can be used. Add images to its folder, or remove the folder."
        )
    if len(mine) < limits.fewest_images:
        count = "only 1 image" if len(mine) == 1 else f"only {len(mine)} different images"
        raise Refused(
            f"The class “{name}” has {count} that can be used; at least {limits.fewest_images} are needed. Add some, "
            "or remove the folder."
        )
    if not layout.split:
        return
    counts = Counter(image.part for image in mine)
    if counts["test"] == 0:
        raise Refused(
            f"The class “{name}” has no test image that is not in the training set too. Put other images into the test "
            "folder, or pack class folders alone: the split is then drawn."
        )
    if counts["train"] < FEWEST_TRAINED + (not own_held_out):
        raise Refused(
            f"The class “{name}” has too few training images ({counts['train']}). Put more into its training folder."
        )
    if own_held_out and counts["validation"] == 0:
        raise Refused(
            f"The class “{name}” has no image in the validation folder. Add some, or leave that folder out: the "
            "held-out images are then drawn."
        )


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


def _write(
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
