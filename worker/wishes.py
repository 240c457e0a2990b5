"""What the user wants of a live run, as the training loop reads it between two steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from playground.protocol import Command


class Control(Protocol):
    """Where commands come from; worker/control.py has the real one."""

    def poll(self) -> list[Command]:
        """Commands since the last call; next to free where there are none."""
        ...

    def wait(self, seconds: float) -> bool:
        """Sleep until there is a command or the time is over."""
        ...


class NoControl:
    """Nobody commands: `python -m worker train`."""

    def poll(self) -> list[Command]:
        return []

    def wait(self, seconds: float) -> bool:
        return False


class Wishes:
    """Stop, pause and single steps are kept here; everything else goes to `obey` at once."""

    def __init__(self, control: Control, obey: Callable[[Command], None]) -> None:
        self._control = control
        self._obey = obey
        self.stop = False
        self.paused = False
        self.single_steps = 0
        """Steps to do although paused."""
        self.save = False
        """A checkpoint is wanted."""

    def read(self) -> None:
        """Take in what came since the last call."""
        for command in self._control.poll():
            match command.kind:
                case "stop":
                    self.stop = True
                case "pause":
                    self.paused, self.single_steps = True, 0
                case "resume":
                    self.paused, self.single_steps = False, 0
                case "step":
                    self.paused, self.single_steps = True, self.single_steps + 1
                case "checkpoint":
                    self.save = True
                case _:
                    self._obey(command)

    def wait(self, seconds: float) -> None:
        """Sleep until something comes, then take it in."""
        self._control.wait(seconds)
        self.read()

    @property
    def standing(self) -> bool:
        """Paused, with no step left to do."""
        return self.paused and not self.single_steps and not self.stop
