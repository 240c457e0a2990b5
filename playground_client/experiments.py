"""Experiments: saving, versions and differences; twins, sweeps and the batches of runs that they start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playground.about import (
    AboutView,
    BatchView,
    DifferenceView,
    Pair,
    SweepForm,
    SweepPlan,
    TwinOffer,
    VersionCard,
    VersionView,
)
from playground.protocol import ExperimentCard, ExperimentView
from playground.sweep import Axis
from playground_client.connection import Connection, Document, plain

Axes = Iterable[Axis | Mapping[str, Any]]
"""Settings with their values: {"field": "learning_rate", "values": [0.1, 0.01]}, or low, high, count and scale."""


class Experiments(Connection):
    """Yours, by their ids."""

    def experiments(self) -> list[ExperimentCard]:
        """Yours, the last changed first."""
        return self._get("/experiments", list[ExperimentCard])

    def experiment(self, id: str) -> ExperimentView:
        """One with its runs."""
        return self._get(f"/experiments/{id}", ExperimentView)

    def create(
        self, network: Document, recipe: Document | None = None, *, name: str | None = None, notes: str = ""
    ) -> ExperimentView:
        """Save a network; of the recipe only what differs from its defaults is needed."""
        body = {"network": plain(network), "recipe": plain(recipe or {}), "notes": notes}
        if name is not None:
            body["name"] = name
        return self._send("POST", "/experiments", ExperimentView, body)

    def change(self, id: str, version: int, **changes: Any) -> ExperimentView:
        """Save name, notes, network or recipe over the save that you have seen (`experiment.version`). Raises
        PlaygroundError (409) where another save came between."""
        body = {"version": version, **{name: plain(value) for name, value in changes.items()}}
        return self._send("PATCH", f"/experiments/{id}", ExperimentView, body)

    def duplicate(self, id: str) -> ExperimentView:
        """A copy without the runs."""
        return self._send("POST", f"/experiments/{id}/duplicate", ExperimentView)

    def delete(self, id: str) -> None:
        """The experiment and its runs."""
        self._bytes("DELETE", f"/experiments/{id}")

    # Its past, and its relatives

    def about(self, id: str) -> AboutView:
        """An experiment in words, with its runs, batches, parent and forks."""
        return self._get(f"/experiments/{id}/about", AboutView)

    def versions(self, id: str) -> list[VersionCard]:
        """The newest first. Saves within minutes are one version, unless a run or a fork refers to it."""
        return self._get(f"/experiments/{id}/versions", list[VersionCard])

    def version(self, id: str, number: int) -> VersionView:
        """Network and recipe as they were."""
        return self._get(f"/experiments/{id}/versions/{number}", VersionView)

    def revert(self, id: str, number: int, version: int) -> ExperimentView:
        """Go back to a version; that is a version of its own. `version` counts saves, as for `change`."""
        return self._send("POST", f"/experiments/{id}/versions/{number}/revert", ExperimentView, {"version": version})

    def difference(
        self, id: str, *, version: int | None = None, other: str = "", other_version: int | None = None
    ) -> DifferenceView:
        """From the experiment `other` (else this one) at `other_version` to this one at `version`; without a number as
        it is now."""
        query = {"version": version, "other": other, "other_version": other_version}
        return self._get(f"/experiments/{id}/difference", DifferenceView, **query)

    # Several runs from one press

    def twins(self, id: str) -> list[TwinOffer]:
        """The twins that can be made: what each changes and costs."""
        return self._get(f"/experiments/{id}/twins", list[TwinOffer])

    def train_twins(self, id: str, kind: str, option: str = "") -> Pair:
        """Save a twin by its offer's kind and option, and queue a run of each with one seed."""
        return self._send("POST", f"/experiments/{id}/twins", Pair, {"kind": kind, "options": {"to": option}})

    def sweep_form(self, id: str) -> SweepForm:
        """What can be swept, with the values now."""
        return self._get(f"/experiments/{id}/sweep", SweepForm)

    def plan_sweep(self, id: str, axes: Axes = (), *, seeds: int = 1) -> SweepPlan:
        """The runs that a sweep would make, and what they cost; `problem` says why there are none."""
        return self._sweep(id, axes, seeds, dry_run=True)

    def sweep(self, id: str, axes: Axes = (), *, seeds: int = 1) -> SweepPlan:
        """Queue a run for every setting of up to two axes and every seed; the answer's `batch` holds them."""
        return self._sweep(id, axes, seeds, dry_run=False)

    def batch(self, id: str) -> BatchView:
        """The runs of a pair of twins or a sweep, in the order they were queued."""
        return self._get(f"/batches/{id}", BatchView)

    def cancel(self, id: str) -> BatchView:
        """Stop what waits of a batch; runs that train go on."""
        return self._send("POST", f"/batches/{id}/cancel", BatchView)

    def _sweep(self, id: str, axes: Axes, seeds: int, *, dry_run: bool) -> SweepPlan:
        body = {"axes": [plain(axis) for axis in axes], "seeds": seeds, "dry_run": dry_run}
        return self._send("POST", f"/experiments/{id}/sweep", SweepPlan, body)
