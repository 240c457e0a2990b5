from pathlib import Path

import pytest

from bootstrap import browser
from bootstrap.errors import SetupError
from bootstrap.place import Place
from bootstrap.workbench import Workbench


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_browser_that_cannot_tell_its_version_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", "echo 'requires the chromium snap' >&2; exit 1")
    working = program(tmp_path / "google-chrome", "echo Chrome 150")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.system_browser() == str(working)


def test_a_named_browser_is_taken_and_must_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Workbench(Place(tmp_path), lock=-1)
    named = program(tmp_path / "mine", "exit 0")
    monkeypatch.setenv(browser.VARIABLE, str(named))
    assert browser.ensure_browser(bench) == str(named)
    named.unlink()
    with pytest.raises(SetupError, match=r"mine, which does not run\. Unset it or name a Chromium\.$"):
        browser.ensure_browser(bench)
