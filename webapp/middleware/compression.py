"""Compression of text answers; numbers and pictures hardly shrink, and are not worth the time."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, AsyncIterator

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TEXT = ("text/", "application/json")
LEVEL = 5
GZIP = 16 + zlib.MAX_WBITS
"""For zlib: with gzip's head and sum."""


class TextCompressionMiddleware(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.get("Content-Type", "").startswith(TEXT):
            return response
        if response.streaming and response.is_async:
            return _as_one_stream(request, response)
        return super().process_response(request, response)


def _as_one_stream(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Django makes each part a gzip file of its own, of which browsers read the first alone."""
    patch_vary_headers(response, ("Accept-Encoding",))
    if "gzip" not in request.headers.get("Accept-Encoding", "") or response.has_header("Content-Encoding"):
        return response
    response.streaming_content = _compressed(response.streaming_content)
    response.headers["Content-Encoding"] = "gzip"
    if response.has_header("Content-Length"):
        del response.headers["Content-Length"]
    return response


async def _compressed(parts: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    async for part in parts:
        if packed := packer.compress(part):
            yield packed
    yield packer.flush()
