"""Every route of the site, found in the URLconf and in the API's operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from webapp.api import api


def operations() -> Iterator[tuple[str, str, Any]]:
    """Method, path and operation of everything the API takes."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            whole = "/api/" + "/".join(part.strip("/") for part in (router.prefix, path) if part.strip("/"))
            for operation in view.operations:
                for method in operation.methods:
                    yield method, whole, operation


def routes() -> set[str]:
    """As "METHOD /path/{argument}"; what is not the API's takes GET and POST, or says that it does not."""
    found = {f"{method} {path}" for method, path, _ in operations()}
    for path in _paths(get_resolver()):
        if not path.startswith("/api/") or path in {"/api/docs", "/api/openapi.json", "/api/"}:
            found |= {f"GET {path}", f"POST {path}"}
    return found


def _paths(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        text = str(entry.pattern)
        text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"{\1}", text).removeprefix("^").removesuffix("$")
        text = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text)
        if isinstance(entry, URLPattern):
            yield before + text
        else:
            yield from _paths(entry, before + text)
