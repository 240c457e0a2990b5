"""Downloads that are made while they are sent, so that no run is ever in memory whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

_END = object()


def download(
    request: HttpRequest, parts: Iterable[bytes], *, name: str, content_type: str, size: int | None = None
) -> HttpResponse:
    """The parts as a file of this name. Each is made when the last was taken; between two, other requests have their
    turn, so that a part must not leave a query open."""
    parts = iter(parts)
    content = _taken(parts) if isinstance(request, ASGIRequest) else parts
    response = StreamingHttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    if size is not None:
        response["Content-Length"] = str(size)
    return response


async def _taken(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """In the thread that has the database; Django would make a list of an ordinary iterator first."""
    take = sync_to_async(lambda: next(parts, _END), thread_sensitive=True)
    while isinstance(part := await take(), bytes):
        yield part
