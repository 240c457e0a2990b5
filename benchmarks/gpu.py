"""What recorded steps, the ways of the images, number formats and watching are worth on a GPU. Needs one.

    python benchmarks/gpu.py                        LeNet-5 on MNIST
    python benchmarks/gpu.py resnet-20 --rounds 60
    python benchmarks/gpu.py --compile              torch.compile beside (minutes)

Variants alternate in short blocks in random order, so that all see the same machine, and are compared by the median of
the ratios of wall time within a round; each block ends when the device is done. "same code again" is the first variant
a second time: its distance from 1.00 is what noise does. Without a GPU the script says so and only runs its parts on
the processor, with recordings that are the work itself; it prints no figures then.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from torch import Tensor
from torch.nn import functional
from torch.profiler import ProfilerActivity, profile

from playground.protocol import TELEMETRY, Command, Job, Rows, decode
from worker import governor, recorder
from worker.device import recording_for
from worker.feed import Resident, Streamed, feed_for
from worker.graphs import OnDevice
from worker.job import warm_up
from worker.optimise import Update
from worker.prepare import Prepared, prepare
from worker.probes import Moment, Probe, Scene
from worker.probes.gradients import GradientProbe
from worker.probes.loss import LossProbe
from worker.recordable import Watching
from worker.recorder import Recorder
from worker.train import train
from worker.train_command import read_job

CUDA = torch.cuda.is_available()
SEEN_NEVER = 1e-9
"""Times a second."""


@dataclass
class Scale:
    """How much is measured."""

    rounds: int = 40
    block: int = 100
    batches: tuple[int, ...] = (32, 64, 128, 256, 512, 1024)


def wait() -> None:
    if CUDA:
        torch.cuda.synchronize()


class OwnTime:
    """A clock for the governors that runs only while its variant does: what may be done 20 times a second would else
    come 20 times in the quarter of a second that the other variants leave."""

    def __init__(self) -> None:
        self._passed, self._since = 0.0, 0.0

    def __call__(self) -> float:
        return self._passed + perf_counter() - self._since

    @contextmanager
    def running(self) -> Iterator[None]:
        self._since = perf_counter()
        recorder.perf_counter = governor.perf_counter = self  # type: ignore[assignment,attr-defined]
        try:
            yield
        finally:
            self._passed += perf_counter() - self._since


class Bare:
    """The tutorial's order of things with images on the device and the fused optimiser; nothing is looked at."""

    def __init__(self, job: Job, *, compiled: bool = False) -> None:
        self.run = prepare(job)
        self.run.network.train()
        self._forward = torch.compile(self.run.network) if compiled else self.run.network
        self._feed = feed_for(self.run.data, self.run.recipe)
        self._step = 0

    def __enter__(self) -> Bare:
        return self

    def __exit__(self, *reason: Any) -> None:
        pass

    def step(self) -> None:
        images, labels = self._feed.batch(self._feed.ready(self._step))
        self._step += 1
        with self.run.precision():
            scores = self._forward(images)
        loss = functional.cross_entropy(scores.float(), labels)
        self.run.optimiser.zero_grad()
        loss.backward()
        self.run.optimiser.step()


