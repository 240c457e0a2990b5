"""A Chromium for the browser tests: the system's, else Playwright's, else Debian's package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.errors import CommandError, SetupError
from bootstrap.report import Progress
from bootstrap.workbench import Workbench

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
BROWSER_GB = 1.0
VARIABLE = "PLAYGROUND_BROWSER"  # tests/e2e reads it; unset or empty: Playwright's own browser

WHERE = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"


def ensure_browser(bench: Workbench) -> str:
    """The path of a working browser, installing one where there is none.

    Raises SetupError when none can be had.
    """
    if named := os.environ.get(VARIABLE):
        if not works(named):
            raise SetupError(f"{VARIABLE} names {named}, which does not run. Unset it or name a Chromium.")
        return named
    found = system_browser() or playwright_browser(bench)
    if found is None:
        found = install_playwright_browser(bench) or install_debian_browser(bench)
    if found is None:
        raise SetupError(
            "No browser for the browser tests. Install Chromium or Google Chrome, "
            f"or name one: {VARIABLE}=/path/to/chromium make test."
        )
    return found


def system_browser() -> str | None:
    paths = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in [*paths, str(MAC)] if works(path)), None)


def works(path: str) -> bool:
    """Whether the browser tells its version: Ubuntu's stand-in for the snap and one that lacks libraries do not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwright_browser(bench: Workbench) -> str | None:
    answer = subprocess.run([bench.place.python, "-c", WHERE], capture_output=True, text=True, check=False)
    path = answer.stdout.strip()
    return path if path and works(path) else None


def install_playwright_browser(bench: Workbench) -> str | None:
    commands: list[list[str | Path]] = [[bench.place.python, "-m", "playwright", "install", "chromium"]]
    return playwright_browser(bench) if attempt(bench, "Playwright", commands) else None


def install_debian_browser(bench: Workbench) -> str | None:
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    commands: list[list[str | Path]] = [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    return system_browser() if attempt(bench, "Debian", commands) else None


def attempt(bench: Workbench, source: str, commands: list[list[str | Path]]) -> bool:
    """Whether the commands went well; where they did not, another source may do."""
    bench.ensure_space("The browser for the tests", BROWSER_GB)
    bench.progress = Progress("Test browser")
    try:
        for command in commands:
            bench.command("Test browser", command, {**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    except CommandError:
        bench.progress.done(f"none from {source}")
        return False
    bench.progress.done()
    return True
