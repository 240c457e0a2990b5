"""The data sets a network can be trained on: records, not code. The worker knows how to load each by its name.

`DATASETS` has those that every site knows. A data set of somebody's own (playground/own_data.py) has the same record,
made when its images were checked; a run keeps the record that it was started with.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

SPLIT_SEED = 2012
"""Chooses the digits' test set and the held-out part where it is drawn: the same in all runs, which then compare."""
EVALUATED_AT_ONCE = 500
"""Images of one batch of an evaluation: other batches may add up in another order."""


class Pen(BaseModel):
    """How an image drawn by hand becomes one like the data set's own."""

    model_config = ConfigDict(frozen=True)
    brush: float
    """Width of a stroke, as a share of the sheet's side."""
    box: int | None = None
    """What was drawn is scaled, its proportions kept, to fit a square of so many pixels; None: the sheet as it is."""
    middle: Literal["mass", "box"] = "box"
    """What then comes to the image's middle: the ink's centre of mass, or the middle of the box around it."""


class RemoteFile(BaseModel):
    """A file that a worker downloads where it is not there yet."""

    model_config = ConfigDict(frozen=True)
    url: str
    bytes: int
    """About: the server's own word counts."""
    checksum: str
    """"md5:…" as torchvision states it, which finds a broken copy but is no proof against a forger; or "sha256:…"."""

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]


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
    """The part of the training set that is held out."""
    held_out: Literal["last", "drawn"] = "drawn"
    """Which images that are: the last of the training set, or drawn once from it with a fixed seed."""
    test: int
    licence: str
    source: str
    origin: Literal["package", "drawn", "download", "uploaded", "folder"]
    """package: files that come with an installed package; drawn: made by code from a fixed seed; download: fetched by
    the worker when first used; uploaded: somebody's own; folder: of a folder on the site's machine."""
    files: tuple[RemoteFile, ...] = ()
    """What is downloaded."""
    pen: Pen = Pen(brush=0.06)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)"""
        return (self.channels, self.height, self.width)


_OWN = re.compile(r"own-[0-9a-f]{32}|folder-[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 64


TILES_PER_CLASS = 10
MOST_TILES = 400
"""Of a data set's card, whose picture travels in one message."""


def tiles_per_class(classes: int, smallest: int) -> int:
    """How many test images of each class are samples, and may be watched while a network trains: ten, or as many as the
    class with the fewest has; fewer of very many classes."""
    return max(1, min(TILES_PER_CLASS, smallest, MOST_TILES // classes))


def is_own(name: str) -> bool:
    """Whether a name is of the form of an uploaded data set or of a folder's: whether it is there, the site knows."""
    return len(name) <= LONGEST_NAME and _OWN.fullmatch(name) is not None


_DIGITS = tuple(str(digit) for digit in range(10))
_CIFAR_100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree
wolf woman worm
"""


def _idx_files(folder: str, *known: tuple[int, str]) -> tuple[RemoteFile, ...]:
    """The four files in MNIST's form, with bytes and md5 of each."""
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    return tuple(
        RemoteFile(url=f"{folder}/{name}-ubyte.gz", bytes=size, checksum=f"md5:{md5}")
        for name, (size, md5) in zip(names, known, strict=True)
    )


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
            held_out="last",
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
        Dataset(
            name="fashion-mnist",
            title="Fashion-MNIST",
            summary="Pieces of clothing, grey; as large as MNIST and harder.",
            channels=1,
            height=28,
            width=28,
            classes=(
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ),
            train=60_000,
            validation=5_000,
            test=10_000,
            licence="MIT",
            source="Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017",
            origin="download",
            files=_idx_files(
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
                (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
            ),
        ),
        Dataset(
            name="kmnist",
            title="Kuzushiji-MNIST",
            summary="Ten cursive Japanese characters, each in several forms.",
            channels=1,
            height=28,
            width=28,
            classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
            train=60_000,
            validation=5_000,
            test=10_000,
            licence="CC BY-SA 4.0",
            source="Clanuwat and others, Deep Learning for Classical Japanese Literature, 2018",
            origin="download",
            files=_idx_files(
                "http://codh.rois.ac.jp/kmnist/dataset/kmnist",
                (18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
                (29_497, "e144d726b3acfaa3e44228e80efcd344"),
                (3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"),
                (5_120, "7320c461ea6c1c855c0b718fb2a4b134"),
            ),
            pen=Pen(brush=0.08),
        ),
        Dataset(
            name="cifar10",
            title="CIFAR-10",
            summary="Small photographs of ten kinds of things, in colour.",
            channels=3,
            height=32,
            width=32,
            classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            train=50_000,
            validation=4_167,
            test=10_000,
            licence="None is stated; cite the report",
            source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
            origin="download",
            files=(
                RemoteFile(
                    url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
                    bytes=170_052_171,
                    checksum="sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                ),
            ),
        ),
        Dataset(
            name="cifar100",
            title="CIFAR-100",
            summary="Small photographs of a hundred kinds of things, 500 of each to learn from.",
            channels=3,
            height=32,
            width=32,
            classes=tuple(_CIFAR_100.split()),
            train=50_000,
            validation=4_167,
            test=10_000,
            licence="None is stated; cite the report",
            source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
            origin="download",
            files=(
                RemoteFile(
                    url="https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
                    bytes=168_513_733,
                    checksum="sha256:58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
                ),
            ),
        ),
        Dataset(
            name="svhn",
            title="SVHN",
            summary="Digits of house numbers from street photographs, with their neighbours left in.",
            channels=3,
            height=32,
            width=32,
            classes=_DIGITS,
            train=73_257,
            validation=6_105,
            test=26_032,
            licence="For non-commercial use",
            source="Netzer and others, Reading Digits in Natural Images with Unsupervised Feature Learning, 2011",
            origin="download",
            files=(
                RemoteFile(
                    url="http://ufldl.stanford.edu/housenumbers/train_32x32.mat",
                    bytes=182_040_794,
                    checksum="md5:e26dedcc434d2e4c54c9b2d4a06d8373",
                ),
                RemoteFile(
                    url="http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
                    bytes=64_275_384,
                    checksum="md5:eb5a983be6a315427106f1b164d9cef3",
                ),
            ),
        ),
        Dataset(
            name="stl10",
            title="STL-10",
            summary="Photographs of ten kinds of things, 96×96 and in colour; only 500 of each to learn from.",
            channels=3,
            height=96,
            width=96,
            classes=("airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"),
            train=5_000,
            validation=417,
            test=8_000,
            licence="None is stated; cite the paper",
            source="Coates, Lee and Ng, An Analysis of Single-Layer Networks in Unsupervised Feature Learning, 2011",
            origin="download",
            files=(
                RemoteFile(
                    url="http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz",
                    bytes=2_640_397_119,
                    checksum="md5:91f7769df0f17e558f3565bffb0c7dfb",
                ),
            ),
        ),
    )
}
