"""What watching a run costs, and how the loop compares with others. Prints tables in Markdown.

    python benchmarks/training_overhead.py                          LeNet-5, ResNet-20 and small inception
    python benchmarks/training_overhead.py resnet-20 --rounds 20
    python benchmarks/training_overhead.py --only "bare loop" control watched

One thread. In a round every loop trains eight times for an eighth of a second of processor time or a step, in random
order, so that all see the same machine; a figure is the median over the rounds of the ratio to the processor time of
the bare loop in the same round. The control is the bare loop's code a second time: how far it is from 1.000 is noise.
A round is about a second of training for each loop, so that what comes once a second is in all of them.
Packages of benchmarks/requirements-peers.txt that are not installed are left out with a word.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time, sleep

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["PLAYGROUND_THREADS"] = "1"

import psutil
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from benchmarks import peers
from playground.network import read_network
from playground.protocol import Job
from worker import governor, recorder
from worker.data import Data, batches
from worker.doctor import RoundsOf
from worker.job import warm_up
from worker.observer import Observer, observer_of
from worker.optimise import Update
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Scene
from worker.train_command import read_job

NETWORKS = ("lenet-5", "resnet-20", "small-inception")
PARTS, PART_SECONDS = 8, 0.12
"""Of a round: so many turns of a loop, of so much processor time each."""

Loop = Iterator[None]


class _OwnTime:
    """A clock for the governors that counts this loop's processor time alone. On a machine of its own a run's wall time
    is its processor time; here, what may be done 20 times a second must not come 20 times in the eighth of a second
    that the other loops and programs leave."""

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


def bare(job: Job) -> Loop:
    """In-memory data, channels last, fused optimiser; nothing else."""
    run = fresh(job)
    for images, labels in batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size):
        loss = functional.cross_entropy(run.network(images), labels)
        run.optimiser.zero_grad()
        loss.backward()
        run.optimiser.step()
        yield


def unwatched(job: Job) -> Loop:
    """The worker's loop without a probe."""
    run = fresh(job)
    update = Update(run.optimiser)
    for images, labels in batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size):
        loss = functional.cross_entropy(run.network(images), labels)
        update.forget_gradients()
        loss.backward()
        update.step(run.recipe.learning_rate)
        yield


class Watched:
    """The worker's loop with every probe, the doctor and the observer; packets are encoded and written to a file.

    It draws eight layers' pictures, or as many as there are; the page asks for one at first.
    """

    LAYERS = 8

    def __init__(self, *, observed: bool = True) -> None:
        self._observed = observed
        self.observer: Observer | None = None
        self.maps = 0
        """Feature-map pictures so far."""
        self.clock = _OwnTime()

    def __call__(self, job: Job) -> Loop:
        run = fresh(job)
        update = Update(run.optimiser)
        scene = Scene(run.network, run.recipe, run.data, run.device)
        self.clock.enter()
        self._own_clock()
        self.observer = observer_of(job, run) if self._observed else None
        with open(os.devnull, "wb", buffering=0) as spool:

            def emit(records: list[bytes]) -> None:
                for record in records:
                    spool.write(record)

            watcher = recorder.Recorder(scene, emit, attempt=1, observer=self.observer)
            scene.watched = [step.id for step in run.network.steps if len(step.shape) == 3][1 : 1 + self.LAYERS]
            per_epoch, document = run.steps_per_epoch, read_network(job.network)
            watcher.call(RoundsOf(run.network.plan, document, run.recipe, watcher.streams(), per_epoch))
            stream = batches(run.data, seed=1, step=0, batch_size=run.recipe.batch_size)
            with watcher:
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
                    watcher.draw()
                    self.maps = watcher.turns["FeatureMapProbe"]
                    self.clock.leave()
                    yield
                    self.clock.enter()
                    self._own_clock()

    def _own_clock(self) -> None:
        recorder.perf_counter = governor.perf_counter = self.clock  # type: ignore[assignment,attr-defined]

    def other_seconds(self) -> float:
        """Processor time of the observer so far."""
        if self.observer is None or self.observer.process is None:
            return 0.0
        times = psutil.Process(self.observer.process).cpu_times()
        return float(times.user + times.system)


class _Pictures(Dataset[tuple[Tensor, int]]):
    """As torchvision's data sets with ToTensor and Normalize give them: one PIL image at a time."""

    def __init__(self, data: Data) -> None:
        self._images, self._labels = data.train.images.numpy(), data.train.labels.tolist()
        self._mean, self._std = data.mean.view(-1, 1, 1), data.std.view(-1, 1, 1)
        self._shape = data.record.shape

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        channels, height, width = self._shape
        pixels = self._images[index].transpose(1, 2, 0)
        picture = Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        flat = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
        image = flat.view(height, width, channels).permute(2, 0, 1).contiguous()
        return (image.float().div(255) - self._mean).div(self._std), self._labels[index]


def tutorial(job: Job) -> Loop:
    """The loop of the tutorials: a DataLoader over pictures, loss.item() each step."""
    run = peers.as_built(job)
    optimiser = peers.plain_optimiser(run.network.parameters(), run.recipe)
    while True:
        for images, labels in DataLoader(_Pictures(run.data), run.recipe.batch_size, shuffle=True):
            optimiser.zero_grad()
            loss = functional.cross_entropy(run.network(images), labels)
            loss.backward()
            optimiser.step()
            loss.item()
            yield


