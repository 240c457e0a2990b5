"""Viewers and live records meet in the memory of one web process; a second one on the same folder would split them."""

from __future__ import annotations

import fcntl
import sqlite3
import sys
import time
from pathlib import Path
from typing import IO

from django.db import connection

_held: list[IO[str] | sqlite3.Connection] = []

PATIENCE_SECONDS = 10.0
"""For a predecessor that is just ending."""


def claim(folder: Path) -> None:
    """Hold the folder's lock while this process lives; ends the process where another holds it."""
    file = (folder / "site.lock").open("a")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _held.append(file)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"Another site runs from {folder}. Stop it first, or set PLAYGROUND_VAR to another folder.")
            time.sleep(0.1)


def keep_database_open() -> None:
    """Hold an idle connection to SQLite: the last one that closes writes the whole journal back, each time."""
    if connection.vendor == "sqlite":
        idle = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
        idle.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        _held.append(idle)
