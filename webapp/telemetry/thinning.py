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
    """The frames of one kind and layer."""

    count: int = 0
    bytes: int = 0
    """Of all that there are."""
    frames: list[Kept] = field(default_factory=list)
    """The oldest first: all of them, or the newest two where what comes cannot make too many."""
    gone: list[int] = field(default_factory=list)
    """Rows to be deleted."""

    def full(self, most_bytes: int, more: int = 0, more_bytes: int = 0) -> bool:
        """Whether there are too many, or would be with so many more."""
        count = self.count + more
        return count > MOST_FRAMES or (self.bytes + more_bytes > most_bytes and count > 2)

    def take(self, picture: int, step: int, size: int, most_bytes: int) -> None:
        """A newer picture: it replaces the newest, where that is not `spacing` steps from its elder; else it is added,
        and where that makes too many every second one goes, and new ones are kept half as often."""
        frames = self.frames
        spacing = frames[-1].spacing if frames else 0
        frame = Kept(step, spacing, size, picture=picture, born=picture)
        self.bytes += size
        if len(frames) > 1 and frames[-1].step - frames[-2].step < spacing:
            self.bytes -= frames[-1].size
            frame.pk, frame.born = frames[-1].pk, frames[-1].born
            frames[-1] = frame
            return
        frames.append(frame)
        self.count += 1
        if self.full(most_bytes):
            self._thin(frame)

    def _thin(self, newest: Kept) -> None:
        going = self.frames[1:-1:2]
        usual = 2 * (newest.step - self.frames[0].step) // self.count
        newest.spacing = max(1, 2 * newest.spacing, usual)
        del self.frames[1:-1:2]
        self.gone += [frame.pk for frame in going if frame.pk is not None]
        self.count -= len(going)
        self.bytes -= sum(frame.size for frame in going)
