"""What watching a run costs, and how the loop compares with others. Prints ratios; absolute times are the machine's.

    python benchmarks/training_overhead.py                      ours against the bare loop and the tutorial's
    python benchmarks/training_overhead.py --rounds 60

Variants alternate in short blocks in random order, so that all see the same machine, and are compared by the median of
the ratios of process CPU time within a round. "same code again" is the bare loop a second time: its distance from 1.00
is what the machine's noise does. Lightning and Keras join in where they are installed.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import statistics
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("KERAS_BACKEND", "torch")

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, TensorDataset

from playground.protocol import Job
from worker import governor, recorder
from worker.data import Data, batches, load
from worker.job import warm_up
from worker.optimise import Update
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Scene
from worker.train_command import read_job

BLOCK = 20  # steps between two looks at the clock


class _OwnTime:
    """A clock for the governors that counts this variant's processor time alone. On a machine of its own a run's wall
    time is its processor time; here, what may be done 20 times a second must not come 20 times in the quarter of a
    second that the other variants and programs leave."""

    def __init__(self) -> None:
        self._away = 0.0
        self._left = process_time()

    def __call__(self) -> float:
        return process_time() - self._away

    def leave(self) -> None:
        self._left = process_time()

    def enter(self) -> None:
        self._away += process_time() - self._left


def fresh(job: Job) -> Prepared:
    run = prepare(job)
    run.network.train()
    return run


def bare(job: Job) -> Iterator[None]:
    """In-memory data, channels last, fused optimiser; nothing else."""
    run = fresh(job)
    for images, labels in batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size):
        loss = functional.cross_entropy(run.network(images), labels)
        run.optimiser.zero_grad()
        loss.backward()
        run.optimiser.step()
        yield


def unwatched(job: Job) -> Iterator[None]:
    """The worker's loop without a probe: what watching is measured against besides the bare loop."""
    run = fresh(job)
    update = Update(run.optimiser)
    for images, labels in batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size):
        loss = functional.cross_entropy(run.network(images), labels)
        update.forget_gradients()
        loss.backward()
        update.step(run.recipe.learning_rate)
        yield


def watched(job: Job) -> Iterator[None]:
    """The worker's loop with every probe, packets encoded and written to a file."""
    run = fresh(job)
    update = Update(run.optimiser)
    scene = Scene(run.network, run.recipe, run.data, run.device)
    with open(os.devnull, "wb", buffering=0) as spool:

        def emit(records: list[bytes]) -> None:
            for record in records:
                spool.write(record)

        clock = _OwnTime()
        recorder.perf_counter = governor.perf_counter = clock  # type: ignore[assignment,attr-defined]
        with recorder.Recorder(scene, emit, attempt=1) as watcher:
            stream = batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size)
            for step, (images, labels) in enumerate(stream):
                scores = run.network(images)
                watcher.after_forward(step)
                loss = functional.cross_entropy(scores.float(), labels)
                update.forget_gradients()
                loss.backward()
                moment = Moment(step, run.recipe.learning_rate, loss.detach(), scores.detach(), labels)
                watcher.before_update(moment)
                assert watcher.steps.last_is_finite()
                update.step(run.recipe.learning_rate)
                watcher.after_update(moment)
                clock.leave()
                yield
                clock.enter()


class _Pictures(Dataset[tuple[Tensor, int]]):
    """As torchvision's MNIST with ToTensor and Normalize gives them: one PIL image at a time."""

    def __init__(self, data: Data) -> None:
        self._images, self._labels = data.train.images.numpy(), data.train.labels.tolist()
        self._mean, self._std = data.mean.item(), data.std.item()

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self._images[index, 0])
        image = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8).view(1, 28, 28)
        return (image.float().div(255) - self._mean).div(self._std), self._labels[index]


def tutorial(job: Job) -> Iterator[None]:
    """The loop of the tutorials: DataLoader over pictures, plain SGD, loss.item() each step."""
    run = prepare(job)
    network = run.network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9)
    while True:
        for images, labels in DataLoader(_Pictures(run.data), run.recipe.batch_size, shuffle=True):
            optimiser.zero_grad()
            loss = functional.cross_entropy(network(images), labels)
            loss.backward()
            optimiser.step()
            loss.item()
            yield


def in_memory(data: Data) -> TensorDataset:
    images = torch.cat([data.normalise(part) for part in data.train.images.split(5000)]).contiguous()
    return TensorDataset(images, data.train.labels)


