"""Commands: their output goes to a log, and an interrupt ends them and all they started."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bootstrap.errors import CommandError

PATIENCE = 5.0  # seconds between asking a command to end and ending it


def run(
    step: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    tick: Callable[[], None] = lambda: None,
    keep_open: Sequence[int] = (),
) -> None:
    """Run a command to its end; `tick` is called about twice a second meanwhile.

    `keep_open` are file descriptors that the command holds open too: the lock of the set-up stays taken
    while anything that the set-up started still lives.
    Raises CommandError when it ends badly.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env={**(os.environ if env is None else env), "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=tuple(keep_open),
            )
        except OSError as error:
            raise CommandError(step, log, f"{command[0]}: {error.strerror}") from error
        status = wait(process, tick)
    if status != 0:
        raise CommandError(step, log, log.read_text(encoding="utf-8", errors="replace"))


def wait(process: "subprocess.Popen[bytes]", tick: Callable[[], None]) -> int:
    """The command's exit status; whatever breaks off the wait ends the command's whole group."""
    try:
        while True:
            try:
                return process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                tick()
    except BaseException:
        end_group(process)
        raise


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """Ask every process of the command's group to end, then end it."""
    deadline = time.monotonic() + PATIENCE
    if signal_group(process.pid, signal.SIGTERM):
        while time.monotonic() < deadline and signal_group(process.pid, 0):
            process.poll()
            time.sleep(0.05)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()


def signal_group(group: int, number: int) -> bool:
    """Whether the group still had a process to signal."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
