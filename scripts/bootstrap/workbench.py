"""One set-up in progress: does the steps that are due and runs their commands under the lock."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap import process
from bootstrap.errors import SetupError
from bootstrap.place import Place
from bootstrap.report import Progress
from bootstrap.steps import Step

GIGABYTE = 10**9


@dataclass
class Workbench:
    """The clone being set up, and the descriptor of the lock that guards it."""

    place: Place
    lock: int
    progress: Progress | None = field(default=None, init=False)

    def ensure(self, step: Step) -> None:
        """Do the step if it is due."""
        if step.is_current():
            return
        self.progress = Progress(step.name)
        try:
            step.perform()
        except BaseException as error:
            self.progress.done("failed" if isinstance(error, Exception) else "broken off")
            raise
        self.progress.done()

    def command(self, step: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
        """Run a command of a step; its output goes to var/log."""
        process.run(
            step,
            command,
            log=self.place.logs / f"setup-{step.lower().replace(' ', '-')}.log",
            cwd=self.place.root,
            env=env,
            tick=self.progress.tick if self.progress else lambda: None,
            keep_open=[self.lock],
        )

    def ensure_space(self, step: str, gigabytes: float, folder: Path | None = None) -> None:
        """Raise SetupError when the disk has less free room than the step will need."""
        free = shutil.disk_usage(folder or self.place.root).free / GIGABYTE
        if free < gigabytes:
            raise SetupError(
                f"{step} need about {gigabytes:g} GB of disk, and {free:.1f} GB are free. "
                "Free some room, then run make again."
            )
