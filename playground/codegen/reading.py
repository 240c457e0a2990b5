"""Python text that reads the test images of a data set, for the program that evaluates a trained network.

Each text defines `test_images(folder)`: images uint8 [n, channels, height, width] and labels int64 [n], as the worker
has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from playground.datasets import SPLIT_SEED, Dataset

WIDTH = 120


class Reader(NamedTuple):
    """How one data set is read."""

    text: str
    where: str
    """What the option --data names, for people."""
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Imports of Python's own modules and of other packages, beside those that every program has."""
    packages: tuple[str, ...] = ()
    """To be installed, likewise."""
    caveat: str = ""
    """Why what is measured need not be what was logged, for the head of the program; empty where the images are the
    very same."""


IDX = '''
def test_images(folder):
    """The test set: the original files, packed or not; where they are missing, torchvision downloads them."""
    places = [folder, folder / "{published}" / "raw"]
    if not any(_files(place) for place in places):
        from torchvision.datasets import {published}

        {published}(folder, train=False, download=True)
    images, labels = next(files for files in map(_files, places) if files)
    return _read(images).reshape(-1, 1, 28, 28), _read(labels).long()


def _files(folder):
    """The two files of the test set, None where one is missing."""
    found = [sorted(folder.glob(f"t10k-{part}*ubyte*")) for part in ("images", "labels")]
    return (found[0][0], found[1][0]) if all(found) else None


def _read(path):
    """An IDX file: a magic number, the sizes, then bytes."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        axes = file.read(4)[3]
        file.read(4 * axes)
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
'''

DIGITS = '''
def test_images(folder):
    """The small digits come with scikit-learn; the test set is the end of one fixed shuffle."""
    digits = load_digits()
    order = numpy.random.RandomState({seed}).permutation(len(digits.target))[{train}:]
    images = numpy.round(digits.data[order] * (255 / 16)).astype(numpy.uint8).reshape(-1, 1, 8, 8)
    return torch.from_numpy(images), torch.from_numpy(digits.target[order]).long()
'''

SHAPES = '''
def test_images(folder):
    """The shapes are drawn by the playground's own code: --data names the folder that the playground is in."""
    sys.path.insert(0, str(folder.resolve()))
    from worker.shapes_dataset import draw_all

    images, labels = draw_all()
    return torch.from_numpy(images[{train}:]), torch.from_numpy(labels[{train}:]).long()
'''

FOLDERS = '''
CLASSES = [
{classes}
]  # in the order of the network's scores


def test_images(folder):
    """Pictures in a folder for each of CLASSES{naming}: test/CLASS/1.png, test/CLASS/2.png, …"""
    test = folder / "test" if (folder / "test").is_dir() else folder
    found = {{unicodedata.normalize("NFC", path.name): path for path in test.iterdir() if path.is_dir()}}
    missing = [name for name in CLASSES if name not in found]
    if missing:
        sys.exit(f"{{test}} has no class folder named: {{', '.join(missing)}}.")
    images, labels = [], []
    for label, name in enumerate(CLASSES):
        for path in sorted(path for path in found[name].iterdir() if path.is_file() and path.name[0] != "."):
            with Image.open(path) as picture:
                picture = picture.convert({mode!r}).resize(({width}, {height}), Image.Resampling.BILINEAR)
                images.append(numpy.asarray(picture).reshape({height}, {width}, {channels}).transpose(2, 0, 1))
            labels.append(label)
    return torch.from_numpy(numpy.stack(images)), torch.tensor(labels)
'''

PUBLISHED = """\
The run was tested with the published test images, all {test:,} of them. This file reads pictures from class folders:
only where those are the very same images can it find what was logged."""

OWN = """\
The site chose the run's test images and brought them to {width}×{height} pixels: cropped, padded or stretched. This
file stretches all pictures that it is given, so what it finds need not be what was logged."""


def _idx(published: str, title: str) -> Reader:
    """published: name of torchvision's class, and of its folder."""
    where = f"folder with {title}'s four files; where it has none, torchvision downloads them into it"
    return Reader(IDX.replace("{published}", published), where, ("import gzip",))


_KNOWN = {
    "mnist": _idx("MNIST", "MNIST"),
    "fashion-mnist": _idx("FashionMNIST", "Fashion-MNIST"),
    "kmnist": _idx("KMNIST", "Kuzushiji-MNIST"),
    "digits": Reader(
        DIGITS,
        "not needed: scikit-learn has them",
        others=("import numpy", "from sklearn.datasets import load_digits"),
        packages=("scikit-learn",),
    ),
    "shapes": Reader(SHAPES, "folder of the playground, whose code draws them"),
}


def reader_of(dataset: Dataset) -> Reader:
    """The reader of a data set; class folders where it has none of its own."""
    known = _KNOWN.get(dataset.name)
    if known is not None:
        text = known.text.replace("{train}", str(dataset.train)).replace("{seed}", str(SPLIT_SEED))
        return known._replace(text=text)
    folders = [_folder(name) for name in dataset.classes]
    text = FOLDERS.format(
        classes=_packed(folders),
        naming="" if tuple(folders) == dataset.classes else ', "-" where a class has "/"',
        mode="L" if dataset.channels == 1 else "RGB",
        width=dataset.width,
        height=dataset.height,
        channels=dataset.channels,
    )
    caveat = PUBLISHED if dataset.files else OWN
    return Reader(
        text,
        "folder with test/CLASS/… pictures",
        own=("import unicodedata",),
        others=("import numpy", "from PIL import Image"),
        packages=("numpy", "pillow"),
        caveat=caveat.format(test=dataset.test, width=dataset.width, height=dataset.height),
    )


def _folder(name: str) -> str:
    """A class's name, as a folder can have it."""
    return name.replace("/", "-")


def _packed(names: Sequence[str]) -> str:
    """Lines of a list, each as full as it may be."""
    lines = [" " * 3]
    for name in names:
        item = f" {name!r},"
        if len(lines[-1]) + len(item) > WIDTH and lines[-1].strip():
            lines.append(" " * 3)
        lines[-1] += item
    return "\n".join(lines)
