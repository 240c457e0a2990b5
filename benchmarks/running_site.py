"""A real site in a process of its own, for the benchmarks: own folder, own database, free port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class RunningSite:
    """Where it answers and which process it is."""

    address: str
    pid: int
    folder: Path


@contextmanager
def running_site(*, worker: bool = True, root: Path = ROOT) -> Iterator[RunningSite]:
    """`manage.py up` of this checkout or another until the block ends. Raises RuntimeError with its log where it does
    not start."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = folder / "up.log"
        command = [sys.executable, "manage.py", "up", "--port", "0", *([] if worker else ["--no-worker"])]
        environment = {**os.environ, "PLAYGROUND_VAR": name, "PYTHONUNBUFFERED": "1"}
        with log.open("w") as out:
            process = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield RunningSite(_ready(process, log, worker), process.pid, folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _ready(process: subprocess.Popen[bytes], log: Path, worker: bool) -> str:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"http://[\d.]+:\d+", log.read_text()):
            address = found.group()
            if not worker or any(w["connected"] for w in httpx.get(f"{address}/api/workers").json()):
                return address
        time.sleep(0.1)
    raise RuntimeError(f"The site did not start:\n{log.read_text()}")
