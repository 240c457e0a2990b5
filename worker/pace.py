"""How fast a run goes and when it will be done."""

from __future__ import annotations

from collections import deque
from time import perf_counter

from playground.protocol import Progress

WINDOW = 5.0
HERTZ = 2.0


class Pace:
    """Figures over the last 5 seconds, pauses left out."""

    def __init__(self, *, total_steps: int, steps_per_epoch: int, batch_size: int, seconds: float) -> None:
        self._total = total_steps
        self._per_epoch = steps_per_epoch
        self._batch = batch_size
        self._before = seconds
        """Training time of earlier attempts and of this one up to the last pause."""
        self._since: float | None = None
        self._marks: deque[tuple[float, int, float, int]] = deque()
        self._due = 0.0

    def start(self) -> None:
        """The clock runs: at the beginning and after a pause."""
        self._since = perf_counter()
        self._marks.clear()
        self._due = 0.0

    def stop(self) -> None:
        """The clock stands: a pause."""
        self._before, self._since = self.seconds(), None

    def seconds(self) -> float:
        """Training time over all attempts, pauses left out."""
        return self._before + (perf_counter() - self._since if self._since is not None else 0.0)

    def due(self, now: float) -> bool:
        return now >= self._due

    def progress(self, *, now: float, step: int, rate: float, telemetry: float, maps: int) -> Progress:
        """`telemetry`: seconds that looking took so far; `maps`: feature-map pictures made so far."""
        self._due = now + 1 / HERTZ
        self._marks.append((now, step, telemetry, maps))
        while now - self._marks[0][0] > WINDOW:
            self._marks.popleft()
        then, step_then, telemetry_then, maps_then = self._marks[0]
        span = now - then
        speed = (step - step_then) / span if span else 0.0
        return Progress(
            step=step,
            epoch=step / self._per_epoch,
            learning_rate=rate,
            steps_per_second=speed,
            images_per_second=speed * self._batch,
            seconds_left=(self._total - step) / speed if speed else None,
            telemetry_share=min(1.0, (telemetry - telemetry_then) / span) if span else 0.0,
            maps_per_second=(maps - maps_then) / span if span else 0.0,
        )
