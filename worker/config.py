"""What the agent is told when it starts: arguments first, then environment variables."""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

EXIT_REFUSED = 2
"""Exit status when starting again as it is would be pointless: wrong address, token, version or folder."""


class ConfigError(Exception):
    """What is wrong with an argument, and the way out."""


@dataclass(frozen=True)
class Config:
    """Where the agent dials in and what it may use."""

    socket: str
    """ws:// or wss:// address of the site's worker socket."""
    site: str
    token: str
    name: str
    slots: int
    folder: Path
    executor: str
    keep_seconds: float = 30 * 24 * 3600.0
    """How long the checkpoint of a run that has ended stays, so that it can be gone on with."""
    keep_bytes: int = 4 * 2**30
    """Room for such checkpoints; the oldest go first."""


def read_config(arguments: list[str]) -> Config:
    """Raises ConfigError; exits by itself only for --help and unknown arguments."""
    options = _parser().parse_args(arguments)
    if options.keep_days < 0 or options.keep_gb < 0:
        raise ConfigError("--keep-days and --keep-gb cannot be below 0. Use 0 to keep no checkpoint of ended runs.")
    if options.slots < 1:
        raise ConfigError(f"--slots {options.slots} leaves no room for a run. Use 1 or more.")
    return Config(
        socket=_socket(options.site),
        site=options.site,
        token=_token(options.token),
        name=options.name,
        slots=options.slots,
        folder=options.folder.absolute(),
        executor=options.executor,
        keep_seconds=options.keep_days * 24 * 3600.0,
        keep_bytes=int(options.keep_gb * 2**30),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m worker",
        description="Train for a site: dial in, take runs that wait in its queue, send back what happens inside them.",
        epilog="Train without a site: python -m worker train FILE.json",
    )
    parser.add_argument("--site", default=os.environ.get("PLAYGROUND_SITE", ""), help="such as http://127.0.0.1:8000")
    parser.add_argument("--token", help="or PLAYGROUND_TOKEN, or a file named by PLAYGROUND_TOKEN_FILE")
    parser.add_argument(
        "--name", default=platform.node() or "worker", help="what people see (default: the host's name)"
    )
    parser.add_argument("--slots", type=int, default=1, help="runs trained at the same time (default: 1)")
    parser.add_argument("--folder", type=Path, default=Path("var/worker"), help="for runs (default: %(default)s)")
    parser.add_argument(
        "--keep-days",
        type=float,
        default=30.0,
        help="how long the checkpoints of ended runs stay, so that they can be gone on with (default: %(default)g)",
    )
    parser.add_argument(
        "--keep-gb",
        type=float,
        default=4.0,
        help="room for those checkpoints, the oldest go first (default: %(default)g)",
    )
    parser.add_argument("--executor", choices=["local"], default="local", help="how a run becomes a process")
    return parser


def _socket(site: str) -> str:
    if not site:
        raise ConfigError("No site is named. Add --site http://host:8000 or set PLAYGROUND_SITE.")
    parts = urlsplit(site)
    schemes = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
    if parts.scheme not in schemes or not parts.netloc:
        raise ConfigError(f"'{site}' is not the address of a site. Write it like http://127.0.0.1:8000.")
    return f"{schemes[parts.scheme]}://{parts.netloc}{parts.path.rstrip('/')}/ws/worker/"


def _token(given: str | None) -> str:
    token = given or os.environ.get("PLAYGROUND_TOKEN", "")
    name = os.environ.get("PLAYGROUND_TOKEN_FILE")
    if not token and name:
        try:
            token = Path(name).read_text().strip()
        except OSError as error:
            raise ConfigError(f"The token file {name} cannot be read: {error.strerror}.") from error
    if not token:
        raise ConfigError(
            "No token is given. Add --token TOKEN or set PLAYGROUND_TOKEN; on the site, "
            "`python manage.py worker_token NAME` prints a new one."
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError("The token has characters that no token has. Copy it again, without spaces or line ends.")
    return token