class Ours:
    """The worker's steps without a session around them.

    probes: kinds of them; None: all. graphs: whether steps are recorded. seldom: nothing is due but what every step
    has; always: every step has everything that a recording can hold. feed: the way of the images.
    """

    def __init__(
        self,
        job: Job,
        *,
        probes: tuple[type[Probe], ...] | None = None,
        graphs: bool = True,
        seldom: bool = False,
        always: bool = False,
        feed: type[Resident] | type[Streamed] | None = None,
    ) -> None:
        self.run = replace(prepare(job), on_device=True)
        if not graphs:
            self.run.recording = None
        run = self.run
        run.network.train()
        scene = Scene(run.network, run.recipe, run.data, run.device, on_device=True)
        scene.total_steps = 10**9
        self.records: list[list[bytes]] = []
        self.said: list[str] = []
        self.clock = OwnTime()
        kinds = None if probes is None else [kind(scene) for kind in probes]
        self.recorder = Recorder(scene, self.emit, attempt=1, probes=kinds)
        if seldom or always:
            self.recorder._layers_clock = governor.Governor(1e9 if always else SEEN_NEVER, 1e9)
            for _, each in self.recorder._frame_makers:
                each._pause = 1 / SEEN_NEVER
                each.spent(0.0)
        self._update = Update(run.optimiser, self.recorder.steps.broken)
        self.steps = OnDevice(
            run, scene, self.recorder, self.learn, self._update,
            step=0, rate_at=lambda step: run.recipe.learning_rate, tell=self.said.append, back_to=lambda step: None,
        )  # fmt: skip
        if feed is not None:
            data = run.data if feed is Resident else self._in_memory()
            self.steps._feed = feed(data, run.recipe)
        self._exits = ExitStack()
        self.done = 0

    def __enter__(self) -> Ours:
        self._exits.enter_context(self.recorder)
        self._exits.enter_context(self.steps)
        return self

    def __exit__(self, *reason: Any) -> None:
        self._exits.close()

    def emit(self, records: list[bytes]) -> None:
        self.records.append(records)

    def learn(self, images: Tensor, labels: Tensor, *, step: int, rate: float | Tensor, seen: Watching) -> Moment:
        run = self.run
        with run.precision():
            scores = run.network(images)
        seen.after_forward(step)
        loss = total = functional.cross_entropy(scores.float(), labels)
        for head in run.network.auxiliary:
            total = total + head.weight * functional.cross_entropy(head.scores.float(), labels)
        self._update.forget_gradients()
        total.backward()
        moment = Moment(step, rate, loss.detach(), scores.detach(), labels)
        seen.before_update(moment)
        self._update.step(rate)
        return moment

    def step(self) -> None:
        moment = self.steps(self.done, self.run.recipe.learning_rate)
        self.recorder.after_update(moment)
        self.recorder.draw()
        self.done += 1

    def losses(self) -> list[float]:
        """Of all steps so far."""
        self.recorder.send()
        found: list[float] = []
        for record in (record for packet in self.records for record in packet):
            message, payload = decode(record, TELEMETRY)
            if isinstance(message, Rows) and message.stream == "steps":
                found += memoryview(payload)[4 * message.count : 8 * message.count].cast("f").tolist()
        return found

    def _in_memory(self) -> Any:
        host = torch.device("cpu")
        return replace(self.run.data, train=self.run.data.train.to(host))


Loop = Bare | Ours


def seconds_of_block(loop: Loop, steps: int) -> float:
    """A step's, on the clock on the wall."""
    wait()
    start = perf_counter()
    if isinstance(loop, Ours):
        with loop.clock.running():
            for _ in range(steps):
                loop.step()
    else:
        for _ in range(steps):
            loop.step()
    wait()
    return (perf_counter() - start) / steps


def interleaved(makers: dict[str, Callable[[], Loop]], scale: Scale) -> dict[str, list[float]]:
    """Seconds a step of each variant in each round."""
    times: dict[str, list[float]] = {name: [] for name in makers}
    loops = {name: make() for name, make in makers.items()}
    for _ in range(scale.rounds + 1):
        for name in random.sample(list(loops), len(loops)):
            # entered only for its block, since each works in a stream of its own
            with loops[name] as loop:
                times[name].append(seconds_of_block(loop, scale.block))
    return {name: series[1:] for name, series in times.items()}


def table(title: str, times: dict[str, list[float]]) -> list[str]:
    """Against the first."""
    base = next(iter(times.values()))
    lines = [title, f"  {'':44}{'steps/s':>10}{'time against the first':>26}"]
    for name, series in times.items():
        ratios = [one / other for one, other in zip(series, base, strict=True)]
        low, _, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else (ratios[0],) * 3
        speed = 1 / statistics.median(series)
        lines.append(f"  {name:44}{speed:>10.0f}{statistics.median(ratios):>12.3f}  ({low:.3f} to {high:.3f})")
    return lines


def steps(job: Job, scale: Scale, compiled: bool) -> list[str]:
    """Launched one by one against recorded, and what watching costs."""
    makers: dict[str, Callable[[], Loop]] = {
        "bare loop, launched one by one": lambda: Bare(job),
        "same code again": lambda: Bare(job),
        "ours one by one, everything live": lambda: Ours(job, graphs=False),
        "recorded, the loss alone": lambda: Ours(job, probes=(LossProbe,)),
        "recorded, loss and gradients": lambda: Ours(job, probes=(LossProbe, GradientProbe)),
        "recorded, lean at every step": lambda: Ours(job, seldom=True),
        "recorded, with the layers' table at every step": lambda: Ours(job, always=True),
        "recorded, everything live": lambda: Ours(job),
    }
    if compiled:
        makers["bare loop, torch.compile"] = lambda: Bare(job, compiled=True)
    times = interleaved(makers, scale)
    lines = table("Steps", times)
    alone, live = times["recorded, the loss alone"], times["recorded, everything live"]
    cost = statistics.median(one / other for one, other in zip(live, alone, strict=True)) - 1
    return [*lines, f"  watching costs {cost:+.1%} of a recorded step with the loss alone"]


