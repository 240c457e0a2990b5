"""The Train page of a long, deep run: how soon a late joiner sees it, how smoothly it draws, its memory over an hour.

    python -m benchmarks.train_page [--browser /usr/bin/chromium] [--minutes 60]

A scripted worker sends what a run of 60 convolutions with ReLUs sends, through its socket, the database and the hub, to
the page in a real browser without a GPU:

- 100,000 steps: what the site takes to answer the requests of a page that joins, and what the page takes to show them
- live on top of that, 100 steps a second, 10 rows of all layers a second, 5 sets of feature maps a second: frames a
  second, at rest, with the pointer moving over the charts and while the past is played
- an hour's records, as fast as the page takes them: its memory after a full collection. Every record that the page
  would get in that hour goes the whole way, a second of the run in one upload; only the waiting between is left out,
  and of the maps, which replace each other, every hundredth set is sent
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
from playwright.async_api import Page, async_playwright

from benchmarks.scripted_worker import Site, Worker, lease
from playground.protocol import (
    Column,
    Evaluation,
    Event,
    LayerInfo,
    Maps,
    Prediction,
    Progress,
    Rows,
    Started,
    Stream,
    Units,
    encode,
)

LAYERS = 60
STEPS = 100_000
STEPS_PER_SECOND = 100
PACKETS_PER_SECOND = 20
LAYER_ROWS_PER_SECOND = 10
MAPS_PER_SECOND = 5
WATCHED = 12
FILTERS, SIDE = 16, 8
RECORD_FRAMES = """() => {
    window.frameTimes = [];
    const beat = now => { window.frameTimes.push(now); window.beating = requestAnimationFrame(beat); };
    window.beating = requestAnimationFrame(beat);
}"""
FRAME_TIMES = "() => { cancelAnimationFrame(window.beating); return window.frameTimes; }"
SHOWN = """steps => new Promise(done => {
    const look = () => {
        const words = document.querySelector('[aria-label^="Loss: at step"]')?.getAttribute('aria-label') ?? '';
        const found = words.match(/at step ([\\d,]+) train [\\d.]/);
        const there = found && Number(found[1].replaceAll(',', '')) >= steps;
        if (there) requestAnimationFrame(() => done(performance.now()));
        else setTimeout(look, 5);
    };
    look();
})"""

CONVOLUTIONS = [f"c{index}" for index in range(LAYERS)]
RELUS = [f"r{index}" for index in range(LAYERS)]
OF_WEIGHTS: list[Any] = ["gradient_l2", "weight_l2", "update_ratio"]
OF_OUTPUTS: list[Any] = ["zero_fraction", "activation_mean", "activation_std", "dead"]
STREAMS = [
    Stream(
        name="steps",
        columns=[
            *(Column(quantity=name) for name in ("loss", "accuracy", "learning_rate")),
            *(Column(quantity="gradient_rms", layer=layer) for layer in CONVOLUTIONS),
        ],
    ),
    Stream(
        name="layers",
        columns=[
            *(Column(quantity=name, layer=layer) for name in OF_WEIGHTS for layer in CONVOLUTIONS),
            *(Column(quantity=name, layer=layer) for name in OF_OUTPUTS for layer in RELUS),
        ],
    ),
    Stream(
        name="validation",
        columns=[Column(quantity=name) for name in ("loss", "accuracy", "top5_error", "epoch", "sample")],
    ),
]
STEP_WIDTH, LAYER_WIDTH = len(STREAMS[0].columns), len(STREAMS[1].columns)


def network() -> dict[str, Any]:
    """Convolutions and ReLUs in turn on the small digits."""
    body = [
        (name, kind)
        for pair in zip(CONVOLUTIONS, RELUS, strict=True)
        for name, kind in zip(pair, ("conv2d", "relu"), strict=True)
    ]
    blocks = [("input", "input"), *body, ("flat", "flatten"), ("dense", "dense"), ("output", "output")]
    params: dict[str, dict[str, Any]] = {
        "input": {"channels": 1, "height": SIDE, "width": SIDE},
        "conv2d": {"filters": FILTERS, "padding": 1},
        "dense": {"units": 10},
    }
    return {
        "format": 1,
        "name": "Deep",
        "nodes": [{"id": name, "block": kind, "params": params.get(kind, {})} for name, kind in blocks],
        "edges": [{"source": one[0], "target": other[0]} for one, other in pairwise(blocks)],
    }


class Job:
    """What the scripted worker tells, second by second of the run."""

    def __init__(self, total: int) -> None:
        self.chance = np.random.default_rng(1)
        self.total = total
        self.step = 0

    def started(self) -> bytes:
        shape = [FILTERS, SIDE, SIDE]
        layers = [
            info
            for convolution, relu in zip(CONVOLUTIONS, RELUS, strict=True)
            for info in (
                LayerInfo(
                    id=convolution,
                    node=convolution,
                    block="conv2d",
                    label="Conv 3×3",
                    shape=shape,
                    units=0,
                    parameters=2320,
                ),
                LayerInfo(id=relu, node=relu, block="relu", label="ReLU", shape=shape, units=FILTERS, parameters=0),
            )
        ]
        counts = {"steps_per_epoch": 1000, "total_steps": self.total, "epochs": self.total // 1000, "batch_size": 64}
        return encode(
            Started(
                attempt=1,
                first_step=0,
                device="cpu",
                threads=1,
                torch="",
                dead_window=100,
                streams=STREAMS,
                layers=layers,
                probes=[0],
                **counts,
            )
        )

    def rows(self, stream: Any, steps: np.ndarray, width: int) -> bytes:
        values = np.exp(self.chance.normal(-3, 1, size=(width, len(steps)))).astype("<f4")
        return encode(
            Rows(stream=stream, columns=width, count=len(steps)), steps.astype("<u4").tobytes() + values.tobytes()
        )

    def pictures(self) -> Iterator[bytes]:
        for layer in RELUS[:WATCHED]:
            header = Maps(
                layer=layer,
                step=self.step,
                probe=0,
                channels=FILTERS,
                total_channels=FILTERS,
                height=SIDE,
                width=SIDE,
                low=0,
                high=1,
            )
            yield encode(header, self.chance.bytes(FILTERS * SIDE * SIDE))
        yield encode(Prediction(step=self.step, probe=0, truth=0, probabilities=[0.1] * 10))

    def slow(self) -> Iterator[bytes]:
        """Once a second."""
        for layer in RELUS[:4]:
            header = Units(layer=layer, step=self.step, units=FILTERS, window=100)
            yield encode(header, (self.chance.random(FILTERS) < 0.2).astype("u1").tobytes())
        progress = Progress(
            step=self.step,
            epoch=self.step / 1000,
            learning_rate=0.1,
            steps_per_second=100.0,
            images_per_second=6400.0,
            seconds_left=60.0,
            telemetry_share=0.02,
            maps_per_second=5.0,
        )
        yield encode(progress)
        if self.step % 1000 < STEPS_PER_SECOND:
            yield encode(Event(step=self.step, name="epoch", message="An epoch is over."))
            yield self.rows("validation", np.array([self.step]), 5)
            confusion = np.eye(10, dtype="<i4") * 36
            header = Evaluation(
                step=self.step, split="validation", images=360, classes=10, loss=0.1, accuracy=0.9, top5_error=0.1
            )
            yield encode(header, confusion.tobytes())

    def bulk(self, steps: int) -> Iterator[list[bytes]]:
        """Rows alone, in large records."""
        for first in range(self.step, self.step + steps, 1000):
            block = np.arange(first, min(first + 1000, self.step + steps))
            yield [
                self.rows("steps", block, STEP_WIDTH),
                self.rows("layers", block[:: STEPS_PER_SECOND // LAYER_ROWS_PER_SECOND], LAYER_WIDTH),
            ]
        self.step += steps

    def packet(self, number: int, *, pictures: bool) -> list[bytes]:
        """The records of a twentieth of a second."""
        size = STEPS_PER_SECOND // PACKETS_PER_SECOND
        records = [self.rows("steps", np.arange(self.step, self.step + size), STEP_WIDTH)]
        if number % (PACKETS_PER_SECOND // LAYER_ROWS_PER_SECOND) == 0:
            records.append(self.rows("layers", np.array([self.step]), LAYER_WIDTH))
        self.step += size
        if pictures and number % (PACKETS_PER_SECOND // MAPS_PER_SECOND) == 0:
            records += self.pictures()
        if number % PACKETS_PER_SECOND == 0:
            records += self.slow()
        return records


ASKED = 9
JOINING = "joining"
ZOOMED = "a tenth, zoomed into"
"""With its margins, as editor/live/details.ts asks for; not part of joining."""


def answer_times(site: Site, run: str) -> Iterator[tuple[str, float, float, int]]:
    """Of a page that joins and of one that is zoomed: the median wait, the site's processor time, ms, and bytes."""
    paths = {JOINING: "recording", ZOOMED: "history?stream=steps&from=40000&to=60000&points=4000"}
    with httpx.Client(headers={"Accept": "application/octet-stream"}) as client:
        for name, path in paths.items():
            waited, size, cpu = [], 0, site.cpu()
            for _ in range(ASKED):
                begin = time.perf_counter()
                answer = client.get(f"http://127.0.0.1:{site.port}/api/runs/{run}/{path}").raise_for_status()
                waited.append(1000 * (time.perf_counter() - begin))
                size = len(answer.content)
            yield name, statistics.median(waited), 1000 * (site.cpu() - cpu) / ASKED, size


