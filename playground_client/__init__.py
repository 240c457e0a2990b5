"""A client of the playground's API: everything the page does, from a script or a notebook.

    from playground_client import Playground

    site = Playground("https://play.example.org", token="cnn_…")      # or PLAYGROUND_API_TOKEN in the environment
    lenet = site.exhibit("lenet-5", dataset="digits")
    experiment = site.create(lenet.network, lenet.recipe, name="From a notebook")
    run = site.wait(site.start(experiment.id).id)
    print(run.test_accuracy)

Answers are the site's own models (`playground.protocol`); what the site refuses is raised as `PlaygroundError`, with
its words. Nothing but the standard library and the playground's language is needed.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import BaseModel, TypeAdapter, ValidationError

from playground.analysis import Analysis
from playground.fields import FieldSpec
from playground.protocol import (
    BlockView,
    Command,
    DatasetView,
    ExperimentCard,
    ExperimentView,
    GuidelineView,
    Outlook,
    RunPoint,
    RunView,
    WorkerView,
    ZooCard,
    ZooView,
    unpack,
)
from playground.recipe import Recipe
from playground_client.sharing import Sharing

__all__ = ["ENDED", "TOKEN_VARIABLE", "History", "ImportedModel", "Playground", "PlaygroundError"]

TOKEN_VARIABLE = "PLAYGROUND_API_TOKEN"
ENDED = frozenset({"finished", "failed", "stopped"})
"""States of a run that trains no more."""
JSON = "application/json"
BYTES = "application/octet-stream"

StreamName = Literal["steps", "layers", "validation", "training"]
Document = Mapping[str, Any] | BaseModel
"""A network or a recipe: as parsed JSON, or as a model."""
T = TypeVar("T")


class PlaygroundError(Exception):
    """What the site refuses: `message` says what is wrong and what to do, `path` where in the body. `status` 0: it does
    not answer at all."""

    def __init__(self, status: int, code: str, message: str, path: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.path = status, code, message, path


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


@dataclass(frozen=True)
class ImportedModel:
    """A model file read as a network, and what was left out of it, a sentence each."""

    network: dict[str, Any]
    remarks: list[str]


class _SameSite(HTTPRedirectHandler):
    """Follows no redirect: the token must not travel to another site, nor a change become a GET."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Playground(Sharing):
    """A site. Without a token it answers what is open to all: the language of networks, and runs whose address you
    have."""

    def __init__(self, address: str = "http://127.0.0.1:8000", token: str | None = None, timeout: float = 60.0) -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError(f"'{address}' is no address of a site. Give one such as http://127.0.0.1:8000.")
        self.address = address.rstrip("/")
        self.timeout = timeout
        self._token = os.environ.get(TOKEN_VARIABLE, "") if token is None else token
        self._opener = build_opener(_SameSite)

    def __repr__(self) -> str:
        return f"Playground({self.address!r})"

    # The language of networks

    def blocks(self) -> list[BlockView]:
        """Every block with its settings."""
        return self._get("/blocks", list[BlockView])

    def recipe_fields(self) -> list[FieldSpec]:
        """The settings of a training."""
        return self._get("/recipe", list[FieldSpec])

    def guidelines(self) -> list[GuidelineView]:
        """Why each notice about the design is given, and when."""
        return self._get("/guidelines", list[GuidelineView])

    def zoo(self) -> list[ZooCard]:
        """Templates and published networks."""
        return self._get("/zoo", list[ZooCard])

    def exhibit(self, name: str, dataset: str = "") -> ZooView:
        """A network of the zoo with its recipe, as published or scaled for a data set."""
        return self._get(f"/zoo/{quote(name, safe='')}", ZooView, dataset=dataset)

    def datasets(self) -> list[DatasetView]:
        """The data sets, with counts once a worker has reported them."""
        return self._get("/datasets", list[DatasetView])

    def samples(self, dataset: str) -> bytes:
        """Some images of every class, as a PNG."""
        return self._bytes("GET", f"/datasets/{quote(dataset, safe='')}/samples.png")

    def analyse(self, network: Document, *, dataset: str = "", open: Iterable[str] = (), **recipe: Any) -> Analysis:
        """Shapes, costs and notices. `open` names composite blocks whose inside is wanted; `recipe` takes optimiser,
        learning_rate, momentum, initialisation and batch_size."""
        query = {"dataset": dataset, "open": ",".join(open), **recipe}
        return self._send("POST", "/analyse", Analysis, network, query)

    def fix(
        self, network: Document, *, notice: str, node: str = "", dataset: str = "", **recipe: Any
    ) -> dict[str, Any]:
        """The document after the fix of one notice."""
        query = {"notice": notice, "node": node, "dataset": dataset, **recipe}
        return self._send("POST", "/fix", dict[str, Any], network, query)

    def code(self, network: Document) -> str:
        """The network as a standalone PyTorch module."""
        return str(self._send("POST", "/code", dict[str, Any], network)["code"])

    def onnx(self, network: Document) -> bytes:
        """The network as an ONNX file."""
        return self._bytes("POST", "/onnx", network)

    def import_onnx(self, model: bytes, name: str = "") -> ImportedModel:
        """An ONNX file as a network; its weights are left out."""
        found = json.loads(self._bytes("POST", "/import", model, {"name": name}))
        return ImportedModel(found["network"], found["remarks"])

    # Experiments

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
        body = {"network": _plain(network), "recipe": _plain(recipe or {}), "notes": notes}
        if name is not None:
            body["name"] = name
        return self._send("POST", "/experiments", ExperimentView, body)

    def change(self, id: str, version: int, **changes: Any) -> ExperimentView:
        """Save name, notes, network or recipe over the version that you have seen. Raises PlaygroundError (409) where
        another save came between."""
        body = {"version": version, **{name: _plain(value) for name, value in changes.items()}}
        return self._send("PATCH", f"/experiments/{id}", ExperimentView, body)

    def duplicate(self, id: str) -> ExperimentView:
        """A copy without the runs."""
        return self._send("POST", f"/experiments/{id}/duplicate", ExperimentView)

    def delete(self, id: str) -> None:
        """The experiment and its runs."""
        self._bytes("DELETE", f"/experiments/{id}")

    # Runs

    def start(self, experiment: str) -> RunView:
        """Freeze network and recipe as they are saved, and queue a run."""
        return self._send("POST", f"/experiments/{experiment}/runs", RunView)

    def runs(self, dataset: str = "") -> list[RunPoint]:
        """Yours, the newest first: what they cost and how well they did."""
        return self._get("/runs", list[RunPoint], dataset=dataset)

    def run(self, id: str) -> RunView:
        """All of a run but its rows and pictures."""
        return self._get(f"/runs/{id}", RunView)

    def rename_run(self, id: str, name: str) -> RunView:
        return self._send("PATCH", f"/runs/{id}", RunView, {"name": name})

    def delete_run(self, id: str) -> None:
        """A run that is not training, with all it told."""
        self._bytes("DELETE", f"/runs/{id}")

    def command(self, id: str, command: Command) -> RunView:
        """Stop, pause, resume, step, another learning rate, layers or an image to look at."""
        return self._send(
            "POST", f"/runs/{id}/commands", RunView, command.model_dump(exclude_defaults=True) | {"kind": command.kind}
        )

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

    def history(
        self, id: str, stream: StreamName = "steps", *, first: int = 0, last: int | None = None, points: int = 2000
    ) -> History:
        """A stream's rows between two steps in about `points` rows, exact where it has no more."""
        query = {"stream": stream, "from": first, "to": last, "points": points}
        found = self._get(f"/runs/{id}/history", dict[str, Any], **query)
        exact = found.get("values")
        low, high = (exact, exact) if exact is not None else (found["minimum"], found["maximum"])
        return History(found["run"], stream, found["columns"], found["steps"], found["attempts"], low, high)

    def frames(self, id: str, *, step: int | None = None, kind: str | None = None) -> list[bytes]:
        """The newest picture of each kind and layer at or before the step, as records of `playground.protocol`
        (`decode_header` reads what one is)."""
        query = {"step": step, "kind": kind}
        return [bytes(record) for record in unpack(self._bytes("GET", f"/runs/{id}/frames", None, query))]

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

    # The site

    def workers(self) -> list[WorkerView]:
        """The machines that train."""
        return self._get("/workers", list[WorkerView])

    def health(self) -> dict[str, Any]:
        return self._get("/health", dict[str, Any])

    def _get(self, path: str, answer: type[T], **query: Any) -> T:
        return self._send("GET", path, answer, None, query)

    def _send(
        self,
        method: str,
        path: str,
        answer: type[T],
        body: Document | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> T:
        content = self._bytes(method, path, body, query)
        try:
            return TypeAdapter(answer).validate_json(content)
        except ValidationError as error:
            raise PlaygroundError(
                200, "unknown_answer", f"The site's answer does not fit this client. Update the older one. {error}"
            ) from error

    def _bytes(
        self,
        method: str,
        path: str,
        body: Document | bytes | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> bytes:
        asked = {name: value for name, value in (query or {}).items() if value not in (None, "")}
        url = f"{self.address}/api{path}" + (f"?{urlencode(asked)}" if asked else "")
        headers = {"Accept": f"{JSON}, image/png;q=0.9" if not path.endswith("/frames") else BYTES}
        data: bytes | None = None
        if isinstance(body, bytes):
            data, headers["Content-Type"] = body, BYTES
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(_plain(body)).encode(), JSON
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            with self._opener.open(Request(url, data, headers, method=method), timeout=self.timeout) as response:
                content: bytes = response.read()
                return content
        except HTTPError as error:
            raise _problem(error) from None
        except URLError as error:
            message = f"{self.address} does not answer: {error.reason}. Check the address, and that the site runs."
            raise PlaygroundError(0, "unreachable", message) from error


def _plain(value: Any) -> Any:
    """A model as JSON; of a network or recipe only what was given, so that the site's own defaults fill the rest."""
    if isinstance(value, Recipe):
        return value.model_dump(mode="json")
    return value.model_dump(mode="json", exclude_unset=True) if isinstance(value, BaseModel) else value


def _problem(error: HTTPError) -> PlaygroundError:
    with error:
        try:
            told = json.loads(error.read())["error"]
            return PlaygroundError(error.code, told["code"], told["message"], told["path"])
        except (ValueError, KeyError, TypeError):
            return PlaygroundError(error.code, "error", f"The site answered with status {error.code} and no reason.")
