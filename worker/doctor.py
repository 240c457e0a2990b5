"""Shows the doctor every row on its way into a packet, and hands on the alerts.

Rules are looked at ten steps at a time, not at every step: so they cost a tenth, and find the same at whatever speed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.doctor import Block, Case, Doctor, Row
from playground.doctor.case import BLOCK
from playground.network import Network
from playground.plan import Plan
from playground.protocol import Alert, Failed, Stream, encode
from playground.recipe import Recipe

Values = NDArray[np.float32]
"""[rows, columns]"""


class RoundsOf:
    """The doctor's rounds of one run: rows in, encoded alerts out."""

    def __init__(
        self, plan: Plan, network: Network, recipe: Recipe, streams: list[Stream], steps_per_epoch: int
    ) -> None:
        self._doctor = Doctor(Case(plan, recipe, streams, steps_per_epoch), network)
        self._steps: list[int] = []
        self._rows: list[Values] = []
        """Rows that do not fill a block yet, as they came."""
        self._news: list[Alert] = []

    def saw(self, stream: str, steps: list[int], values: Values) -> None:
        """Rows of a stream, complete, in order."""
        if stream == "steps":
            self._steps += steps
            self._rows.append(values)
            if len(self._steps) >= BLOCK:
                self._look()
            return
        look = self._doctor.layers if stream == "layers" else self._doctor.validation
        for step, row in zip(steps, values.tolist(), strict=True):
            self._news += look(Row(step, row))

    def alerts(self) -> list[bytes]:
        """Records of what was found since the last call."""
        news, self._news = self._news, []
        return [encode(alert) for alert in news]

    def broke_off(self, failed: Failed) -> list[Alert]:
        """The alerts of a run that ends because a number was none: what the last steps before it show, too."""
        rows = np.concatenate(self._rows) if self._rows else np.empty((0, 0), np.float32)
        finite = np.flatnonzero(np.isfinite(rows).all(1))
        if len(finite):
            steps = [self._steps[row] for row in finite]
            self._show(rows[finite], steps)
        news, self._news = self._news, []
        return [*news, *self._doctor.broke_off(failed)]

    def state(self) -> dict[str, Any]:
        """For the checkpoint, as JSON."""
        rows = np.concatenate(self._rows).tolist() if self._rows else []
        return {"steps": self._steps, "rows": rows, "doctor": self._doctor.state()}

    def restore(self, state: dict[str, Any]) -> None:
        self._steps = list(state["steps"])
        self._rows = [np.array(state["rows"], np.float32)] if state["rows"] else []
        self._doctor.restore(state["doctor"])

    def _look(self) -> None:
        values = self._rows[0] if len(self._rows) == 1 else np.concatenate(self._rows)
        whole = len(values) - len(values) % BLOCK
        for start in range(0, whole, BLOCK):
            self._show(values[start : start + BLOCK], self._steps[start : start + BLOCK])
        self._rows, self._steps = [values[whole:]] if whole < len(values) else [], self._steps[whole:]

    def _show(self, values: Values, steps: list[int]) -> None:
        opening = values[0].tolist() if steps[0] == 0 else None
        block = Block(steps[0], steps[-1], values.mean(0).tolist(), values.max(0).tolist(), opening)
        self._news += self._doctor.steps(block)
