import os
import time
from pathlib import Path

import pytest

from bootstrap import process
from bootstrap.errors import CommandError


def test_output_goes_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log" / "step.log"
    process.run("Step", ["sh", "-c", "echo out; echo err >&2"], log=log, cwd=tmp_path)
    assert log.read_text() == "out\nerr\n"


def test_a_missing_command_is_an_error_of_the_step(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"^Step failed"):
        process.run("Step", ["no-such-command"], log=tmp_path / "log", cwd=tmp_path)


def test_an_interrupt_ends_the_command_and_what_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"

    def interrupt() -> None:
        if child.exists() and child.read_text().strip():
            raise KeyboardInterrupt

    script = f"sleep 1000 & echo $! > {child}; wait"
    with pytest.raises(KeyboardInterrupt):
        process.run("Step", ["sh", "-c", script], log=tmp_path / "log", cwd=tmp_path, tick=interrupt)
    assert gone(int(child.read_text()))


def gone(number: int) -> bool:
    """Whether the process ends within seconds; one that nobody has waited for counts as ended."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(number, 0)
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False
