"""A process that has everything imported and waits for one run.

    python -m worker.executors.spare worker.job < pipe

It reads the path of a lease's folder from standard input. The end of the input before that means that the agent is
gone: it ends too. Once it has a folder it needs nobody; a session of its own keeps the terminal's signals away.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path

from worker.folders import LeaseFolder

NICENESS = 5
"""Below the agent, so that heartbeats get through however busy the machine is."""


def main(module: str) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the agent's to handle
    os.nice(NICENESS)
    job = importlib.import_module(module)
    job.warm_up()
    line = sys.stdin.readline()
    if not line.endswith("\n"):
        return 0
    folder = LeaseFolder(Path(line.rstrip("\n")))
    try:
        folder.live()  # the lock goes with the process
    except (BlockingIOError, FileExistsError):
        return 0
    _step_aside(folder)
    job.run_job(folder.path)
    return 0


def _step_aside(folder: LeaseFolder) -> None:
    """Let go of the agent's terminal and pipes, so that they may close while the job goes on."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(folder.output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nothing)
    os.close(output)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
