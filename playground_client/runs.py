"""Runs: start, find, watch, command, compare."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from playground.protocol import (
    Begun,
    Command,
    Comparison,
    Outlook,
    Profiles,
    RunPoint,
    RunView,
    StreamName,
    TagCount,
    unpack,
)
from playground_client.connection import Connection, Document, plain
from playground_client.history import History

ENDED = frozenset({"finished", "failed", "stopped"})
"""States of a run that trains no more."""
PAGE = 200
"""Runs that are asked for at once."""


class Runs(Connection):
    """Whoever has a run's id may look at it; to command it, it must be yours."""

    def start(self, experiment: str) -> RunView:
        """Freeze network and recipe as they are saved, and queue a run."""
        return self._send("POST", f"/experiments/{experiment}/runs", RunView)

    def train(
        self, network: Document, recipe: Document | None = None, *, name: str | None = None, notes: str = ""
    ) -> Begun:
        """Save a network as a new experiment and queue a run of it, in one: all of it or nothing."""
        new = {"network": plain(network), "recipe": plain(recipe or {}), "notes": notes}
        if name is not None:
            new["name"] = name
        return self._send("PUT", f"/runs/{secrets.token_hex(16)}", Begun, {"new": new})

    def runs(
        self,
        dataset: str = "",
        *,
        words: str = "",
        experiment: str = "",
        tag: str = "",
        states: Iterable[str] = (),
        sort: str = "-created",
        most: int | None = None,
    ) -> list[RunPoint]:
        """Yours, the newest first: what they cost and how well they did.

        Each of `words` stands in the run's name, its experiment's or a tag. `sort`: created, name, number, experiment,
        dataset, state, error, parameters, macs, step or seed; the largest first with a minus before it.
        """
        query = {
            **{"dataset": dataset, "q": words, "experiment": experiment, "tag": tag, "state": ",".join(states)},
            **{"sort": sort, "limit": PAGE if most is None else max(1, min(most, PAGE))},
        }
        return self._pages("/runs", list[RunPoint], most, query)

    def run(self, id: str) -> RunView:
        """All of a run but its rows and pictures."""
        return self._get(f"/runs/{id}", RunView)

    def rename_run(self, id: str, name: str) -> RunView:
        return self._send("PATCH", f"/runs/{id}", RunView, {"name": name})

    def tag_run(self, id: str, tags: Iterable[str]) -> RunView:
        """Put exactly these tags on the run."""
        return self._send("PATCH", f"/runs/{id}", RunView, {"tags": list(tags)})

    def tags(self) -> list[TagCount]:
        """The tags on your runs, and how many carry each."""
        return self._get("/tags", list[TagCount])

    def delete_run(self, id: str) -> None:
        """A run that is not training, with all it told."""
        self._bytes("DELETE", f"/runs/{id}")

    # While it trains, and after

    def command(self, id: str, command: Command) -> RunView:
        """Stop, pause, resume, step, another learning rate, layers or an image to look at."""
        body = command.model_dump(exclude_defaults=True) | {"kind": command.kind}
        return self._send("POST", f"/runs/{id}/commands", RunView, body)

    def stop(self, id: str) -> RunView:
        return self.command(id, Command(kind="stop"))

    def remedy(self, id: str, alert: str, remedy: str) -> RunView:
        """Train a twin of the run with the one change that an alert offers."""
        return self._send("POST", f"/runs/{id}/remedy", RunView, {"alert": alert, "remedy": remedy})

    def outlook(self, id: str, epochs: int | None = None, rate: float | None = None) -> Outlook:
        """What training so many more epochs would do, where the run has ended."""
        return self._get(f"/runs/{id}/continuation", Outlook, epochs=epochs, rate=rate)

    def go_on(self, id: str, epochs: int, *, rate: float | None = None, anew: bool = False) -> RunView:
        """Train an ended run for more epochs; `anew` agrees that all is trained again where no checkpoint is left."""
        return self._send("POST", f"/runs/{id}/continuation", RunView, {"epochs": epochs, "rate": rate, "anew": anew})

    def wait(
        self,
        id: str,
        *,
        seconds: float | None = None,
        every: float = 1.0,
        tell: Callable[[RunView], object] | None = None,
    ) -> RunView:
        """Until the run has ended; `tell` gets it each time it is looked at. Raises TimeoutError after `seconds`."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            run = self.run(id)
            if tell:
                tell(run)
            if run.state in ENDED:
                return run
            if deadline is not None and time.monotonic() > deadline:
                why = f" {run.waiting_for}" if run.waiting_for else ""
                raise TimeoutError(f"The run is {run.state} after {seconds:g} seconds.{why}")
            time.sleep(every)

    # What it told

    def history(
        self, id: str, stream: StreamName = "steps", *, first: int = 0, last: int | None = None, points: int = 2000
    ) -> History:
        """A stream's rows between two steps in about `points` rows, exact where it has no more."""
        query = {"stream": stream, "from": first, "to": last, "points": points}
        return History.read(self._get(f"/runs/{id}/history", dict[str, Any], **query))

    def frames(self, id: str, *, step: int | None = None, kind: str | None = None) -> list[bytes]:
        """The newest picture of each kind and layer at or before the step, as records of `playground.protocol`
        (`decode_header` reads what one is)."""
        query = {"step": step, "kind": kind}
        return [bytes(record) for record in unpack(self._bytes("GET", f"/runs/{id}/frames", None, query))]

    def recording(self, id: str, *, first: int = 0) -> list[bytes]:
        """All that the run's page shows, as records of `playground.protocol`: the rows of its streams from a step on,
        summed up where they are many, and the newest picture of each kind and layer."""
        query = dict.fromkeys(("steps", "layers", "validation", "training"), first)
        return [bytes(record) for record in unpack(self._bytes("GET", f"/runs/{id}/recording", None, query))]

    def compare(self, runs: Iterable[str]) -> Comparison:
        """Up to 20 runs held against the first of them: figures, settings, differences in words, seeds taken together,
        and the best for their cost."""
        return self._get("/compare", Comparison, runs=",".join(runs))

    def curves(self, runs: Iterable[str], stream: StreamName = "validation", *, points: int = 800) -> list[History]:
        """A stream of up to 20 runs at once, in their order."""
        query = {"runs": ",".join(runs), "stream": stream, "points": points}
        return [History.read(told) for told in self._get("/compare", dict[str, Any], **query)["curves"]]

    def profiles(self, runs: Iterable[str], step: int | None = None) -> Profiles:
        """How the layers of up to 20 runs stood at a step, else at the end: gradients, updates and dead units."""
        return self._get("/compare/profiles", Profiles, runs=",".join(runs), step=step)
