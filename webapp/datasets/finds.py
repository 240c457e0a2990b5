"""What was left out of a data set, and why, as it is found."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from playground.own_data import OwnFinding

SHOWN_FILES = 20


@dataclass
class Finds:
    """Counts of each kind, and the first files of it."""

    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, words: str) -> None:
        self.counts[kind] += 1
        if len(self.files[kind]) < SHOWN_FILES:
            self.files[kind].append(words)

    def findings(self) -> list[OwnFinding]:
        return [
            OwnFinding(
                level=level,  # type: ignore[arg-type]
                message=(one if self.counts[kind] == 1 else many).format(count=self.counts[kind]),
                files=tuple(self.files[kind]),
                count=self.counts[kind],
            )
            for kind, (level, one, many) in _KINDS.items()
            if self.counts[kind]
        ]


_KINDS = {
    "leak": (
        "warning",
        "1 test image is in the training set too, and was left out of the test.",
        "{count:,} test images are in the training set too, and were left out of the test.",
    ),
    "two": (
        "warning",
        "1 image is in two classes; only the first was kept.",
        "{count:,} images are in two classes; only the first of each was kept.",
    ),
    "copy": (
        "note",
        "1 image is a copy of another, and was left out.",
        "{count:,} images are copies of others, and were left out.",
    ),
    "other": (
        "warning",
        "1 file is not an image, and was left out.",
        "{count:,} files are not images, and were left out.",
    ),
    "broken": (
        "warning",
        "1 image cannot be read, and was left out.",
        "{count:,} images cannot be read, and were left out.",
    ),
    "large": (
        "warning",
        "1 image is too large to be decoded, and was left out.",
        "{count:,} images are too large to be decoded, and were left out.",
    ),
    "loose": (
        "warning",
        "1 file lies in no class's folder, and was left out.",
        "{count:,} files lie in no class's folder, and were left out.",
    ),
}
