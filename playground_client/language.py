"""The language of networks: blocks, zoo, data sets, analysis, code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from playground.analysis import Analysis
from playground.fields import FieldSpec
from playground.protocol import BlockView, DatasetView, GuidelineView, ZooCard, ZooView
from playground_client.connection import Connection, Document, part


@dataclass(frozen=True)
class ImportedModel:
    """A model file read as a network, and what was left out of it, a sentence each."""

    network: dict[str, Any]
    remarks: list[str]


class Language(Connection):
    """Nothing here changes anything on the site."""

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
        return self._get(f"/zoo/{part(name)}", ZooView, dataset=dataset)

    def datasets(self) -> list[DatasetView]:
        """The data sets, your own among them, with counts once a worker has reported them."""
        return self._get("/datasets", list[DatasetView])

    def samples(self, dataset: str) -> bytes:
        """Some images of every class, as a PNG."""
        return self._bytes("GET", f"/datasets/{part(dataset)}/samples.png")

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
        """The network as an ONNX file, without weights."""
        return self._bytes("POST", "/onnx", network)

    def import_onnx(self, model: bytes, name: str = "") -> ImportedModel:
        """An ONNX file as a network; its weights are left out."""
        found = self._send("POST", "/import", dict[str, Any], model, {"name": name})
        return ImportedModel(found["network"], found["remarks"])
