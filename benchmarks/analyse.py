"""How long one edit takes the site: analyse() in the process, and POST /api/analyse over HTTP by a running site.

    python benchmarks/analyse.py

ResNet-152 has about 500 primitives. The control measures the same code twice, interleaved.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx

from benchmarks.running_site import running_site
from playground.analysis import analyse
from playground.network import read_network
from playground.plan import plan
from playground.zoo import ZOO

ROUNDS = 60
NETWORKS = ("lenet-5", "googlenet", "resnet-152")


def milliseconds(call: Callable[[], object]) -> float:
    """CPU time of one call, in ms: the wall clock of a busy machine tells little."""
    started = time.thread_time()
    call()
    return (time.thread_time() - started) * 1000


def in_process() -> None:
    """analyse() and reading the document, after warm-up."""
    print(
        f"{'network':12} {'primitives':>10} {'read ms':>8} {'analyse ms':>10} {'again ms':>9}   median of {ROUNDS}, CPU"
    )
    for name in NETWORKS:
        document = ZOO[name].network.model_dump()
        network = read_network(document)
        reads, first, second = [], [], []
        for _ in range(5):
            analyse(network, 1000)
        gc.collect()
        for _ in range(ROUNDS):
            reads.append(milliseconds(lambda: read_network(document)))  # noqa: B023
            first.append(milliseconds(lambda: analyse(network, None)))  # noqa: B023
            second.append(milliseconds(lambda: analyse(network, None)))  # noqa: B023
        cells = [f"{statistics.median(values):.2f}" for values in (reads, first, second)]
        print(f"{name:12} {len(plan(network).steps):>10} {cells[0]:>8} {cells[1]:>10} {cells[2]:>9}")


def over_http() -> None:
    """The whole answer of a running site, its worker left out."""
    with running_site(worker=False) as site, httpx.Client(base_url=site.address) as client:
        heads = f"{'network':12} {'kB sent':>8} {'kB back':>8} {'p50 ms':>7} {'p95 ms':>7}"
        print(f"\n{heads}   wall, {ROUNDS} requests on loopback")
        for name in NETWORKS:
            body = json.dumps(ZOO[name].network.model_dump()).encode()
            times, back = [], 0
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = client.post("/api/analyse", content=body, headers={"Content-Type": "application/json"})
                times.append((time.perf_counter() - started) * 1000)
                back = len(answer.raise_for_status().content)
            times.sort()
            p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(f"{name:12} {len(body) / 1e3:>8.1f} {back / 1e3:>8.1f} {p50:>7.1f} {p95:>7.1f}")


if __name__ == "__main__":
    in_process()
    over_http()
