"""Data sets of somebody's own: how their images are read, how large they may be, and what the page is told of them.

A zip of class folders, or such a folder on the site's machine, is checked once. What comes out is a record like those
of playground/datasets.py and one file of plain arrays (playground/arrays.py), named by the hash of its bytes.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from playground.datasets import Dataset
from playground.fields import Choice, FieldSpec, choice, whole
from playground.protocol.link import DatasetCard
from playground.protocol.wire import Message
from playground.words import MEGABYTE

__all__ = [
    "SMALLEST_SIZE",
    "OwnDataLimits",
    "OwnDataOptions",
    "OwnDataPage",
    "OwnDataView",
    "OwnFinding",
    "OwnProgress",
]

SMALLEST_SIZE = 8
COLOURS = (
    Choice(value="colour", label="Colour", help="Three channels: red, green and blue."),
    Choice(value="grey", label="Grey", help="One channel: 0.299 red, 0.587 green and 0.114 blue (ITU-R 601)."),
)
FITS = (
    Choice(value="crop", label="Crop", help="The largest square in the middle; the rest is cut off."),
    Choice(value="pad", label="Pad", help="The whole image, with black bars to make it square."),
    Choice(value="stretch", label="Stretch", help="The whole image, with its proportions changed."),
)


class OwnDataLimits(BaseModel):
    """What a data set of somebody's own may have. Shown before the upload; every check reads these. All of somebody's
    together count as stored with their experiments and runs: webapp/quotas.py."""

    model_config = ConfigDict(frozen=True)
    zip_bytes: int = 512 * MEGABYTE
    """Of the file that is uploaded."""
    unpacked_bytes: int = 2_000 * MEGABYTE
    """Of all its files together."""
    file_bytes: int = 64 * MEGABYTE
    """Of one image's file."""
    ratio: int = 100
    """Unpacked bytes for one packed byte: images hardly shrink, a bomb does. Counts from 64 MB unpacked on."""
    entries: int = 200_000
    """Files and folders in the zip."""
    images: int = 100_000
    pixels: int = 40_000_000
    """Of one image, before it is made smaller."""
    fewest_classes: int = 2
    classes: int = 200
    fewest_images: int = 5
    """Of a class: enough to learn from, to hold out and to test with."""
    stored_bytes: int = 1_000 * MEGABYTE
    """Images times channels times height times width, as they are trained on."""
    sets: int = 50
    """Data sets of one person."""
    part_bytes: int = 8 * MEGABYTE
    """Of one request: a file is sent in parts, so that a broken upload goes on where it ended."""


class OwnDataOptions(BaseModel):
    """How the images of an upload become a data set."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    size: int = whole(
        32,
        low=SMALLEST_SIZE,
        high=224,
        label="Size",
        unit="px",
        help="Height and width that every image is brought to.",
        common=[28, 32, 64, 96],
    )
    colour: Literal["colour", "grey"] = choice(
        "colour", choices=COLOURS, label="Channels", help="What the network gets of each pixel."
    )
    fit: Literal["crop", "pad", "stretch"] = choice(
        "crop", choices=FITS, label="Not square", help="What becomes of an image that is not square."
    )
    test_share: int = whole(
        20,
        low=5,
        high=50,
        label="Test share",
        unit="%",
        help="Share of each class that is kept for the test, drawn with a fixed seed. A zip with the folders train and "
        "test brings its own split.",
        common=[10, 20, 30],
    )


class OwnFinding(Message):
    """Something that the check found, for people."""

    level: Literal["note", "warning", "error"]
    """note: done as told; warning: images were left out; error: the data set is refused."""
    message: str
    files: tuple[str, ...] = ()
    """The first of the files it is about, by their path in the zip."""
    count: int = 0
    """How many files it is about in all."""


class OwnProgress(Message):
    """How far the check is."""

    stage: Literal["waiting", "listing", "reading", "writing"]
    done: int = 0
    total: int = 0
    """Images; 0 while they are not counted yet."""


class OwnDataView(Message):
    """A data set of somebody's own, from the first byte on. GET /api/own-data/{id}"""

    id: str
    name: str
    """As a recipe names it."""
    title: str
    state: Literal["uploading", "checking", "ready", "refused"]
    origin: Literal["uploaded", "folder"]
    file: str
    """Name of the zip, or of the folder on the site's machine."""
    bytes: int
    """Of the zip; for a folder those of its files."""
    received: int
    """Bytes of the zip that are here."""
    stored_bytes: int
    created: str
    options: OwnDataOptions
    progress: OwnProgress | None
    problem: str
    """Why it is refused, and the way out; empty where it is not."""
    findings: list[OwnFinding]
    dataset: Dataset | None
    """The record, once it is ready."""
    card: DatasetCard | None
    runs: int
    """Runs that were started with it."""
    mine: bool


class OwnDataPage(Message):
    """Your data sets and what a new one may be. GET /api/own-data"""

    limits: OwnDataLimits
    fields: list[FieldSpec]
    """The form of a new one."""
    sets: list[OwnDataView]
