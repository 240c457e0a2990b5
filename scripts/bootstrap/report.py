"""What the set-up says: a line for each step it does, nothing for a step that is in place."""

import sys
import time

WIDTH = 22  # columns of the step's name


class Progress:
    """One line: the step's name, then how long it takes; a terminal sees the seconds count."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.started = time.monotonic()
        self.shown = -1
        if sys.stdout.isatty():
            self.tick()
        else:
            print(f"{name:<{WIDTH}} …", flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def tick(self) -> None:
        if sys.stdout.isatty() and int(self.seconds) != self.shown:
            self.shown = int(self.seconds)
            self.write(f"{self.shown} s", end="")

    def done(self, word: str = "done") -> None:
        self.write(f"{word}, {self.seconds:.1f} s", end="\n")

    def write(self, text: str, *, end: str) -> None:
        start = "\r\033[K" if sys.stdout.isatty() else ""
        print(f"{start}{self.name:<{WIDTH}} {text}", end=end, flush=True)
