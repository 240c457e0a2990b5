"""What each probe costs: processor time of every call of every probe while a network trains with all of them.

    python benchmarks/probe_cost.py lenet-5
    python benchmarks/probe_cost.py resnet-20 --seconds 40

What the observer draws is not in it once the observer is there. The governors count processor time, as on a machine of
one's own. The clock of each call adds about a microsecond.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import process_time, thread_time
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch

from benchmarks.training_overhead import Watched
from worker.job import warm_up
from worker.probes import PROBES, Probe
from worker.train_command import read_job

METHODS = ("each_output", "each_step", "sample_output", "frame_output", "before_sample", "sample", "frames", "complete")


class Costs:
    """Seconds and calls by the probe's class and its method."""

    def __init__(self) -> None:
        self.seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
        self.calls: defaultdict[tuple[str, str], int] = defaultdict(int)

    def watch(self, kind: type[Probe], method: str) -> None:
        plain: Callable[..., Any] = getattr(kind, method)
        place = (kind.__name__, method)

        def timed(*arguments: Any) -> Any:
            start = thread_time()
            answer = plain(*arguments)
            self.seconds[place] += thread_time() - start
            self.calls[place] += 1
            return answer

        setattr(kind, method, timed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", nargs="?", default="lenet-5")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--batch", type=int, default=64)
    wanted = parser.parse_args()
    costs = Costs()
    for kind in PROBES:
        for method in METHODS:
            if method in vars(kind):
                costs.watch(kind, method)
    warm_up()
    loop = Watched()(read_job(wanted.network, [f"batch_size={wanted.batch}", "device=cpu"]))
    next(loop)
    torch.set_num_threads(1)
    start, steps = process_time(), 0
    while process_time() - start < wanted.seconds:
        next(loop)
        steps += 1
    total = process_time() - start
    print(
        f"{wanted.network}, batches of {wanted.batch}, 1 thread: {steps:,} steps, {1e3 * total / steps:.2f} ms a step"
    )
    print(f"{'probe':22}{'method':16}{'of all time':>12}{'µs a call':>12}{'calls':>9}")
    for place, seconds in sorted(costs.seconds.items(), key=lambda item: -item[1]):
        each = 1e6 * seconds / costs.calls[place]
        print(f"{place[0]:22}{place[1]:16}{seconds / total:>12.3%}{each:>12.0f}{costs.calls[place]:>9,}")


if __name__ == "__main__":
    main()
