"""Networks as files of other programs over HTTP. Stateless, and open to all; nothing that comes in is run."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Router
from pydantic import BaseModel

from playground.fixes import document
from playground.network import Network
from playground.plan import NotTrainable
from webapp.answers import JSON
from webapp.exchange.onnx_in import read_onnx
from webapp.exchange.onnx_out import onnx_model
from webapp.exchange.refusal import Unsupported
from webapp.experiments.services import network_read
from webapp.json_body import JsonParser
from webapp.limits import MAX_MODEL_BYTES, too_large
from webapp.problems import Refusal

router = Router(tags=["language"])

BYTES = "application/octet-stream"
DOCUMENT_IN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Network"}}},
    },
    "responses": {200: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}},
}
MODEL_IN: dict[str, Any] = {
    "requestBody": {"required": True, "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}
}


class ImportedModel(BaseModel):
    """A model file read as a network."""

    network: Network
    remarks: list[str]
    """What was left out or read in another way, a sentence each."""


@router.post("/onnx", openapi_extra=DOCUMENT_IN)
def onnx(request: HttpRequest) -> HttpResponse:
    """The network as an ONNX model. Weights are inputs behind the image; the document travels in the metadata."""
    network = network_read(JsonParser().parse_body(request), "")
    try:
        model = onnx_model(network)
    except NotTrainable as error:
        raise Refusal(422, "not_trainable", str(error)) from error
    except Unsupported as error:
        raise Refusal(422, "model", str(error)) from error
    name = "".join(letter if letter.isalnum() or letter in "-_. " else "_" for letter in network.name).strip(" .")
    headers = {"Content-Disposition": content_disposition_header(True, f"{name or 'network'}.onnx") or ""}
    return HttpResponse(model, content_type=BYTES, headers=headers)


@router.post("/import", response=ImportedModel, openapi_extra=MODEL_IN)
def import_model(request: HttpRequest, name: str = "") -> HttpResponse:
    """An ONNX model as a network document. Its weights are left out. `name`: of the file."""
    if request.content_type != BYTES:
        raise Refusal(415, "not_bytes", f"Send the file as it is, with the header Content-Type: {BYTES}.")
    data = request.read(MAX_MODEL_BYTES + 1)
    if len(data) > MAX_MODEL_BYTES:
        raise Refusal(413, *too_large("/api/import"))
    try:
        found = read_onnx(data, name)
    except Unsupported as error:
        raise Refusal(422, "model", str(error)) from error
    return HttpResponse(json.dumps({"network": document(found.network), "remarks": found.remarks}), content_type=JSON)
