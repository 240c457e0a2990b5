"""Builders for the site's tests, and a real site in a process of its own."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]


@atexit.register
def _remove_journals() -> None:
    """Django removes the test database, but not the journals that SQLite keeps beside it."""
    test_database = Path(settings.DATABASES["default"]["TEST"]["NAME"])
    for file in test_database.parent.glob(f"{test_database.name}-*"):
        file.unlink(missing_ok=True)


@pytest.fixture
def client() -> Client:
    """A browser's client: keeps cookies, names its origin, and so needs the page's token for changes."""
    return guest()


@pytest.fixture
def bundle(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor's manifest, so that pages are answered."""
    from django_vite.core import asset_loader

    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        json.dumps({"main.tsx": {"file": "assets/main-BxYz1234.js", "src": "main.tsx", "isEntry": True}})
    )
    settings.EDITOR_MANIFEST = manifest
    settings.DJANGO_VITE = {"default": {"static_url_prefix": "editor", "manifest_path": manifest}}
    monkeypatch.setattr(asset_loader.DjangoViteAssetLoader, "_instance", None)


def guest() -> Client:
    return Client(headers={"host": "localhost"})


def small_network(**changes: Any) -> dict[str, Any]:
    """A network that trains on the 8×8 digits."""
    return {
        "format": 1,
        "name": "Small",
        "nodes": [
            {"id": "input", "block": "input", "params": {"channels": 1, "height": 8, "width": 8}},
            {"id": "flat", "block": "flatten"},
            {"id": "head", "block": "dense", "params": {"units": 10}},
            {"id": "output", "block": "output"},
        ],
        "edges": [
            {"source": "input", "target": "flat"},
            {"source": "flat", "target": "head"},
            {"source": "head", "target": "output"},
        ],
    } | changes


def saved(client: Client, **body: Any) -> dict[str, Any]:
    """An experiment of the client's on the small digits, as the API answers it."""
    body = {"network": small_network(), "recipe": {"dataset": "digits"}} | body
    response = client.post("/api/experiments", body, content_type="application/json")
    assert response.status_code == 201, response.content
    return response.json()


def started(client: Client, **body: Any) -> dict[str, Any]:
    """A queued run of the client's, as the API answers it."""
    response = client.post(f"/api/experiments/{saved(client, **body)['id']}/runs")
    assert response.status_code == 201, response.content
    return response.json()


def wait_for(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What the condition gives once it gives something true."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        assert time.monotonic() < deadline, f"Not within {seconds} seconds: {condition}"
        time.sleep(0.02)


@dataclass
class LiveSite:
    """A site in a process of its own, with a folder and a database of its own."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_address(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def python(self, code: str) -> str:
        """Run code with the site's settings and database, in yet another process; gives what it prints."""
        setup = "import django; django.setup()\n"
        command = [sys.executable, "-c", setup + code]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    def answers(self) -> bool:
        assert self.process.poll() is None, "The site has ended."
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def start_site(folder: Path) -> LiveSite:
    """Migrate a database in the folder and serve it by Daphne on a free port."""
    environment = {
        **os.environ,
        "PLAYGROUND_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "webapp.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True, timeout=60)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "webapp.asgi:application"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT)
    site = LiveSite(process, port, folder, environment)
    try:
        wait_for(site.answers, 40)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return site


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One real site for all tests that need sockets; tests make runs of their own in it."""
    site = start_site(tmp_path_factory.mktemp("site"))
    yield site
    site.process.send_signal(signal.SIGTERM)
    try:
        site.process.wait(10)
    except subprocess.TimeoutExpired:
        site.process.kill()
        site.process.wait()
