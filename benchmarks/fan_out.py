"""Many viewers of one run on one Daphne process: what arrives, how old it is, what it costs.

    python -m benchmarks.fan_out [--viewers 200] [--stalled 20] [--seconds 20] [--rate 20] [--maps 5]

The records take the whole way: a worker's socket, the database, the hub, the viewers' sockets. A viewer confirms what
it reads, as the page does; a stalled one reads nothing after its snapshot. Ages are from the worker's send to the
viewer's receipt, on one machine, and so on one clock; the viewers' own work is in them, not in the server's CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import struct
import tempfile
import time
from functools import lru_cache, partial

import numpy as np

from benchmarks.scripted_worker import Site, lease
from playground.protocol import Column, Event, Maps, Rows, Started, Stream, decode_header, encode, unpack

NETWORK = {
    "nodes": [
        {"id": "i", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
        {"id": "f", "block": "flatten"},
        {"id": "d", "block": "dense", "params": {"units": 10}},
        {"id": "o", "block": "output"},
    ],
    "edges": [{"source": a, "target": b} for a, b in ("if", "fd", "do")],
}
COLUMNS = 60
"""Float32 columns of the layers' rows, of which one row is 240 bytes."""
CLOCK = 1000.0
"""Send times travel as float32 seconds modulo this: 0.06 ms fine."""
ACKNOWLEDGE_BYTES = 32 * 1024
"""A page confirms when so much has come, or the frame is the last that waits; see editor/net/socket.ts."""


class Page(asyncio.Protocol):
    """A viewer's socket with as little work as can be, so that two hundred fit beside the server on two cores."""

    def __init__(self, site: Site, run: str, reads: bool, joined: asyncio.Semaphore) -> None:
        self.request = (
            f"GET /ws/runs/{run}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: http://127.0.0.1:{site.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        self.reads = reads
        self.joined = joined
        self.buffer = bytearray()
        self.upgraded = False
        self.rows = self.maps = self.bytes = self.confirmed = 0
        self.ages: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request.encode())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.upgraded:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.upgraded = True
            del self.buffer[: end + 4]
        while frame := self._frame():
            self._take(*frame)
        if self.bytes - self.confirmed >= ACKNOWLEDGE_BYTES or (self.bytes > self.confirmed and not self.buffer):
            self.confirmed = self.bytes
            self._send(1, b'{"kind":"credit","bytes":%d}' % self.bytes)

    def _frame(self) -> tuple[int, bytes] | None:
        """Opcode and payload of the next whole frame (RFC 6455, 5.2; servers do not mask)."""
        if len(self.buffer) < 2:
            return None
        size, start = self.buffer[1] & 127, 2
        if size > 125:
            start = 4 if size == 126 else 10
            if len(self.buffer) < start:
                return None
            size = int.from_bytes(self.buffer[2:start], "big")
        if len(self.buffer) < start + size:
            return None
        opcode, payload = self.buffer[0] & 15, bytes(self.buffer[start : start + size])
        del self.buffer[: start + size]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 9:
            self._send(10, payload)
        elif opcode == 1 and b'"kind":"snapshot"' in payload[:40]:
            self.joined.release()
            if not self.reads:
                self.transport.pause_reading()
        elif opcode == 2:
            now = time.monotonic() % CLOCK
            sent, maps = content(payload)
            self.bytes += len(payload)
            self.rows += len(sent)
            self.maps += maps
            self.ages += [(now - moment) % CLOCK for moment in sent]

    def _send(self, opcode: int, payload: bytes) -> None:
        self.transport.write(bytes((128 | opcode, 128 | len(payload), 0, 0, 0, 0)) + payload)  # a mask of zeros


@lru_cache(maxsize=256)
def content(frame: bytes) -> tuple[tuple[float, ...], int]:
    """Send times of the rows in a frame and the number of maps; all viewers that keep up get the same bytes."""
    sent, maps = [], 0
    for record in unpack(bytes(decode_header(frame)[1])):
        header, payload = decode_header(record)
        if header["kind"] == "rows":
            sent.append(struct.unpack_from("<f", payload, 4)[0])
        maps += header["kind"] == "maps"
    return tuple(sent), maps


async def join(site: Site, run: str, count: int, reads: bool) -> list[Page]:
    """Open sockets until each has its snapshot."""
    joined = asyncio.Semaphore(0)
    pages = [Page(site, run, reads, joined) for _ in range(count)]
    loop = asyncio.get_running_loop()
    for page in pages:
        await loop.create_connection(partial(lambda page: page, page), "127.0.0.1", site.port)
        await joined.acquire()
    return pages


async def train(site: Site, token: str, run: str, rate: float, maps: float, seconds: float) -> tuple[int, int]:
    """Send rows at the rate, and maps of 50 kB; gives how many of each."""
    worker = await lease(site, token, run)
    await worker.send([_started(), encode(Event(step=0, name="epoch", message=""))])
    begin, sent, pictures = time.monotonic(), 0, 0
    while (now := time.monotonic() - begin) < seconds:
        records = [_row(sent)]
        if pictures < now * maps:
            records.append(_map(sent))
            pictures += 1
        await worker.send(records)
        sent += 1
        await asyncio.sleep(max(0.0, begin + sent / rate - time.monotonic()))
    await asyncio.sleep(5)  # for what is still on its way
    await worker.close()
    return sent, pictures


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
    token, run = site.token(), site.run(NETWORK)
    viewers = await join(site, run, options.viewers, reads=True)
    stalled = await join(site, run, options.stalled, reads=False)
    memory, cpu, begin = site.memory(), site.cpu(), time.monotonic()
    sent, pictures = await train(site, token, run, options.rate, options.maps, options.seconds)
    spent, took = site.cpu() - cpu, time.monotonic() - begin
    grown = site.memory()
    for page in (*viewers, *stalled):
        page.transport.abort()
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
        "server memory before, MB": memory,
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
