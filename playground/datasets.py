"""The data sets a network can be trained on: records, not code. The worker knows how to load each by its name."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Pen(BaseModel):
    """How an image drawn by hand becomes one like the data set's own."""

    model_config = ConfigDict(frozen=True)
    brush: float
    """Width of a stroke, as a share of the sheet's side."""
    box: int | None = None
    """What was drawn is scaled, its proportions kept, to fit a square of so many pixels; None: the sheet as it is."""
    middle: Literal["mass", "box"] = "box"
    """What then comes to the image's middle: the ink's centre of mass, or the middle of the box around it."""


class Dataset(BaseModel):
    """A labelled set of images of one size."""

    model_config = ConfigDict(frozen=True)
    name: str
    title: str
    summary: str
    channels: int
    height: int
    width: int
    classes: tuple[str, ...]
    train: int
    """Images in the training set, the held-out validation part included."""
    validation: int
    """The part of the training set that is held out: its last images for MNIST, else chosen by the seed."""
    test: int
    licence: str
    source: str
    origin: Literal["package", "drawn"]
    """package: files that come with an installed package; drawn: made by code from a fixed seed."""
    pen: Pen = Pen(brush=0.06)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)"""
        return (self.channels, self.height, self.width)


_DIGITS = tuple(str(digit) for digit in range(10))

DATASETS: dict[str, Dataset] = {
    record.name: record
    for record in (
        Dataset(
            name="mnist",
            title="MNIST",
            summary="Handwritten digits, centred, grey.",
            channels=1,
            height=28,
            width=28,
            classes=_DIGITS,
            train=60_000,
            validation=5_000,
            test=10_000,
            licence="CC BY-SA 3.0",
            source="LeCun, Cortes and Burges, The MNIST database of handwritten digits",
            origin="package",
            # "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio … centered in a 28x28
            # image by computing the center of mass of the pixels": http://yann.lecun.com/exdb/mnist/
            pen=Pen(brush=0.1, box=20, middle="mass"),
        ),
        Dataset(
            name="digits",
            title="Small digits",
            summary="Handwritten digits of 8×8 pixels; trains in a second.",
            channels=1,
            height=8,
            width=8,
            classes=_DIGITS,
            train=1_437,
            validation=120,
            test=360,
            licence="CC BY 4.0",
            source="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI 1998; as in scikit-learn",
            origin="package",
            pen=Pen(brush=0.13, box=8),  # every digit of the set reaches from the first row to the last
        ),
        Dataset(
            name="shapes",
            title="Shapes",
            summary="Ten drawn shapes in colour, with noise, position, size and colour at random.",
            channels=3,
            height=32,
            width=32,
            classes=(
                "circle",
                "square",
                "triangle",
                "star",
                "cross",
                "ring",
                "diamond",
                "hexagon",
                "arrow",
                "crescent",
            ),
            train=12_000,
            validation=1_000,
            test=2_000,
            licence="MIT (made by this project's code)",
            source="Drawn by worker/shapes_dataset.py from seed 2012",
            origin="drawn",
        ),
    )
}
