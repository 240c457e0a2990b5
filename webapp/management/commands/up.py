"""`manage.py up`: database, site and one worker, started together and ended together."""

from __future__ import annotations

import argparse
import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from webapp.local_worker import NAME, local_worker_token
from webapp.supervisor import Child, GivenUp

LATE_SECONDS = 15.0
"""After so long it is told what is waited for."""
READY_SECONDS = 900.0
"""Only a site that hangs takes longer: one that dies is seen at once, and a busy machine may need minutes to start."""
WORKER_SECONDS = 20.0
"""How long the address waits for the worker; it is told afterwards that the worker is late."""
REFUSED = 2
"""A worker's exit status when starting it again would be pointless."""


class Command(BaseCommand):
    help = "Start the site and one worker; Ctrl-C ends both."
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        port = os.environ.get("PORT", "8000")
        parser.add_argument("--port", default=port, help="port of the site; 0 for any that is free (default: 8000)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
        parser.add_argument("--no-worker", action="store_true", help="start the site alone")

    def handle(self, *args: Any, **options: Any) -> None:
        lock = _lock(settings.VAR)
        listener = _listener(options["host"], options["port"])
        address = f"http://{options['host']}:{listener.getsockname()[1]}"
        _write(lock, address)
        _prepare_database()
        site = _site(listener)
        children = [site] if options["no_worker"] else [site, _worker(address)]
        Run(children, address).until_told()


class Run:
    """The processes from their start to their end."""

    def __init__(self, children: list[Child], address: str) -> None:
        self.children = children
        self.address = address
        self.told = 0
        self.announced = self.said_late = False
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._tell)

    def until_told(self) -> None:
        """Keep all of them running until a signal comes. Raises CommandError where that cannot be."""
        started = time.monotonic()
        try:
            for child in self.children:
                child.start()
            while not self.told:
                self._keep(started)
                time.sleep(0.05 if not self.announced else 0.25)
        finally:
            self._end()

    def _keep(self, started: float) -> None:
        for child in tuple(self.children):
            try:
                child.keep()
            except GivenUp as reason:
                if child is self.children[0]:
                    raise CommandError(str(reason)) from reason
                print(f"{reason} The site goes on without it.", file=sys.stderr, flush=True)
                self.children.remove(child)
        if not self.announced:
            self._announce(time.monotonic() - started)

    def _announce(self, waited: float) -> None:
        """Print the address once the site answers and the worker has dialled in."""
        health = _health(self.address)
        if health is None:
            self._say_late(waited)
            return
        wants_worker = len(self.children) > 1
        if wants_worker and not health["workers"] and waited < WORKER_SECONDS:
            return
        self.announced = True
        print(f"\n    The playground is open:  {self.address}/\n", flush=True)
        if wants_worker and not health["workers"]:
            print("    Its worker is still starting; runs wait until it is there.", flush=True)
        print("    Ctrl-C ends it; runs go on from their last checkpoint the next time.\n", flush=True)

    def _say_late(self, waited: float) -> None:
        if waited > READY_SECONDS:
            raise CommandError(
                f"The site runs, but has not answered at {self.address} within {READY_SECONDS / 60:.0f} minutes. "
                "Start it again; if it stays so, look at what it said above."
            )
        if waited > LATE_SECONDS and not self.said_late:
            self.said_late = True
            busy = f"(load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores)"
            print(
                f"    The site is starting, and has not answered yet; a busy machine {busy} takes longer.", flush=True
            )

    def _end(self) -> None:
        """The worker first, so that the site can still take what it has to tell."""
        for child in reversed(self.children):
            child.end(patience=10.0 if child is not self.children[0] else 4.0, hurried=lambda: self.told > 1)

    def _tell(self, number: int, frame: object) -> None:
        self.told += 1


def _site(listener: socket.socket) -> Child:
    """Daphne on a socket that is open already: while the site starts again, browsers wait instead of being refused."""
    listener.set_inheritable(True)
    options = ["--fd", str(listener.fileno()), "-v", "0", "--no-server-name", "--application-close-timeout", "3"]
    limits = ["--websocket_timeout", "-1", "--http-timeout", "60", "--ping-interval", "20", "--ping-timeout", "30"]
    command = [sys.executable, "-m", "daphne", *options, *limits, "webapp.asgi:application"]
    return Child("site", command, pass_fds=(listener.fileno(),))


def _worker(address: str) -> Child:
    token = local_worker_token(settings.VAR)
    command = [
        sys.executable,
        "-m",
        "worker",
        "--site",
        address,
        "--name",
        NAME,
        "--folder",
        str(settings.VAR / "worker"),
    ]
    return Child("worker", command, environment={"PLAYGROUND_TOKEN_FILE": str(token)}, final=(0, REFUSED))


def _lock(folder: Path) -> IO[str]:
    """One playground a folder; the file tells where it is."""
    file = (folder / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        where = file.read().strip() or "another address"
        raise CommandError(
            f"The playground already runs from {folder}, at {where}. "
            "End it first, or set PLAYGROUND_VAR to another folder."
        ) from None
    return file


def _write(lock: IO[str], address: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(address)
    lock.flush()


def _listener(host: str, port: str) -> socket.socket:
    """An open socket. Raises CommandError with one sentence where the port cannot be had."""
    if not port.isdigit() or int(port) > 65535:
        raise CommandError(f"'{port}' is not a port. Use a number from 1 to 65535, or 0 for any that is free.")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
        listener.listen(512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = f'make run ARGS="--port {int(port) + 1}"'
            message = f"Port {port} is in use. Choose another one: {other} (or --port 0 for any that is free)."
            raise CommandError(message) from error
        raise CommandError(
            f"Port {port} on {host} cannot be opened: {error.strerror}. Choose another with --port."
        ) from error
    except socket.gaierror as error:
        raise CommandError(f"There is no address '{host}' on this machine. Use --host 127.0.0.1.") from error
    return listener


def _prepare_database() -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (DatabaseError, OSError) as error:
        name = settings.DATABASES["default"]["NAME"]
        raise CommandError(
            f"The database {name} cannot be used: {error}. Check its folder, its owner and the space left."
        ) from error
    finally:
        connections.close_all()


def _health(address: str) -> dict[str, Any] | None:
    """The site's answer; None while it does not answer."""
    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=2)
    try:
        connection.request("GET", "/api/health")
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
