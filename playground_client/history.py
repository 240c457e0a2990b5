"""Rows of a run as the site gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class History:
    """Rows of one stream of a run. Where a row stands for several, `minimum` and `maximum` differ."""

    run: str
    stream: str
    columns: list[dict[str, str | None]]
    steps: list[int]
    attempts: list[int]
    minimum: list[list[float | None]]
    maximum: list[list[float | None]]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> History:
        exact = told.get("values")
        low, high = (exact, exact) if exact is not None else (told["minimum"], told["maximum"])
        return cls(told["run"], told["stream"], told["columns"], told["steps"], told["attempts"], low, high)

    def series(self, quantity: str, layer: str | None = None) -> list[float | None]:
        """A quantity's values, one for each of `steps`: of the whole network, or of a layer by its id.

        None where it was no number. Where a row stands for several steps, the middle of what they had. Raises KeyError
        for a quantity that the stream does not have.
        """
        place = self._place(quantity, layer)
        pairs = zip(self.minimum[place], self.maximum[place], strict=True)
        return [None if low is None or high is None else (low + high) / 2 for low, high in pairs]

    def _place(self, quantity: str, layer: str | None) -> int:
        for place, column in enumerate(self.columns):
            if (column.get("quantity"), column.get("layer")) == (quantity, layer):
                return place
        known = sorted({str(column.get("quantity")) for column in self.columns})
        raise KeyError(f"“{self.stream}” has no {quantity} of {layer or 'the network'}. It has: {', '.join(known)}.")
