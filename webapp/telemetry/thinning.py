"""Which frames of one kind and layer stay: the newest always, older ones evenly, and never too many."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FRAMES = 300


@dataclass(slots=True)
class Kept:
    """A frame as the rule sees it. `pk`: None while it is in no row yet; `picture`: what it shows from now on, a place
    among those that came; None: what it shows already."""

    step: int
    spacing: int
    size: int
    pk: int | None = None
    picture: int | None = None
    born: int = 0
    """Place among those that came of the picture that it was made for; of a row that is there already 0."""


@dataclass(slots=True)
class Series:
    """All frames of one kind and layer, the oldest first."""

    frames: list[Kept] = field(default_factory=list)
    bytes: int = 0
    gone: list[int] = field(default_factory=list)
    """Rows to be deleted."""

    def add(self, frame: Kept) -> None:
        """One that is in a row already."""
        self.frames.append(frame)
        self.bytes += frame.size

    def take(self, picture: int, step: int, size: int, most_bytes: int) -> None:
        """A newer picture: it replaces the newest, where that is not `spacing` steps from its elder; else it is added,
        and where that makes too many every second one goes, and new ones are kept half as often."""
        frames = self.frames
        spacing = frames[-1].spacing if frames else 0
        frame = Kept(step, spacing, size, picture=picture, born=picture)
        if len(frames) > 1 and frames[-1].step - frames[-2].step < spacing:
            replaced = frames.pop()
            self.bytes -= replaced.size
            frame.pk, frame.born = replaced.pk, replaced.born
            self.add(frame)
            return
        self.add(frame)
        if len(frames) > MOST_FRAMES or (self.bytes > most_bytes and len(frames) > 2):
            self._thin(frame)

    def _thin(self, newest: Kept) -> None:
        frames = self.frames
        usual = 2 * (newest.step - frames[0].step) // len(frames)
        newest.spacing = max(1, 2 * newest.spacing, usual)
        going = frames[1:-1:2]
        self.bytes -= sum(frame.size for frame in going)
        self.gone += [frame.pk for frame in going if frame.pk is not None]
        del frames[1:-1:2]
