"""`manage.py up`: one command starts everything, keeps it running, and ends all of it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.core.management.base import CommandError

from tests.webapp.conftest import ROOT, wait_for
from webapp.management.commands.up import LATE_SECONDS, READY_SECONDS, Run

pytestmark = pytest.mark.slow


class Playground:
    def __init__(self, folder: Path, *arguments: str) -> None:
        self.log = folder / "log"
        environment = {**os.environ, "PLAYGROUND_VAR": str(folder), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "up", *arguments]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def port(self) -> int:
        """Once it is open."""

        def opened() -> re.Match[str] | None:
            assert self.process.poll() is None, self.said
            return re.search(r"is open:\s+http://127\.0\.0\.1:(\d+)/", self.said)

        return int(wait_for(opened, 300)[1])

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def health(self, port: int) -> dict | None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/api/health")
            return json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@contextmanager
def playground(folder: Path, *arguments: str) -> Iterator[Playground]:
    running = Playground(folder, *arguments)
    try:
        yield running
    finally:
        running.process.terminate()
        try:
            running.process.wait(30)
        except subprocess.TimeoutExpired:
            running.process.kill()
            running.process.wait()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


def test_site_and_worker_open_come_back_after_being_killed_and_end_together(folder: Path) -> None:
    with playground(folder, "--port", "0") as running:
        port = running.port()
        health = wait_for(lambda: (answer := running.health(port)) and answer["workers"] and answer, 60)
        assert health["status"] == "ok"
        site = next(child for child in running.children() if "daphne" in child.cmdline())
        worker = next(child for child in running.children() if "--site" in child.cmdline())
        site.kill()
        wait_for(lambda: "The site died (killed by SIGKILL); starting it again." in running.said, 30)
        assert wait_for(lambda: running.health(port), 60)["status"] == "ok"
        worker.kill()
        wait_for(lambda: "The worker died (killed by SIGKILL)" in running.said, 30)
        wait_for(lambda: (answer := running.health(port)) and answer["workers"], 90)
        children = running.children()
        begin = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(30) == 0
        assert time.monotonic() - begin < 15
        wait_for(lambda: not any(child.is_running() for child in children), 10)
        assert "Traceback" not in running.said


def test_nothing_stays_behind_when_it_is_killed_itself(folder: Path) -> None:
    with playground(folder, "--port", "0", "--no-worker") as running:
        running.port()
        children = running.children()
        assert children
        running.process.kill()
        running.process.wait()
        wait_for(lambda: not any(child.is_running() for child in children), 20)


def test_a_port_in_use_is_one_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with playground(folder, "--port", str(port)) as running:
            assert running.process.wait(60) == 1
            assert running.said.strip() == (
                f"CommandError: Port {port} is in use. "
                f'Choose another one: make run ARGS="--port {port + 1}" (or --port 0 for any that is free).'
            )


def test_a_second_one_in_the_same_folder_is_told_where_the_first_is(folder: Path) -> None:
    with playground(folder, "--port", "0", "--no-worker") as running:
        port = running.port()
        environment = {**os.environ, "PLAYGROUND_VAR": str(folder)}
        second = subprocess.run(
            [sys.executable, "manage.py", "up", "--port", "0"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert second.returncode == 1
        assert f"The playground already runs from {folder}, at http://127.0.0.1:{port}." in second.stderr


@pytest.mark.parametrize("port", ["many", "70000", "-1"])
def test_what_is_no_port(folder: Path, port: str) -> None:
    with playground(folder, f"--port={port}") as running:
        assert running.process.wait(60) == 1
        assert f"'{port}' is not a port." in running.said


@pytest.fixture
def silent() -> Iterator[Run]:
    """The wait for a site that does not answer: nobody listens there."""
    known = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in known]
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield Run([], f"http://127.0.0.1:{bound.getsockname()[1]}")
    for number, handler in zip(known, before, strict=True):
        signal.signal(number, handler)


def test_a_site_that_is_late_is_waited_for_and_told_of_once(silent: Run, capsys: pytest.CaptureFixture[str]) -> None:
    silent._announce(LATE_SECONDS - 1)
    assert capsys.readouterr().out == ""
    for waited in (LATE_SECONDS + 1, 61, READY_SECONDS - 1):
        silent._announce(waited)
    assert capsys.readouterr().out.count("The site is starting, and has not answered yet; a busy machine (load ") == 1
    with pytest.raises(CommandError, match=rf"not answered at {silent.address} within 15 minutes\. Start it again"):
        silent._announce(READY_SECONDS + 1)