class Stopwatch:
    """CPU seconds a step of a framework's own fit(), between its callbacks; set-up and the first steps left out."""

    def __init__(self, steps: int) -> None:
        self._marks: list[float] = []
        self._steps = steps

    def tick(self) -> bool:
        """True when it has seen enough."""
        self._marks.append(process_time())
        return len(self._marks) > self._steps

    def a_step(self) -> float:
        return (self._marks[-1] - self._marks[5]) / (len(self._marks) - 6)


def lightning_step(job: Job, steps: int) -> float:
    """Lightning's Trainer with its defaults: seconds a step."""
    _pretend_torchvision()
    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    run, watch = prepare(job), Stopwatch(steps)

    class Module(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = run.network.to(memory_format=torch.contiguous_format)

        def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
            loss = functional.cross_entropy(self.network(batch[0]), batch[1])
            self.log("loss", loss)
            return loss

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=0.01, momentum=0.9)

    class Clock(lightning.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, trainer, module, *rest) -> None:  # type: ignore[no-untyped-def]
            trainer.should_stop = watch.tick()

    with warnings.catch_warnings(), contextlib.redirect_stderr(None), contextlib.redirect_stdout(None):
        warnings.simplefilter("ignore")
        trainer = lightning.Trainer(
            max_epochs=1, max_steps=steps + 1, accelerator="cpu", callbacks=[Clock()], default_root_dir="/tmp/lightning"
        )
        trainer.fit(Module(), DataLoader(in_memory(run.data), run.recipe.batch_size, shuffle=True))
    return watch.a_step()


def keras_step(job: Job, steps: int) -> float:
    """The same network in Keras on its torch backend, fit(): seconds a step."""
    import keras

    data, watch = load("mnist"), Stopwatch(steps)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="relu"),
            layers.Dense(84, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.01, momentum=0.9), loss)

    class Clock(keras.callbacks.Callback):  # type: ignore[misc]
        def on_train_batch_end(self, batch, logs=None) -> None:  # type: ignore[no-untyped-def]
            watch.tick()

    size = prepare(job).recipe.batch_size
    count = (steps + 1) * size
    images = data.normalise(data.train.images[:count]).permute(0, 2, 3, 1).contiguous().numpy()
    model.fit(images, data.train.labels[:count].numpy(), batch_size=size, verbose=0, callbacks=[Clock()])
    return watch.a_step()


@cache
def _pretend_torchvision() -> torch.library.Library:
    """Lightning imports torchvision, whose operators do not load on a CPU-only torch: declare the two it insists on."""
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


def interleaved(job: Job, rounds: int) -> dict[str, list[float]]:
    """CPU seconds a step of each variant in each round."""
    makers: dict[str, Callable[[Job], Iterator[None]]] = {
        "bare loop": bare,
        "same code again": bare,
        "the worker's, nothing watched": unwatched,
        "the worker's, everything live": watched,
        "tutorial DataLoader loop": tutorial,
    }
    loops = {name: make(job) for name, make in makers.items()}
    for loop in loops.values():
        _cpu_of_block(loop)
    times: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name in random.sample(list(loops), len(loops)):
            times[name].append(_cpu_of_block(loops[name]))
    return times


def _cpu_of_block(loop: Iterator[None]) -> float:
    start = process_time()
    for _ in range(BLOCK):
        next(loop)
    return (process_time() - start) / BLOCK


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", nargs="?", default="lenet-5")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--batch", type=int, default=64)
    wanted = parser.parse_args()
    job = read_job(wanted.network, [f"batch_size={wanted.batch}", "device=cpu"])
    warm_up()
    times = interleaved(job, wanted.rounds)
    base = times["bare loop"]
    print(f"{wanted.network}, batches of {wanted.batch}, {torch.get_num_threads()} thread(s), {wanted.rounds} rounds")
    print(f"{'':32}{'CPU time against the bare loop':>32}{'ms a step':>12}")
    for name, series in times.items():
        ratios = [one / other for one, other in zip(series, base, strict=True)]
        low, _, high = statistics.quantiles(ratios, n=4)
        middle = statistics.median(ratios)
        print(f"{name:32}{middle:>16.3f}  ({low:.3f} to {high:.3f}){statistics.median(series) * 1e3:>12.2f}")
    for name, module, measure in (("Lightning", "lightning", lightning_step), ("Keras, torch", "keras", keras_step)):
        try:
            seconds = [measure(job, 150) for _ in range(3)]
        except ImportError:
            print(f"{name:32}{'not installed':>16} (package {module})")
            continue
        middle = statistics.median(seconds)
        print(f"{name:32}{middle / statistics.median(base):>16.3f}{'':18}{middle * 1e3:>12.2f}")


if __name__ == "__main__":
    main()
