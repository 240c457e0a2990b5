"""A second site on the same folder does not start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.webapp.conftest import ROOT, LiveSite
from webapp.one_process import PATIENCE_SECONDS


def test_a_second_site_says_that_there_is_one(live_site: LiveSite) -> None:
    command = [sys.executable, "-c", "import webapp.asgi"]
    second = subprocess.run(
        command,
        env=live_site.environment,
        cwd=Path(ROOT),
        capture_output=True,
        text=True,
        timeout=60 + PATIENCE_SECONDS,
    )
    assert second.returncode == 1
    assert second.stderr.strip().endswith(
        f"Another site runs from {live_site.folder}. Stop it first, or set PLAYGROUND_VAR to another folder."
    )
