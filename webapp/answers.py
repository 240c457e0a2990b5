"""Answers of the API: pydantic models to JSON in one step, and conditional answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseNotModified
from django.utils.http import parse_etags
from pydantic import BaseModel

JSON = "application/json"


def answer(model: BaseModel, status: int = 200) -> HttpResponse:
    return HttpResponse(model.model_dump_json(), status=status, content_type=JSON)


def answer_list(models: Iterable[BaseModel]) -> HttpResponse:
    return HttpResponse(list_json(models), content_type=JSON)


def list_json(models: Iterable[BaseModel]) -> bytes:
    return b"[" + b",".join(model.__pydantic_serializer__.to_json(model) for model in models) + b"]"


def no_content() -> HttpResponse:
    return HttpResponse(status=204)


def etag_of(*parts: object) -> str:
    """A strong ETag for a body that these values determine."""
    return '"' + hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32] + '"'


def conditional(request: HttpRequest, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """304 where the client has this version already, else the answer with its ETag."""
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    response = HttpResponseNotModified() if etag in known else make()
    response["ETag"] = etag
    return response