LOOPS: dict[str, tuple[str, Callable[[Job], Loop]]] = {
    "bare loop": ("", bare),
    "control": ("", bare),
    "nothing watched": ("", unwatched),
    "watched": ("", Watched()),
    "watched, no observer": ("", Watched(observed=False)),
    "default loop": ("", peers.default),
    "tutorial loop": ("", tutorial),
    "TensorBoard": ("tensorboard", peers.with_tensorboard),
    "wandb.watch": ("wandb", peers.with_wandb),
    "Lightning": ("lightning", peers.lightning_loop),
    "Keras": ("keras", peers.keras_loop),
}
"""By name: the package that must be there, and the loop."""

WORDS = {
    "bare loop": "bare loop: data in memory, channels last, fused optimiser",
    "control": "control: the same code a second time",
    "nothing watched": "the worker's loop, nothing watched",
    "watched": "the worker's loop with everything live",
    "watched, no observer": "the same where the run draws its pictures itself",
    "default loop": "default loop: tensors in memory, torch's defaults",
    "tutorial loop": "tutorial loop: DataLoader over pictures, loss.item()",
    "TensorBoard": "default loop and TensorBoard: loss each step, histograms of weights and gradients every 10",
    "wandb.watch": 'default loop and wandb.watch(log="all", log_freq=10), offline, loss each step',
    "Lightning": "Lightning, defaults, tensors in memory",
    "Keras": "Keras, torch backend, fit() on arrays",
}


def ready(job: Job, names: list[str]) -> dict[str, tuple[Loop, int]]:
    """Each loop past its first steps, and the steps it does in a turn."""
    loops = {}
    for name in names:
        loop = LOOPS[name][1](job)
        for _ in range(3):
            next(loop)
        watching = LOOPS[name][1]
        if isinstance(watching, Watched) and watching.observer is not None:
            while not watching.observer.ready:
                sleep(0.02)  # it starts with low priority
                next(loop)
        start = process_time()
        for _ in range(5):
            next(loop)
        loops[name] = (loop, max(1, round(5 * PART_SECONDS / (process_time() - start))))
    return loops


def measure(loops: dict[str, tuple[Loop, int]], rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Processor seconds a step of each loop in each round, and what the observer took beside the watched one's."""
    times: dict[str, list[float]] = {name: [] for name in loops}
    watching = LOOPS["watched"][1]
    assert isinstance(watching, Watched)
    before, maps = watching.other_seconds(), watching.maps
    for _ in range(rounds):
        spent = dict.fromkeys(loops, 0.0)
        for _ in range(PARTS):
            for name in random.sample(list(loops), len(loops)):
                loop, steps = loops[name]
                start = process_time()
                for _ in range(steps):
                    next(loop)
                spent[name] += process_time() - start
        for name, (_, steps) in loops.items():
            times[name].append(spent[name] / (PARTS * steps))
    beside: dict[str, float] = {}
    if "watched" in loops:
        whole = sum(times["watched"]) * loops["watched"][1] * PARTS
        beside["observer"] = (watching.other_seconds() - before) / whole
        beside["maps"] = (watching.maps - maps) / whole
    return times, beside


def report(network: str, batch: int, rounds: int, names: list[str]) -> None:
    """One network's table."""
    job = read_job(network, [f"batch_size={batch}", "device=cpu"])
    torch.set_num_threads(1)
    there = [name for name in names if not LOOPS[name][0] or not peers.missing(LOOPS[name][0])]
    load = os.getloadavg()[0]
    own = [name for name in there if not LOOPS[name][0]]
    others = [name for name in there if LOOPS[name][0]]  # afterwards: threads of theirs go on while others train
    times, beside = measure(ready(job, own), rounds)
    base = dict.fromkeys(own, times["bare loop"])
    if others:
        theirs, _ = measure(ready(job, ["bare loop", *others]), rounds)
        base |= dict.fromkeys(others, theirs["bare loop"])
        times |= {name: theirs[name] for name in others}
    print(f"\n### {network}, batches of {batch}\n")
    print(f"{rounds} rounds, torch {torch.__version__}, load {load:.1f} to {os.getloadavg()[0]:.1f}\n")
    print("| | processor time against the bare loop | middle half of the rounds | ms a step |\n|---|---|---|---|")
    for name in names:
        if name not in times:
            print(f"| {WORDS[name]} | not measured: the package {LOOPS[name][0]} is not installed | | |")
            continue
        ratios = [one / other for one, other in zip(times[name], base[name], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"| {WORDS[name]} | {middle:.3f} | {low:.3f} to {high:.3f} | {1e3 * statistics.median(times[name]):.2f} |"
        )
    if beside:
        share, maps = beside["observer"], beside["maps"]
        print(f"\nThe observer took {share:.1%} of the watched run's processor time beside it, on another core,")
        print(f"and feature maps came {maps:.1f} times a second.")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--only", nargs="+", choices=list(LOOPS), default=list(LOOPS), metavar="LOOP")
    wanted = parser.parse_args()
    warm_up()
    names = [name for name in LOOPS if name in wanted.only or name == "bare loop"]
    for network in wanted.networks:
        report(network, wanted.batch, wanted.rounds, names)
    os._exit(0)  # loops of others wait in threads of theirs


if __name__ == "__main__":
    main()
