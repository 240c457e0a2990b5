"""What a container is allowed counts everywhere: for one run, for several at once, and in what the site is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from worker import device, host
from worker.executors.local import _share
from worker.machine import Machine

MACHINE = Machine(device="cpu", cuda=False, torch="2", datasets=[])


def test_the_containers_limit_counts_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_MEMORY_BYTES", raising=False)
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(host, "_CONTAINER_LIMIT", str(limit))
    for text in ("max\n", "9" * 30):
        limit.write_text(text)
        assert host.memory_bytes() == psutil.virtual_memory().total
    limit.write_text("1000000\n")
    assert MACHINE.memory_bytes == 1_000_000
    assert device.memory_limit() == 800_000
    assert _share(2)["PLAYGROUND_MEMORY_BYTES"] == "400000"


def test_processors_are_counted_where_the_system_knows_no_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_THREADS", raising=False)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert host.cores() == MACHINE.cores == 6
    assert _share(3)["PLAYGROUND_THREADS"] == "2"


def test_the_agent_does_without_torch() -> None:
    code = "import sys; import worker.host, worker.machine, worker.executors.local; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
