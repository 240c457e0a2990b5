"""A governor decides when an optional part may run again, so that its cost stays a chosen share of the time."""

from __future__ import annotations

from time import perf_counter


class Governor:
    """At most `hertz` times a second and at most `share` of the time, whatever one turn costs."""

    def __init__(self, hertz: float, share: float) -> None:
        self._pause = 1 / hertz
        self._share = share
        self._due = 0.0

    def due(self, now: float) -> bool:
        """`now` is a perf_counter reading."""
        return now >= self._due

    def spent(self, cost: float, now: float | None = None) -> None:
        """A turn has just ended and took `cost` seconds."""
        now = perf_counter() if now is None else now
        self._due = now - cost + max(self._pause, cost / self._share)

    def hurry(self) -> None:
        """Be due at once, for someone waits."""
        self._due = 0.0
