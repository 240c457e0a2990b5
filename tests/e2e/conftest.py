"""A real site with its own database and a real worker, and a real browser that must stay silent on its console."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import ConsoleMessage, Page

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


class Site:
    """`manage.py up` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "up.log"
        environment = {**os.environ, "PLAYGROUND_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "up", "--port", "0"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self.address = self._address()
        self._wait_for_worker()

    def _address(self) -> str:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if found := re.search(r"http://[\d.]+:\d+", self.log.read_text()):
                return found.group()
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"The site did not start:\n{self.log.read_text()}")

    def _wait_for_worker(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(worker["connected"] for worker in httpx.get(f"{self.address}/api/workers").json()):
                return
            time.sleep(0.1)
        raise RuntimeError(f"No worker connected:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole product, as `make run` starts it."""
    running = Site(tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Addresses in the tests start at the site."""
    return site.address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that the set-up found; see scripts/bootstrap/browser.py."""
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    named = os.environ.get("PLAYGROUND_BROWSER")
    return {**browser_type_launch_args, "args": args, **({"executable_path": named} if named else {})}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A laptop's window; no motion to wait for."""
    size = {"width": 1440, "height": 900}
    return {**browser_context_args, "viewport": size, "reduced_motion": "reduce", "accept_downloads": True}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose console stays free of errors and warnings."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"exception: {error}"))
    page.set_default_timeout(20_000)
    yield page
    assert said == []
