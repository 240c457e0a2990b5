"""The site's secret is made once, for its owner alone to read."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from webapp.secret import kept_secret


def test_it_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret-key"
    secret = kept_secret(path)
    assert len(secret) >= 50
    assert kept_secret(path) == secret == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_all_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(lambda _: kept_secret(tmp_path / "secret-key"), range(40)))
    assert len(set(secrets)) == 1


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.touch()
    assert kept_secret(path) == path.read_text() != ""
