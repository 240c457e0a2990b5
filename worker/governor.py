"""A governor decides when an optional part may run again, so that its cost stays a chosen share of the time."""

from __future__ import annotations

from time import perf_counter


class Governor:
    """At most `hertz` times a second and at most `share` of the time, whatever one turn costs."""

    def __init__(self, hertz: float, share: float, *, in_time: bool = False) -> None:
        """in_time: a late turn does not put off those after it, so that steps of 150 ms, too, give five a second."""
        self._pause = 1 / hertz
        self._in_time = in_time
        self._share = share
        self._due = 0.0

    def due(self, now: float) -> bool:
        """`now` is a perf_counter reading."""
        return now >= self._due

    def spent(self, cost: float, now: float | None = None) -> None:
        """A turn has just ended and took `cost` seconds."""
        now = perf_counter() if now is None else now
        began = now - cost
        next_turn = max(began, self._due + self._pause) if self._in_time else began + self._pause
        self._due = max(next_turn, began + cost / self._share)

    def hurry(self) -> None:
        """Be due at once, for someone waits."""
        self._due = 0.0
