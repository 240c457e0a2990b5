"""Many viewers of one run on one Daphne process: what arrives, how old it is, what it costs.

    python -m benchmarks.fan_out [--viewers 200] [--stalled 20] [--seconds 20] [--rate 20] [--maps 5]

The records take the whole way: a worker's socket, the database, the hub, the viewers' sockets. A viewer confirms what
it reads, as the page does; a stalled one reads nothing after its snapshot. Ages are from the worker's send to the
viewer's receipt, on one machine, and so on one clock; the viewers' own work is in them, not in the server's CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from websockets.asyncio.client import ClientConnection, connect

from playground.protocol import (
    VERSION,
    Column,
    Event,
    Hello,
    Maps,
    Rows,
    Started,
    Stream,
    Upload,
    decode_header,
    encode,
    pack,
    unpack,
)

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = 60
"""Float32 columns of the layers' rows, of which one row is 240 bytes."""
CLOCK = 1000.0
"""Send times travel as float32 seconds modulo this: 0.06 ms fine."""
ACKNOWLEDGE_BYTES = 32 * 1024
"""A page confirms when so much has come, or the frame is the last that waits; see editor/net/socket.ts."""


@dataclass
class Viewer:
    """What one viewer received."""

    rows: int = 0
    maps: int = 0
    bytes: int = 0
    ages: list[float] = field(default_factory=list)
    closed: int | None = None