def floor(job: Job, scale: Scale) -> list[str]:
    """How near the loop comes to the device's own time for the recorded step."""
    with Ours(job, seldom=True) as loop:
        actual = min(seconds_of_block(loop, scale.block) for _ in range(5))
        recording = loop.steps._recordings[False]
        if recording is None:
            return ["Floor", f"  {loop.said}"]
        count = 10 * scale.block
        if not CUDA:
            recording.play()
            return ["Floor", "  ran"]
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        wait()
        start.record()
        for _ in range(count):
            recording.play()
        end.record()
        wait()
        device = start.elapsed_time(end) / 1e3 / count
    return [
        "Floor",
        f"  the recorded step back to back, by the device's clock: {1e6 * device:.1f} µs; a step of the loop: "
        f"{1e6 * actual:.1f} µs; floor/actual {device / actual:.3f}",
    ]


def launches(job: Job, scale: Scale) -> list[str]:
    """What the host tells the driver in a step, and what runs for it."""
    lines = ["Launches a step"]
    for name, make in (
        ("bare loop, one by one", lambda: Bare(job)),
        ("recorded, lean", lambda: Ours(job, seldom=True)),
        ("recorded, with the layers' table", lambda: Ours(job, always=True)),
    ):
        with make() as loop:
            seconds_of_block(loop, 10)
            kinds = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if CUDA else [])]
            with profile(activities=kinds) as seen:
                seconds_of_block(loop, 20)
        counts = Counter(event.name for event in seen.events())
        calls = {
            call: count / 20 for call, count in counts.items() if call.startswith(("cudaLaunch", "cudaGraphLaunch"))
        }
        calls = calls or {"operators on the processor": sum(counts.values()) / 20}
        kernels = sum(1 for event in seen.events() if event.device_type == torch.autograd.DeviceType.CUDA) / 20
        told = ", ".join(f"{call} {count:.1f}" for call, count in sorted(calls.items()))
        lines.append(f"  {name:44}{told}; kernels and copies {kernels:.0f}")
    return lines


def data_paths(job: Job, scale: Scale) -> list[str]:
    """Images on the device against images that follow from the host's memory."""
    makers: dict[str, Callable[[], Loop]] = {
        "on the device, as bytes": lambda: Ours(job, feed=Resident, seldom=True),
        "same code again": lambda: Ours(job, feed=Resident, seldom=True),
        "on the device, shifted and mirrored": lambda: Ours(changed(job, augment="shift_flip"), seldom=True),
        "pinned copies from the host": lambda: Ours(job, feed=Streamed, seldom=True),
    }
    return table("Ways of the images", interleaved(makers, scale))


def precisions(job: Job, scale: Scale) -> list[str]:
    makers: dict[str, Callable[[], Loop]] = {}
    for precision in ("float32", "float32, same code again", "tf32", "bfloat16"):
        kind = precision.split(",")[0]
        makers[precision] = lambda kind=kind: Ours(changed(job, precision=kind), seldom=True)  # type: ignore[misc]
    # a recording keeps the kernels that were chosen when it was made: the switch for TF32 need not be turned back
    loops = {name: make() for name, make in makers.items()}
    for loop in loops.values():
        prepare_again(loop.run)
        with loop:
            seconds_of_block(loop, 10)
    return table("Number formats", interleaved({name: lambda loop=loop: loop for name, loop in loops.items()}, scale))  # type: ignore[misc]


def prepare_again(run: Prepared) -> None:
    from worker.device import prepare_arithmetic

    prepare_arithmetic(run.device, run.recipe.precision)


def sizes(job: Job, scale: Scale) -> list[str]:
    """Batches of other sizes: speed, the time to record, memory."""
    lines = ["Batches", f"  {'images':>8}{'one by one /s':>16}{'recorded /s':>14}{'record s':>10}{'peak MB':>10}"]
    for size in scale.batches:
        of_size = changed(job, batch_size=size)
        with Bare(of_size) as bare:
            seconds_of_block(bare, 5)
            one_by_one = seconds_of_block(bare, scale.block)
        if CUDA:
            torch.cuda.reset_peak_memory_stats()
        with Ours(of_size) as ours:
            seconds_of_block(ours, 3)
            wait()
            start = perf_counter()
            ours.steps._record()
            wait()
            took = perf_counter() - start
            seconds_of_block(ours, 5)
            recorded = seconds_of_block(ours, scale.block)
        peak = torch.cuda.max_memory_allocated() / 2**20 if CUDA else 0.0
        lines.append(f"  {size:>8}{1 / one_by_one:>16.0f}{1 / recorded:>14.0f}{took:>10.2f}{peak:>10.0f}")
    return lines


