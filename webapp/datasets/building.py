"""From an upload's files to the data set's own file, its record and what was found on the way. No Django here.

Images are decoded one by one and put behind each other on the disk: what is in memory does not grow with the upload.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from playground.own_data import SMALLEST_SIZE, OwnDataLimits, OwnDataOptions
from playground.words import megabytes
from webapp.datasets.finds import Finds
from webapp.datasets.images import Broken, NotAnImage, TooManyPixels, decode
from webapp.datasets.layout import Layout, Placed, read_layout
from webapp.datasets.sources import NoRoom, Refused, Source, Unreadable
from webapp.datasets.splitting import Kept, split_up
from webapp.datasets.writing import Built, Progress, write


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
            parts = split_up(kept, layout, options, limits)
            return write(
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