class Site:
    """A Daphne process with a database of its own."""

    def __init__(self, folder: str) -> None:
        self.environment = {**os.environ, "PLAYGROUND_VAR": folder, "DJANGO_SETTINGS_MODULE": "webapp.settings"}
        self._python("manage.py", "migrate", "-v0")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "-v", "0"]
        self.process = subprocess.Popen([*command, "webapp.asgi:application"], env=self.environment, cwd=ROOT)
        self.usage = psutil.Process(self.process.pid)
        self._wait()

    def token(self) -> str:
        setup = "import django; django.setup(); from webapp.runs.tokens import worker_token_issue as issue"
        return self._python("-c", f"{setup}; print(issue(name='benchmark'))").strip()

    def run(self) -> str:
        """A queued run, and its id."""
        network = {
            "nodes": [
                {"id": "i", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
                {"id": "f", "block": "flatten"},
                {"id": "d", "block": "dense", "params": {"units": 10}},
                {"id": "o", "block": "output"},
            ],
            "edges": [{"source": a, "target": b} for a, b in ("if", "fd", "do")],
        }
        experiment, cookie = self._post("/api/experiments", {"network": network, "recipe": {"dataset": "digits"}}, "")
        run, _ = self._post(f"/api/experiments/{experiment['id']}/runs", None, cookie)
        return str(run["id"])

    def cpu(self) -> float:
        times = self.usage.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Resident megabytes."""
        return self.usage.memory_info().rss / 2**20

    def _python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def _post(self, path: str, body: Any, cookie: str) -> tuple[Any, str]:
        headers = {"Content-Type": "application/json", "Cookie": cookie}
        data = json.dumps(body).encode() if body else b""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method="POST")
        with urllib.request.urlopen(request) as response:
            return json.load(response), (response.headers.get("Set-Cookie") or "").split(";")[0]

    def _wait(self) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health").close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("The site did not start within a minute.")


async def watch(site: Site, run: str, viewer: Viewer, reads: bool, joined: asyncio.Semaphore) -> None:
    address = f"ws://127.0.0.1:{site.port}/ws/runs/{run}/"
    origin = f"http://127.0.0.1:{site.port}"
    async with connect(address, origin=origin, compression=None, max_queue=None if reads else 1) as page:  # type: ignore[arg-type]
        await page.recv()
        joined.release()
        if reads:
            await read(page, viewer)
        else:
            page.transport.pause_reading()
            await asyncio.Event().wait()


async def read(page: ClientConnection, viewer: Viewer) -> None:
    confirmed = 0
    async for data in page:
        now = time.monotonic() % CLOCK
        if isinstance(data, str):
            continue
        viewer.bytes += len(data)
        for record in unpack(bytes(decode_header(data)[1])):
            header, payload = decode_header(record)
            if header["kind"] == "rows":
                viewer.rows += 1
                viewer.ages.append((now - struct.unpack_from("<f", payload, 4)[0]) % CLOCK)
            elif header["kind"] == "maps":
                viewer.maps += 1
        if viewer.bytes - confirmed >= ACKNOWLEDGE_BYTES or not page.recv_messages.frames:
            confirmed = viewer.bytes
            await page.send(json.dumps({"kind": "credit", "bytes": confirmed}))


async def train(site: Site, token: str, run: str, rate: float, maps: float, seconds: float) -> tuple[int, int]:
    """Send rows at the rate, and maps of 50 kB; gives how many of each."""
    headers = {"Authorization": f"Bearer {token}"}
    hello = Hello(
        version=VERSION,
        name="benchmark",
        device="cpu",
        cuda=False,
        cores=1,
        memory_bytes=1,
        slots=1,
        torch="",
        datasets=["digits"],
    )
    async with connect(f"ws://127.0.0.1:{site.port}/ws/worker/", additional_headers=headers) as link:
        await link.send(hello.model_dump_json())
        while (message := json.loads(await link.recv()))["kind"] != "lease":
            pass
        lease, first = message["lease"], 1
        drain = asyncio.create_task(_drain(link))

        async def send(*records: bytes) -> None:
            nonlocal first
            upload = Upload(run=run, lease=lease, first=first, count=len(records))
            first += len(records)
            await link.send(encode(upload, pack(records)))

        await send(_started(), encode(Event(step=0, name="epoch", message="")))
        begin, sent, pictures = time.monotonic(), 0, 0
        while (now := time.monotonic() - begin) < seconds:
            records = [_row(sent)]
            if pictures < now * maps:
                records.append(_map(sent))
                pictures += 1
            await send(*records)
            sent += 1
            await asyncio.sleep(max(0.0, begin + sent / rate - time.monotonic()))
        await asyncio.sleep(5)  # for what is still on its way
        drain.cancel()
    return sent, pictures


async def _drain(link: ClientConnection) -> None:
    async for _ in link:
        pass


def _started() -> bytes:
    stream = Stream(name="layers", columns=[Column(quantity="gradient_rms", layer="d")] * COLUMNS)
    counts = {"steps_per_epoch": 1, "total_steps": 1, "epochs": 1, "batch_size": 1, "threads": 1, "dead_window": 100}
    return encode(
        Started(attempt=1, first_step=0, device="cpu", torch="", streams=[stream], layers=[], probes=[], **counts)
    )


def _row(step: int) -> bytes:
    values = np.full((COLUMNS, 1), time.monotonic() % CLOCK, dtype="<f4")
    return encode(Rows(stream="layers", columns=COLUMNS, count=1), struct.pack("<I", step) + values.tobytes())


def _map(step: int) -> bytes:
    header = Maps(layer="d", step=step, probe=0, channels=50, total_channels=50, height=25, width=40, low=0, high=1)
    return encode(header, os.urandom(50_000))


async def measure(options: argparse.Namespace, site: Site) -> dict[str, float]:
    token, run = site.token(), site.run()
    viewers = [Viewer() for _ in range(options.viewers)]
    joined = asyncio.Semaphore(0)
    watching = [asyncio.create_task(watch(site, run, viewer, True, joined)) for viewer in viewers]
    for _ in viewers:
        await joined.acquire()
    before_stalled = site.memory()
    watching += [asyncio.create_task(watch(site, run, Viewer(), False, joined)) for _ in range(options.stalled)]
    for _ in range(options.stalled):
        await joined.acquire()
    memory, cpu, begin = site.memory(), site.cpu(), time.monotonic()
    sent, pictures = await train(site, token, run, options.rate, options.maps, options.seconds)
    spent, took = site.cpu() - cpu, time.monotonic() - begin
    grown = site.memory()
    for task in watching:
        task.cancel()
    await asyncio.gather(*watching, return_exceptions=True)
    ages = np.sort(np.concatenate([viewer.ages for viewer in viewers])) * 1000
    rows = sum(viewer.rows for viewer in viewers)
    return {
        "viewers": options.viewers,
        "rows delivered, %": 100 * rows / (sent * options.viewers),
        "age p50, ms": float(np.percentile(ages, 50)),
        "age p99, ms": float(np.percentile(ages, 99)),
        "age max, ms": float(ages[-1]),
        "within 300 ms, %": 100 * float((ages <= 300).mean()),
        "maps delivered, %": 100 * sum(viewer.maps for viewer in viewers) / max(1, pictures * options.viewers),
        "server CPU, % of a core": 100 * spent / took,
        "server CPU per delivered row, us": 1e6 * spent / max(1, rows),
        "sent to all viewers, MB/s": sum(viewer.bytes for viewer in viewers) / took / 1e6,
        "server memory before, MB": before_stalled,
        "server memory growth in the run, MB": grown - memory,
        "growth per stalled viewer at most, MB": (grown - memory) / max(1, options.stalled),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--stalled", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=20, help="rows a second")
    parser.add_argument("--maps", type=float, default=5, help="feature maps of 50 kB a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        try:
            for name, value in asyncio.run(measure(options, site)).items():
                print(f"{name:40} {value:10.2f}")
        finally:
            site.process.terminate()
            site.process.wait(10)


if __name__ == "__main__":
    main()