def parity(job: Job, scale: Scale) -> list[str]:
    """Losses of recorded steps against those of steps launched one by one."""
    curves = []
    for graphs in (True, True, False):
        with Ours(job, graphs=graphs, seldom=True) as loop:
            seconds_of_block(loop, scale.block)
            curves.append(torch.tensor(loop.losses()))
    again, others = ((curves[0] - curve).abs().max().item() for curve in curves[1:])
    return [
        "Parity",
        f"  largest difference of the loss in {len(curves[0])} steps: {others:.2e}; the same code twice: {again:.2e}",
    ]


def latency(job: Job, scale: Scale) -> list[str]:
    """From the launch of a step to the packet with its row."""
    launched: list[float] = []
    waits: list[float] = []
    with Ours(job) as loop:

        def emit(records: list[bytes]) -> None:
            now = perf_counter()
            for record in records:
                message, payload = decode(record, TELEMETRY)
                if isinstance(message, Rows) and message.stream == "steps":
                    waits.extend(now - launched[step] for step in memoryview(payload)[: 4 * message.count].cast("I"))

        loop.recorder._emit = emit
        with loop.clock.running():
            until = perf_counter() + (10 if scale.rounds > 2 else 0.3)
            while perf_counter() < until:
                launched.append(perf_counter())
                loop.step()
    ordered = sorted(waits)
    if not ordered:
        raise RuntimeError("No packet came.")
    half, most = ordered[len(ordered) // 2], ordered[int(0.99 * len(ordered))]
    return ["From a step to its packet", f"  median {1e3 * half:.1f} ms, 99th percentile {1e3 * most:.1f} ms"]


def first_loss(job: Job, scale: Scale) -> list[str]:
    """From a job to the packet with its first loss, in a process that has trained before."""
    warm_up()
    found = []
    for _ in range(3 if scale.rounds <= 2 else 9):
        start = perf_counter()
        first: list[float] = []

        def emit(records: list[bytes], first: list[float] = first) -> None:
            kinds = [decode(record, TELEMETRY)[0] for record in records]
            if not first and any(isinstance(kind, Rows) for kind in kinds):
                first.append(perf_counter())

        class Stop:
            def poll(self) -> list[Command]:
                return [Command(kind="stop")] if first else []  # noqa: B023 (read while this loop's run goes on)

            def wait(self, seconds: float) -> bool:
                return False

        train(job, emit=emit, control=Stop())
        found.append(first[0] - start)
    return ["A job's first loss", f"  median {1e3 * statistics.median(found):.0f} ms, least {1e3 * min(found):.0f} ms"]


def changed(job: Job, **recipe: object) -> Job:
    return job.model_copy(update={"recipe": job.recipe | recipe})


def sections(job: Job, scale: Scale, compiled: bool) -> dict[str, Callable[[], list[str]]]:
    return {
        "steps": lambda: steps(job, scale, compiled),
        "floor": lambda: floor(job, scale),
        "launches": lambda: launches(job, scale),
        "data": lambda: data_paths(job, scale),
        "precision": lambda: precisions(job, scale),
        "sizes": lambda: sizes(job, scale),
        "parity": lambda: parity(job, scale),
        "latency": lambda: latency(job, scale),
        "first": lambda: first_loss(job, scale),
    }


def check_without_gpu() -> None:
    """Everything once, small, with recordings that are the work itself."""
    os.environ["PLAYGROUND_GRAPHS"] = "plain"
    assert recording_for(torch.device("cpu")) is not None
    job = read_job("lenet-5", ["dataset=digits", "device=cpu", "batch_size=32"])
    for name, run in sections(job, Scale(rounds=1, block=5, batches=(16,)), compiled=False).items():
        lines = run()
        print(f"  {name}: ran, {len(lines) - 1} lines")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", nargs="?", default="lenet-5")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument(
        "--only", default="", help="sections by comma: steps, floor, launches, data, precision, sizes, …"
    )
    parser.add_argument("--compile", action="store_true", help="torch.compile beside the bare loop")
    wanted = parser.parse_args()
    if not CUDA:
        print("This benchmark needs a GPU that torch can use; here its parts only run, unmeasured, on the processor.")
        check_without_gpu()
        return
    job = read_job(wanted.network, [f"batch_size={wanted.batch}", "device=cuda"])
    print(f"{wanted.network}, batches of {wanted.batch}, {torch.cuda.get_device_name()}, torch {torch.__version__}")
    chosen = [name for name in wanted.only.split(",") if name]
    for name, run in sections(job, Scale(rounds=wanted.rounds), wanted.compile).items():
        if not chosen or name in chosen:
            print("\n".join(run()), flush=True)


if __name__ == "__main__":
    main()
