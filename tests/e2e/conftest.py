"""A real site with its own database and a real worker, and a real browser that must stay silent on its console."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page

from benchmarks.running_site import RunningSite, running_site
from tests.e2e.steps import PATIENCE, stop_runs

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of two or three browsers beside a worker takes half a minute on a quiet machine, minutes on a busy one."""
    for item in items:
        if item.path.parent == FOLDER and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def site() -> Iterator[RunningSite]:
    """The whole product, as `make run` starts it."""
    with running_site() as running:
        yield running


@pytest.fixture(scope="session")
def base_url(site: RunningSite) -> str:
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
    """A page whose console stays free of errors and warnings. What it left in training ends with the test."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"exception: {error}"))
    page.set_default_timeout(1000 * PATIENCE)
    yield page
    stop_runs(page)
    assert said == []
