"""Steps with stamps: one is done again when its inputs have changed, when it was broken off, or its product is gone."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """Something to make, once."""

    name: str
    inputs: tuple[Path | str, ...]  # files, folders and plain words that the product depends on
    product: Path
    stamp: Path  # beside the product where it can be, so that both go together
    action: Callable[[], None]

    def is_current(self) -> bool:
        try:
            written = self.stamp.read_text(encoding="utf-8")
        except OSError:
            return False
        return self.product.exists() and written == fingerprint(self.inputs)

    def perform(self) -> None:
        """Do the step; only success leaves a stamp."""
        before = fingerprint(self.inputs)  # an input edited meanwhile makes the step due again
        self.stamp.unlink(missing_ok=True)
        self.action()
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(before, encoding="utf-8")


def fingerprint(inputs: Iterable[Path | str]) -> str:
    """A hash of the words, and of the names and contents of the files."""
    digest = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            digest.update(f"word {len(item)} {item}\n".encode())
            continue
        for path in sorted(files(item)):
            content = path.read_bytes()
            digest.update(f"file {path.relative_to(item.parent)} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def files(path: Path) -> Iterable[Path]:
    """The file itself, or all files in the folder, save the system's and editors' hidden ones."""
    if path.is_file():
        return [path]
    return (file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
