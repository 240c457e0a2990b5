"""Where things lie in a clone."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """The folder of one clone, and the paths in it that the steps make."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def bundle(self) -> Path:
        return self.root / "static" / "editor"

    @property
    def logs(self) -> Path:
        return self.root / "var" / "log"

    @property
    def stamps(self) -> Path:
        return self.root / "var" / "setup"

    def lock(self, group: str) -> Path:
        """The pinned versions of a group of Python packages: run, test or node."""
        return self.root / "requirements" / f"{group}.lock"


HERE = Place(Path(__file__).resolve().parent.parent.parent)
