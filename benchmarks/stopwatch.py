"""How long a piece of work takes, for the benchmarks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def median_of(times: int, work: Callable[[], object]) -> float:
    """Milliseconds of the middle one of so many."""
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return 1000 * statistics.median(seconds)
