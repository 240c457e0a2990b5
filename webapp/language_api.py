"""The language of networks over HTTP: catalogue, analysis, code. Stateless, and open to all."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import BaseModel

from playground.analysis import Analysis, analyse, fixed
from playground.blocks import CATALOGUE
from playground.codegen import write
from playground.datasets import is_own
from playground.fields import FieldSpec, describe
from playground.guidelines import PAGES
from playground.plan import NotTrainable
from playground.protocol import BlockView, DatasetView, GuidelineView, Problem, ZooCard, ZooView
from playground.recipe import Recipe
from playground.zoo import ZOO, card, find, view
from playground.zoo.scaled import scaled_view
from webapp.answers import JSON, answer, answer_list, conditional, etag_of, list_json
from webapp.datasets.services import record_found
from webapp.datasets.views_of import dataset_views, samples_of
from webapp.experiments.services import dataset_read, network_read, recipe_read
from webapp.json_body import JsonParser
from webapp.problems import Refusal
from webapp.security import READ
from webapp.viewers import viewer_of

router = Router(tags=["language"])

DOCUMENT_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {JSON: {"schema": {"$ref": "#/components/schemas/Network"}}}}
}
PNG_OUT: dict[str, Any] = {"responses": {200: {"content": {"image/png": {}}}}}


class Code(BaseModel):
    code: str
    """Python source."""
    modules: dict[str, str]
    """Where the weights go: the worker's name of each layer that has some, and its module's path in the source."""


class Training(Schema):
    """How the network is to be trained, as far as its analysis depends on it; the recipe's defaults fill the rest."""

    optimiser: str | None = None
    learning_rate: float | None = None
    momentum: float | None = None
    initialisation: str | None = None
    batch_size: int | None = None

    def recipe(self) -> Recipe:
        """Raises Refusal for what the recipe does not take."""
        return recipe_read(self.model_dump(exclude_none=True), "")


class Wants(TypedDict, total=False):
    """What a data set wants of a network's two ends."""

    classes: int
    images: tuple[int, ...]


@cache
def _blocks() -> bytes:
    return list_json(
        BlockView(
            kind=kind,
            label=block.label,
            summary=block.summary,
            formula=block.formula,
            source=block.source,
            category=block.category,
            family=block.family,
            takes=block.takes,
            min_inputs=block.min_inputs,
            max_inputs=block.max_inputs,
            has_output=block.has_output,
            only_one=block.only_one,
            composite=block.composite,
            keywords=list(block.keywords),
            fields=describe(block),
        )
        for kind, block in CATALOGUE.items()
    )


@cache
def _recipe_fields() -> bytes:
    return list_json(describe(Recipe))


@router.get("/blocks", response=list[BlockView])
def blocks(request: HttpRequest) -> HttpResponse:
    """Every block with its settings."""
    return _constant(request, _blocks())


@router.get("/recipe", response=list[FieldSpec])
def recipe(request: HttpRequest) -> HttpResponse:
    """The settings of a training."""
    return _constant(request, _recipe_fields())


@cache
def _zoo() -> bytes:
    return list_json(card(exhibit) for exhibit in ZOO.values())


@cache
def _guidelines() -> bytes:
    return list_json(PAGES.values())


@router.get("/guidelines", response=list[GuidelineView])
def guidelines(request: HttpRequest) -> HttpResponse:
    """Why each notice about the design is given, and when."""
    return _constant(request, _guidelines())


@router.get("/zoo", response=list[ZooCard])
def zoo(request: HttpRequest) -> HttpResponse:
    """Templates and published networks."""
    return _constant(request, _zoo())


@router.get("/zoo/{name}", response=ZooView)
def exhibit(request: HttpRequest, name: str, dataset: str = "") -> HttpResponse:
    """A network of the zoo with its recipe; as published, or scaled for the images and classes of a data set."""
    found = find(name)
    if found is None:
        raise Refusal(404, "not_found", f"There is no network named '{name[:60]}' in the zoo. /api/zoo lists them.")
    return answer(scaled_view(found, dataset_read(dataset)) if dataset else view(found))


@router.get("/datasets", response=list[DatasetView], auth=READ)
def datasets(request: HttpRequest) -> HttpResponse:
    """The data sets; counts and pictures once a worker has reported them."""
    return answer_list(dataset_views(viewer_of(request)))


@router.get("/datasets/{name}/samples.png", auth=READ, openapi_extra=PNG_OUT)
def samples(request: HttpRequest, name: str) -> HttpResponse:
    """Some images of every class, in the tiles that the data set's card describes. Those of somebody's own are for
    whoever sees the data set, or a run that was trained on it."""
    found = samples_of(name, viewer_of(request))
    if found is None and is_own(name):
        raise Refusal(404, "not_found", "There is no such data set among yours. It may have been deleted.")
    if found is None:
        raise Refusal(404, "not_found", "No worker has shown this data set yet. Start a worker that has it.")
    make = lambda: HttpResponse(found.png, content_type="image/png")  # noqa: E731
    return conditional(request, etag_of(name, found.drawn), make)


@router.post("/analyse", response=Analysis, openapi_extra=DOCUMENT_BODY)
def analysis(request: HttpRequest, training: Query[Training], dataset: str = "", open: str = "") -> HttpResponse:
    """Shapes, costs and notices of a network document. `open` names composite blocks whose inside is wanted."""
    network = network_read(JsonParser().parse_body(request), "")
    opened = [name for name in open.split(",") if name]
    return answer(analyse(network, open=opened, recipe=training.recipe(), **_wants(dataset)))


@router.post("/fix", response={200: dict[str, Any], 404: Problem}, openapi_extra=DOCUMENT_BODY)
def fix(
    request: HttpRequest, training: Query[Training], notice: str, node: str = "", dataset: str = ""
) -> HttpResponse:
    """The document after the fix of one notice; analyse gives only the first few with their documents."""
    network = network_read(JsonParser().parse_body(request), "")
    found = fixed(network, notice, node or None, recipe=training.recipe(), **_wants(dataset))
    if found is None:
        raise Refusal(404, "not_found", "The network no longer has this fault. Look at its notices again.")
    return HttpResponse(json.dumps(found.network), content_type=JSON)


@router.post("/code", response=Code, openapi_extra=DOCUMENT_BODY)
def code(request: HttpRequest) -> HttpResponse:
    """The network as a readable, standalone PyTorch module."""
    network = network_read(JsonParser().parse_body(request), "")
    try:
        return answer(Code(code=(written := write(network)).text, modules=written.modules))
    except NotTrainable as error:
        raise Refusal(422, "not_trainable", str(error)) from error


def _wants(dataset: str) -> Wants:
    if not dataset or (is_own(dataset) and record_found(dataset) is None):
        return {}  # a network whose data was deleted can still be looked at and changed
    data = dataset_read(dataset)
    return {"classes": len(data.classes), "images": data.shape}


def _constant(request: HttpRequest, body: bytes) -> HttpResponse:
    return conditional(request, etag_of(body), lambda: HttpResponse(body, content_type=JSON))
