"""What /api/openapi.json tells beyond what ninja finds out: a summary of each operation, the scope that a token needs,
and every way in which the operation refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from playground.protocol import Problem
from webapp.security import Access, WorkerAccess

REFUSALS = {
    400: "The request could not be read.",
    401: "The token is not known, or was revoked.",
    403: "It is somebody else's, or the token has another scope.",
    404: "There is no such thing, or it is not yours to see.",
    409: "It cannot be done now: something changed meanwhile, or a run is in another state.",
    413: "The request is too large.",
    415: "The body has another type than the one that is read.",
    416: "The file ends before the range begins.",
    422: "A value does not fit; `path` says which.",
    429: "You have no more room: `message` says of what, and what to do.",
    507: "The site's disk is full.",
}
TOKEN = "token"
WORKER_TOKEN = "worker"
PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


class Described(NinjaAPI):
    """The API with its refusals in its description, which is made once: it takes a second, and never changes."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = self._describe(prefix, path_params)
        return self._described[prefix]

    def _describe(self, path_prefix: str, path_params: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        found = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components = schema["components"]
        components["schemas"] |= {**found.pop("$defs", {}), "Problem": found}
        components["securitySchemes"] = {
            TOKEN: {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal token from your account's page. Without one you are who your cookie says.",
            },
            WORKER_TOKEN: {
                "type": "http",
                "scheme": "bearer",
                "description": "A worker's token, made by `python manage.py worker_token NAME`.",
            },
        }
        for operation, details in self._operations(schema):
            _complete(operation, details)
        return schema

    def _operations(self, schema: dict[str, Any]) -> Iterator[tuple[Operation, dict[str, Any]]]:
        told = {(method, path): details for path, ways in schema["paths"].items() for method, details in ways.items()}
        found = {details["operationId"]: details for details in told.values()}
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                for operation in view.operations:
                    name = operation.operation_id or self.get_openapi_operation_id(operation)
                    yield operation, found[name]


def _complete(operation: Operation, details: dict[str, Any]) -> None:
    words: str = details.get("description", "")
    details["summary"] = summary_of(words)
    access = next((auth for auth in operation.auth_callbacks if isinstance(auth, Access)), None)
    if access:
        details["security"] = [{}, {TOKEN: []}]
        details["description"] = f"{words}\n\nScope of a token: `{access.scope}`."
    if _for_workers(operation):
        details["security"] = [{WORKER_TOKEN: []}]
    for status in sorted(refusals_of(operation, details, access)):
        told = {"description": REFUSALS[status], "content": PROBLEM}
        details["responses"] = {**details["responses"], status: told}


def _for_workers(operation: Operation) -> bool:
    return any(isinstance(auth, WorkerAccess) for auth in operation.auth_callbacks)


def summary_of(words: str) -> str:
    """The first sentence, without its full stop."""
    return re.split(r"(?<=[^.])\.(?:\s|$)|:\s", " ".join(words.split()), maxsplit=1)[0]


def refusals_of(operation: Operation, details: dict[str, Any], access: Access | None) -> set[int]:
    """Statuses with which the operation may refuse."""
    statuses: set[int] = set()
    changes = not set(operation.methods) <= {"GET", "HEAD"}
    if details.get("parameters"):
        statuses |= {422}
    if any(parameter["in"] == "path" for parameter in details.get("parameters", [])):
        statuses |= {404}
    if "requestBody" in details:
        statuses |= {400, 413, 415, 422}
    if access:
        statuses |= {401, 403}
    if _for_workers(operation):
        statuses |= {401}
    if access and changes:
        statuses |= {409, 429}
    statuses |= set(operation.response_models) & set(REFUSALS)
    return statuses