async def frames(page: Page, seconds: float, meanwhile: Any = None) -> str:
    """Frames a second, the 95th percentile of the gaps, and what a frame takes of the page's thread: processor time."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await _busy(devtools)
    await page.evaluate(RECORD_FRAMES)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if meanwhile:
            await meanwhile()
        else:
            await asyncio.sleep(0.2)
    times: list[float] = await page.evaluate(FRAME_TIMES)
    busy = await _busy(devtools) - before
    await devtools.detach()
    gaps = sorted(b - a for a, b in pairwise(times))
    rate = 1000 * len(gaps) / sum(gaps)
    p95 = gaps[int(len(gaps) * 0.95)]
    thread = 1000 * busy / len(gaps)
    share = 1000 * busy / sum(gaps)
    load = os.getloadavg()[0]
    return (
        f"{rate:5.1f} frames/s, p95 gap {p95:.0f} ms; its thread: {thread:.1f} ms a frame, {share:.2f} s a second;"
        f" load {load:.0f}"
    )


async def _busy(devtools: Any) -> float:
    """Seconds of processor time that the page's thread has worked."""
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


async def memory(page: Page) -> tuple[float, float]:
    """Megabytes of JavaScript objects and of their typed arrays, after a full collection."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("HeapProfiler.collectGarbage")
    usage = await devtools.send("Runtime.getHeapUsage")
    await devtools.detach()
    return usage["usedSize"] / 2**20, usage.get("backingStorageSize", 0) / 2**20


async def measure(site: Site, options: argparse.Namespace) -> None:
    address = f"http://127.0.0.1:{site.port}"
    total = STEPS + options.minutes * 60 * STEPS_PER_SECOND + 20_000
    async with async_playwright() as play:
        chromium = await play.chromium.launch(
            executable_path=options.browser, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        context = await chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        body = {"network": network(), "recipe": {"dataset": "digits"}, "name": "Deep"}
        experiment = (await (await context.request.post("/api/experiments", data=body)).json())["id"]
        run = (await (await context.request.post(f"/api/experiments/{experiment}/runs")).json())["id"]
        worker = await lease(site, site.token(), run)
        job = Job(total)
        await worker.send([job.started()])
        for records in job.bulk(STEPS):
            await worker.send(records)
        await worker.send([*job.pictures(), *job.slow()])
        await worker.settle()
        answers = await asyncio.to_thread(lambda: list(answer_times(site, run)))
        for name, waited, cpu, size in answers:
            print(f"{name:24} {waited:6.1f} ms, {cpu:5.1f} ms of the site's processor time, {size / 1000:.0f} kB")
        await page.goto("/")
        times = []
        for _ in range(5):
            await page.goto("about:blank")
            await page.goto(f"/e/{experiment}/runs/{run}", wait_until="commit")
            times.append(await page.evaluate(SHOWN, STEPS))
        print(
            f"opening the page to all {STEPS:,} steps drawn: median {statistics.median(times):.0f} ms of {len(times)}"
        )
        canvases = await page.evaluate(
            "[...document.querySelectorAll('canvas')].filter(c => c.width > 1 && !c.hidden).length"
        )
        rows = await page.evaluate("document.querySelectorAll('.heat-strip li').length")
        print(f"{canvases} drawings on the page, {rows} layers in the strip")
        live = asyncio.create_task(stream(worker, job))
        await asyncio.sleep(2)
        print(f"live, page at rest:           {await frames(page, options.seconds)}")
        print(f"live, pointer over the charts: {await frames(page, options.seconds, pointer(page))}")
        await page.get_by_role("button", name="Play the run").click()
        print(f"playing the past, live goes on: {await frames(page, options.seconds / 2)}")
        await page.get_by_role("button", name="Live", exact=True).click()
        live.cancel()
        await hour(page, worker, job, options.minutes)
        print(f"errors on the console: {said or 'none'}")
        await worker.close()
        await chromium.close()


async def stream(worker: Worker, job: Job) -> None:
    """As a job does, until it is cancelled."""
    begin, number = time.monotonic(), 0
    while True:
        await worker.send(job.packet(number, pictures=True))
        number += 1
        await asyncio.sleep(max(0.0, begin + number / PACKETS_PER_SECOND - time.monotonic()))


def pointer(page: Page) -> Any:
    """Moves back and forth over the loss."""
    place = iter(int(150 + 60 * abs((number % 80) / 40 - 1)) for number in range(10**9))

    async def move() -> None:
        await page.mouse.move(next(place), 560)

    return move


async def hour(page: Page, worker: Worker, job: Job, minutes: int) -> None:
    """Send the records of so many minutes and tell the page's memory on the way."""
    sizes = []
    for minute in range(minutes + 1):
        if minute % max(1, minutes // 6) == 0:
            await page.evaluate(SHOWN, job.step - 2 * STEPS_PER_SECOND)
            sizes.append(await memory(page))
            print(
                f"after {minute:3} minutes: {sizes[-1][0]:6.1f} MB of objects, {sizes[-1][1]:6.1f} MB of typed arrays"
            )
        if minute == minutes:
            break
        for second in range(60):
            numbers = range(second * PACKETS_PER_SECOND, (second + 1) * PACKETS_PER_SECOND)
            # A second of the run in one upload: the page gets every record, but the database is not what is measured.
            await worker.send(
                [record for number in numbers for record in job.packet(number, pictures=number % 400 == 0)]
            )
            await worker.settle()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--browser", default=os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium"))
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--minutes", type=int, default=60)
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        try:
            asyncio.run(measure(site, options))
        finally:
            site.process.terminate()
            site.process.wait(10)


if __name__ == "__main__":
    main()
