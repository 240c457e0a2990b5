"""One child process a run on this machine, taken from a small pool of warm spares."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from worker.folders import LeaseFolder
from worker.host import MEMORY_SHARE, cores, memory_bytes

log = logging.getLogger(__name__)

RESPAWN_AFTER = 2.0
"""Seconds before a used spare is replaced: importing torch must not slow the first steps of the run that took it."""
LONGEST_PAUSE = 30.0
"""Seconds between tries when spares die before they are used."""


class LocalExecutor:
    """Keeps spares and remembers which of its children trains what."""

    def __init__(self, *, slots: int = 1, spares: int = 1, module: str = "worker.job") -> None:
        self._environment = dict(os.environ, **_share(slots))
        self._wanted = spares
        self._module = module
        self._spares: list[subprocess.Popen[bytes]] = []
        self._jobs: dict[str, subprocess.Popen[bytes]] = {}
        self._taken = -RESPAWN_AFTER

    async def run(self) -> None:
        pause = 1.0
        while self._wanted:
            died = [spare for spare in self._spares if spare.poll() is not None]
            self._spares = [spare for spare in self._spares if spare.poll() is None]
            for spare in died:
                _bury(spare)
            if died:
                log.error("A training process ended before it had work (%s); see above.", _how(died[0].returncode))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            if time.monotonic() - self._taken >= RESPAWN_AFTER:
                while len(self._spares) < self._wanted:
                    self._spares.append(self._spawn())
            await asyncio.sleep(0.1)

    def start(self, folder: LeaseFolder) -> None:
        spare = self._alive_spare() or self._spawn()
        self._taken = time.monotonic()
        self._jobs[str(folder.path)] = spare
        assert spare.stdin is not None
        try:
            spare.stdin.write(f"{folder.path}\n".encode())
            spare.stdin.close()
        except BrokenPipeError:
            log.warning("The training process was gone when its run came.")

    def ended(self, folder: LeaseFolder) -> str | None:
        child = self._jobs.get(str(folder.path))
        if child is None:
            if folder.process() is not None or not folder.close():
                return None
            return _last_words(folder) or "The training process ended while its worker was away."
        if child.poll() is None or not folder.close():
            return None
        del self._jobs[str(folder.path)]
        reason = f"The training process {_how(child.returncode)}."
        folder.exit_file.write_text(reason)
        return reason

    def kill(self, folder: LeaseFolder) -> None:
        child = self._jobs.get(str(folder.path))
        process = child.pid if child is not None and child.poll() is None else folder.process()
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)  # it leads a group of its own, with all that it has started

    def close(self) -> None:
        self._wanted = 0
        for spare in self._spares:
            spare.kill()
            _bury(spare)
        self._spares = []

    def _alive_spare(self) -> subprocess.Popen[bytes] | None:
        while self._spares:
            spare = self._spares.pop(0)
            if spare.poll() is None:
                return spare
            _bury(spare)
        return None

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "worker.executors.spare", self._module]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=sys.stderr, env=self._environment, start_new_session=True
        )


def _bury(process: subprocess.Popen[bytes]) -> None:
    """Let go of a process that has ended or is about to."""
    if process.stdin is not None:
        process.stdin.close()
    process.wait()


def _share(slots: int) -> dict[str, str]:
    """What a job may take of the machine where several run at once; variables that are set already count."""
    if slots == 1:
        return {}
    share = {
        "PLAYGROUND_THREADS": str(max(1, cores() // slots)),
        "PLAYGROUND_MEMORY_BYTES": str(int(MEMORY_SHARE * memory_bytes() / slots)),
    }
    return {name: value for name, value in share.items() if name not in os.environ}


def _how(status: int) -> str:
    """An exit status in words."""
    if status == -signal.SIGKILL:
        return "was killed, by somebody or because memory ran out"
    if status < 0:
        return f"was ended by signal {-status} ({signal.Signals(-status).name})"
    return f"ended with status {status}" if status else "ended"


def _last_words(folder: LeaseFolder) -> str:
    return folder.exit_file.read_text() if folder.exit_file.exists() else ""
