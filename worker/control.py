"""The user's wishes on their way into the job: a file of commands and a counter that says that there are new ones.

The job looks at the counter once a step, a read of mapped memory (0.1 µs).
The agent may die and come back; the files stay.
"""

from __future__ import annotations

import json
import mmap
import os
import time
from pathlib import Path

from playground.protocol import Command

_LOOK_EVERY = 0.005  # seconds; while paused nothing else uses this process


class ControlReader:
    """The job's end. Reads every command of this attempt, also those sent before it started."""

    def __init__(self, folder: Path) -> None:
        self._commands = folder / "commands.jsonl"
        self._map = _map_counter(folder)
        self._length = memoryview(self._map).cast("Q")
        """[0]: bytes of commands.jsonl that are whole."""
        self._read = 0

    def poll(self) -> list[Command]:
        """Commands since the last call, oldest first."""
        length = self._length[0]
        if length == self._read:
            return []
        with self._commands.open("rb") as file:
            file.seek(self._read)
            lines = file.read(length - self._read).splitlines()
        self._read = length
        return [Command.model_validate(json.loads(line)["command"]) for line in lines]

    def wait(self, seconds: float) -> bool:
        """Sleep until there is a command or the time is over; True if there is one. For a paused job."""
        end = time.monotonic() + seconds
        while self._length[0] == self._read:
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _LOOK_EVERY))
        return True

    def close(self) -> None:
        self._length.release()
        self._map.close()


class ControlWriter:
    """The agent's end; a new agent goes on where a killed one left off."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "commands.jsonl", os.O_RDWR | os.O_CREAT, 0o600)
        written = os.pread(self._file, os.fstat(self._file).st_size, 0)
        whole = written[: written.rfind(b"\n") + 1]
        os.ftruncate(self._file, len(whole))
        self._map = _map_counter(folder)
        self._length = memoryview(self._map).cast("Q")
        self._length[0] = len(whole)
        self.number: int = max((json.loads(line)["number"] for line in whole.splitlines()), default=0)
        """Number of the last command; the site counts them from 1 in each run."""

    def send(self, command: Command, number: int = 0) -> bool:
        """Hand a command to the job. False if this number was sent before; the agent's own commands have none."""
        if number and number <= self.number:
            return False
        line = json.dumps({"number": number, "command": command.model_dump(exclude_defaults=True)}).encode() + b"\n"
        end = self._length[0]
        os.pwrite(self._file, line, end)
        self._length[0] = end + len(line)
        self.number = max(self.number, number)
        return True

    def close(self) -> None:
        self._length.release()
        self._map.close()
        os.close(self._file)


def _map_counter(folder: Path) -> mmap.mmap:
    """One u64 in a file, mapped into every process that opens it."""
    descriptor = os.open(folder / "control", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_size < 8:
            os.ftruncate(descriptor, 8)
        return mmap.mmap(descriptor, 8)
    finally:
        os.close(descriptor)
