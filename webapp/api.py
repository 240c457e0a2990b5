"""The API: its rooms put together, and every error in one form. /api/docs describes it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError
from pydantic import BaseModel

from webapp import language_api
from webapp.answers import answer
from webapp.compare import api as compare_api
from webapp.datasets import api as datasets_api
from webapp.exchange import api as exchange_api
from webapp.exchange import run_api
from webapp.experiments import about_api
from webapp.experiments import api as experiments_api
from webapp.json_body import JsonParser
from webapp.openapi import Described
from webapp.problems import Refusal, problem_response, standard_problem
from webapp.runs import api as runs_api
from webapp.runs import batches_api, connections
from webapp.runs.models import HELD, Run
from webapp.sharing import api as sharing_api
from webapp.text import path_of

api = Described(
    title="CNN playground",
    version="1",
    description=(
        "Build, analyse and train convolutional networks. Every refusal is `{error: {code, message, path}}`, in words "
        "for people. Scripts send a personal token: `Authorization: Bearer TOKEN`; `playground_client` in the "
        "repository does it for Python."
    ),
    parser=JsonParser(),
)
api.add_router("", language_api.router)
api.add_router("", exchange_api.router)
api.add_router("/experiments", experiments_api.router)
api.add_router("/experiments", about_api.router)
api.add_router("", runs_api.router)
api.add_router("", run_api.router)
api.add_router("", batches_api.router)
api.add_router("", datasets_api.router)
api.add_router("", compare_api.router)
api.add_router("", sharing_api.router)


class Health(BaseModel):
    status: str
    workers: int
    """Connected to this site."""
    waiting: int
    training: int


@api.get("/health", response=Health, tags=["site"])
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer, and who trains."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return answer(
        Health(
            status="ok",
            workers=len(connections.connected()),
            waiting=Run.objects.waiting().count(),
            training=Run.objects.filter(state__in=HELD).count(),
        )
    )


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    return problem_response(error.status, error.code, error.message, error.path)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The first thing that does not fit, with its path in the body or the name of the query's value."""
    first: dict[str, Any] = error.errors[0]
    place, *rest = first["loc"]
    path = path_of(rest[1:] if place == "body" else rest)
    message = str(first["msg"]).removeprefix("Value error, ")
    return problem_response(422, "value", f"{path or 'The body'}: {message}.", path)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):  # the body could not be parsed, and the parser said why
        return _refusal(request, error.__cause__)
    return standard_problem(error.status_code)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return standard_problem(404)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return standard_problem(413)


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> NoReturn:
    raise error  # Django logs it, the outermost middleware answers
