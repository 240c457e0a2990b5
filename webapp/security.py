"""Ways into the API: a browser's session, whose changes carry the page's token, or a member's personal token.

Every operation that tells or changes what is somebody's names one of READ, WRITE and TRAIN as its `auth`: the scope
that a personal token needs. A session has all of them. What is for workers names WORKER. Operations without one ignore
tokens.
"""

from __future__ import annotations

from typing import Literal, get_args

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf

from webapp.problems import Refusal

BROWSER_HEADERS = ("HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE")

Scope = Literal["read", "write", "train"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SCOPE_WORDS: dict[Scope, str] = {
    "read": "See experiments and runs",
    "write": "Save, share and delete experiments and data sets, rename and tag runs",
    "train": "Start, command and delete runs",
}


class Access(HttpAuthBase):
    """Lets a request in: by token with this scope where it carries one, else as whoever its session says."""

    openapi_scheme = "bearer"

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> bool:
        if token := bearer(request.headers.get("Authorization", "")):
            from webapp.accounts.tokens import token_used

            request.api_token = token_used(text=token, scope=self.scope)  # type: ignore[attr-defined]
            return True
        return same_site(request)


class WorkerAccess(HttpAuthBase):
    """Lets a worker in, by its token; a member's token is none."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> bool:
        from webapp.runs.tokens import worker_of

        if worker_of(request.headers.get("Authorization", "")) is None:
            raise Refusal(401, "token", "This is for workers. Send Authorization: Bearer TOKEN with a worker's token.")
        return True


READ, WRITE, TRAIN = Access("read"), Access("write"), Access("train")
WORKER = WorkerAccess()


def check_scope_of(request: HttpRequest, scope: Scope) -> None:
    """For an operation that does more than its one scope says. Raises Refusal (403) where a token may not do that."""
    from webapp.accounts.tokens import check_scope

    token = getattr(request, "api_token", None)
    if token is not None:
        check_scope(token, scope)


def bearer(header: str) -> str:
    """The token of an Authorization header; empty where it has none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def same_site(request: HttpRequest) -> bool:
    """Lets through a browser's change only with the page's token.

    Every browser names where a changing request comes from; a script names nothing, and rides on nobody's cookie.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or not any(name in request.META for name in BROWSER_HEADERS):
        return True
    if check_csrf(request) is not None:
        raise Refusal(
            403, "cross_site", "The request does not come from this site's page. Reload the page and try again."
        )
    return True
