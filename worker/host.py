"""What this machine, or the container that the worker runs in, has: processors and memory. Without torch."""

from __future__ import annotations

import os

import psutil

MEMORY_SHARE = 0.8
"""Of the machine's memory, for all runs together; one that wants more fails by itself instead of taking the machine
with it."""
_CONTAINER_LIMIT = "/sys/fs/cgroup/memory.max"


def cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_bytes() -> int:
    """Of the machine, or of its container where that is allowed less."""
    total: int = psutil.virtual_memory().total
    try:
        with open(_CONTAINER_LIMIT) as file:
            return min(total, int(file.read()))
    except (OSError, ValueError):  # none, or "max"
        return total
