"""What every rule is: a sign that must hold for some steps, and the words for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from playground.doctor.case import Block, Case, Row
from playground.doctor.zones import DangerZone


@dataclass
class Sign:
    """A sign with patience: it is told of when it has held for `hold` steps, and gone when it has rested for `rest`."""

    hold: int
    rest: int
    since: int | None = None
    """Step from which on it has been seen."""
    gone: int | None = None
    """Step from which on it has not been seen any more, while it is still on."""
    on: bool = False

    def see(self, first: int, last: int, present: bool) -> None:
        """What the steps from `first` to `last` show."""
        if present:
            self.gone = None
            if self.since is None:
                self.since = first
            self.on = self.on or last + 1 - self.since >= self.hold
        elif not self.on:
            self.since = None
        else:
            if self.gone is None:
                self.gone = first
            if last + 1 - self.gone >= self.rest:
                self.since, self.on = None, False


@dataclass(frozen=True)
class Finding:
    """What is wrong, in words with the numbers in them."""

    title: str
    evidence: str
    fine: str = ""
    """What is still fine."""
    layer: str | None = None
    """The one to look at first."""
    layers: tuple[str, ...] = ()
    """All that show it."""
    value: float | None = None
    """The number that the remedies measure themselves by."""


class Rule(ABC):
    """One thing that can be wrong. Subclasses look at the streams they need and keep `sign` up to date."""

    id: ClassVar[str]
    title: ClassVar[str]
    """As a rule: "Gradients that vanish"."""
    why: ClassVar[str]
    """What happens, for one who has not heard of it."""
    source: ClassVar[str]
    level: ClassVar[Literal["warning", "error"]] = "warning"
    remedies: ClassVar[tuple[str, ...]] = ()
    """Ids, the best first; the first two that can be applied are offered."""
    unless: ClassVar[frozenset[str]] = frozenset()
    """Rules whose open alert explains this one's sign: it then stays silent."""
    hold: ClassVar[int] = 50
    rest: ClassVar[int] = 50
    zones: ClassVar[tuple[DangerZone, ...]] = ()
    """What of this rule's limits a chart of one quantity can show."""
    kept: ClassVar[tuple[str, ...]] = ()
    """Attributes that must survive a restart; plain JSON."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.sign = Sign(self.hold, self.rest)

    def steps(self, block: Block) -> None:
        """Ten rows of "steps"."""

    def layers(self, row: Row) -> None:
        """A row of "layers"."""

    def validation(self, row: Row) -> None:
        """A row of "validation"."""

    @abstractmethod
    def finding(self) -> Finding:
        """The words; asked for when the sign is told of."""

    def since(self) -> int:
        """The step that the trouble began at."""
        return self.sign.since or 0

    def state(self) -> dict[str, Any]:
        """For the checkpoint."""
        sign = self.sign
        return {"sign": [sign.since, sign.gone, sign.on], **{name: getattr(self, name) for name in self.kept}}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.sign.since, self.sign.gone, self.sign.on = state["sign"]
        for name in self.kept:
            setattr(self, name, state[name])
