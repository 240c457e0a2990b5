"""Keeps processes running: starts them, starts them again when they die, ends them in order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
RESTARTS = 5
WITHIN_SECONDS = 60.0
"""A process that dies more often than RESTARTS in this time is given up."""


class GivenUp(Exception):
    """A process dies again and again, or says that starting it again is pointless."""


@dataclass
class Child:
    """A process that is kept running. `final` are exit statuses after which it is not started again."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    pass_fds: Sequence[int] = ()
    final: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            pass_fds=self.pass_fds,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends the others in order
            preexec_fn=_die_with(os.getpid()),
        )

    def keep(self) -> None:
        """Start it again if it has died. Raises GivenUp."""
        if self.process is None or self.process.poll() is None:
            return
        status = self.process.returncode
        recent = [moment for moment in self.starts if time.monotonic() - moment < WITHIN_SECONDS]
        if status in self.final:
            raise GivenUp(f"The {self.name} has ended and will not be started again; it said why above.")
        if len(recent) > RESTARTS:
            raise GivenUp(f"The {self.name} died {len(recent)} times within a minute ({_how(status)}).")
        print(f"The {self.name} died ({_how(status)}); starting it again.", file=sys.stderr, flush=True)
        time.sleep(min(2.0, 0.1 * 2 ** len(recent)))
        self.start()

    def end(self, patience: float, hurried: Callable[[], bool]) -> None:
        """Ask it to end; kill it after `patience` seconds, or when `hurried`."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        deadline = time.monotonic() + patience
        while self.process.poll() is None:
            if time.monotonic() > deadline or hurried():
                self.process.kill()
                self.process.wait()
            time.sleep(0.02)


def _die_with(parent: int) -> Callable[[], None]:
    """Run in the child: Linux ends it when its parent is gone, however that went."""

    def prepare() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"
