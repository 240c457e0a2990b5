"""Which networks are kept whose runs have ended, so that they can still be asked: one file each in the worker's folder.

The newest stay; older ones go once there are too many or they take too much room.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from worker.places import write_whole

MOST_NETWORKS = 200
MOST_BYTES = 2 * 1024**3

_RUN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NetworkFolder:
    """Their files. What is in one, worker/remembered_network.py knows: the agent reads none, and does without torch."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> int:
        """Another number whenever a network came or went."""
        try:
            return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def runs(self) -> list[str]:
        """Ids of the runs, the oldest first."""
        return [path.stem for path in self._files()]

    def has(self, run: str) -> bool:
        return self.file(run).is_file()

    def file(self, run: str) -> Path:
        """Raises ValueError for a run id that could leave the folder."""
        if not _RUN.fullmatch(run):
            raise ValueError(f"'{run[:60]}' is not the id of a run.")
        return self.path / f"{run}.safetensors"

    def add(self, run: str, content: bytes) -> None:
        """Keep this one, and let go of the oldest where there is no room."""
        if len(content) > MOST_BYTES:
            return
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self.file(run), lambda file: file.write(content))
        files = self._files()
        sizes = [path.stat().st_size for path in files]
        while len(files) > MOST_NETWORKS or sum(sizes) > MOST_BYTES:
            sizes.pop(0)
            with suppress(FileNotFoundError):
                files.pop(0).unlink()

    def remove(self, run: str) -> None:
        self.file(run).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self.path.glob("*.safetensors"), key=lambda path: path.stat().st_mtime_ns)
