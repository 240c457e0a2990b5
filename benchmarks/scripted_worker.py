"""A bare site in a process of its own, and a scripted worker that sends it whatever records a benchmark makes up."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from playground.protocol import VERSION, Hello, Upload, encode, pack

ROOT = Path(__file__).resolve().parent.parent
MOST_UNSTORED = 200
"""Records on their way to the site's database, after which the worker waits as a real one does."""


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

    def run(self, network: dict[str, Any]) -> str:
        """A queued run of a network on the small digits, and its id."""
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


class Worker:
    """A worker's socket that sends records of one lease."""

    def __init__(self, link: ClientConnection, run: str, lease: int) -> None:
        self.link, self.run, self.lease, self.first = link, run, lease, 1
        self.drain = asyncio.create_task(self._drain())
        self.stored = 0
        self.moved = asyncio.Event()

    async def send(self, records: list[bytes]) -> None:
        upload = Upload(run=self.run, lease=self.lease, first=self.first, count=len(records))
        self.first += len(records)
        await self.link.send(encode(upload, pack(records)))
        while self.first - 1 - self.stored > MOST_UNSTORED:
            self.moved.clear()
            await self.moved.wait()

    async def settle(self) -> None:
        """Until all is stored."""
        while self.stored < self.first - 1:
            self.moved.clear()
            await self.moved.wait()

    async def close(self) -> None:
        self.drain.cancel()
        await self.link.close()

    async def _drain(self) -> None:
        async for message in self.link:
            said = json.loads(message)
            if said["kind"] == "ack":
                self.stored = said["seq"]
                self.moved.set()


async def lease(site: Site, token: str, run: str) -> Worker:
    """Dial in and wait for the run."""
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
    link = await connect(f"ws://127.0.0.1:{site.port}/ws/worker/", additional_headers=headers, max_size=None)
    await link.send(hello.model_dump_json())
    while (message := json.loads(await link.recv()))["kind"] != "lease":
        pass
    return Worker(link, run, message["lease"])
