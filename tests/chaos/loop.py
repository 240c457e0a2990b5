"""The whole loop as processes of their own: a site on Daphne with its database, and one worker."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import httpx

from worker.folders import LeaseFolder

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0  # seconds

Value = TypeVar("Value")


def until(happens: Callable[[], Value], what: str) -> Value:
    """Wait for a condition; its value. A site that is just being started again is waited for too."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if value := happens():
                return value
        except httpx.TransportError:
            pass
        assert time.monotonic() < end, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.02)


class Loop:
    """Starts, kills and asks. Everything lies in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "PLAYGROUND_VAR": str(folder),
            "PLAYGROUND_MAX_ATTEMPTS": "100",
            "PLAYGROUND_THREADS": "1",  # a barrier among threads takes ages where others keep the processors busy
            "DJANGO_SETTINGS_MODULE": "webapp.settings",
        }
        self.manage("migrate", "--verbosity", "0")
        self.token = self.manage("worker_token", "chaos").strip()
        self.site = self.start_site()
        self.agent = self.start_agent()
        self.client = httpx.Client(base_url=self.address, timeout=10)

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def start_site(self) -> subprocess.Popen[bytes]:
        serve = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "-v", "0", "webapp.asgi:application"]
        return self._start("site.log", *serve)

    def start_agent(self) -> subprocess.Popen[bytes]:
        where = ["--site", self.address, "--token", self.token, "--folder", str(self.folder / "worker")]
        return self._start("agent.log", "-m", "worker", *where)

    def _start(self, log: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / log).open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )

    # Killing

    def kill(self, victim: str, run: str) -> None:
        """kill -9. Site and agent are started again at once; the job is for the loop itself to start again."""
        match victim:
            case "site":
                self.site.kill()
                self.site.wait()
                self.site = self.start_site()
            case "agent":
                self.agent.kill()
                self.agent.wait()
                self.agent = self.start_agent()
            case "job":
                if process := self.job(run):
                    os.kill(process, signal.SIGKILL)

    def job(self, run: str) -> int | None:
        """Process id of the run's job."""
        folders = [LeaseFolder(path) for path in (self.folder / "worker" / "runs" / run).glob("lease-*")]
        return next((process for folder in folders if (process := folder.process())), None)

    def close(self) -> None:
        """End all, jobs included, as Ctrl-C does."""
        self.client.close()
        self.agent.terminate()
        self.agent.wait(15)
        self.site.terminate()
        self.site.wait(15)
        for log in ("agent.log", "site.log"):
            print(f"--- {log}", (self.folder / log).read_text()[-6000:], sep="\n")

    # Asking

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def train(self, network: dict[str, Any], recipe: dict[str, Any]) -> str:
        """Queue a run; its id."""
        body = {"name": "chaos", "network": network, "recipe": recipe}
        experiment = until(lambda: self.post("/api/experiments", body), "the site")
        return str(self.post(f"/api/experiments/{experiment['id']}/runs")["id"])

    def ended(self, run: str) -> dict[str, Any] | None:
        """The run, once it is over."""
        view = self.run(run)
        return view if view["state"] in ("finished", "failed", "stopped") else None

    def run(self, run: str) -> dict[str, Any]:
        assert self.agent.poll() is None, "The agent has ended by itself."
        assert self.site.poll() is None, "The site has ended by itself."
        answer = self.client.get(f"/api/runs/{run}")
        assert answer.is_success, answer.text
        return dict(answer.json())


def small_network() -> dict[str, Any]:
    blocks = [
        ("input", "input", {"channels": 1, "height": 8, "width": 8}),
        ("c1", "conv2d", {"filters": 4, "kernel_size": 3}),
        ("r1", "relu", {}),
        ("f1", "flatten", {}),
        ("drop", "dropout", {"p": 0.2}),
        ("d1", "dense", {"units": 10}),
        ("output", "output", {}),
    ]
    names = [name for name, _, _ in blocks]
    edges = pairwise(names)
    return {
        "format": 1,
        "name": "Small",
        "nodes": [{"id": name, "block": block, "params": params} for name, block, params in blocks],
        "edges": [{"source": source, "target": target} for source, target in edges],
    }


def as_job(run: str, network: dict[str, Any], recipe: dict[str, Any]) -> str:
    return json.dumps({"run": run, "attempt": 1, "network": network, "recipe": recipe})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
