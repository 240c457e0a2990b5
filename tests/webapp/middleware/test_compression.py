"""Text that is made while it is sent is one gzip file: browsers read no second one behind it."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncRequestFactory

from webapp.middleware.compression import TextCompressionMiddleware

PARTS = [b"step,loss\n", *(b"%d,%d\n" % (step, 3 * step) for step in range(500))]


async def _parts() -> AsyncIterator[bytes]:
    for part in PARTS:
        yield part


async def sent(content_type: str, **headers: str) -> tuple[HttpResponse, bytes]:
    def view(request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(_parts(), content_type=content_type)

    request = AsyncRequestFactory().get("/", headers=headers)
    response = TextCompressionMiddleware(view)(request)
    return response, b"".join([part async for part in response.streaming_content])


async def test_all_parts_are_in_one_gzip_file() -> None:
    response, content = await sent("text/csv", **{"accept-encoding": "br, gzip"})
    assert response["Content-Encoding"] == "gzip" and "Accept-Encoding" in response["Vary"]
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(content) == b"".join(PARTS)
    assert reader.eof and reader.unused_data == b""
    assert len(content) < sum(map(len, PARTS)) / 2


async def test_who_does_not_take_it_and_what_is_no_text_is_sent_as_it_is() -> None:
    for content_type, takes in (("text/csv", "identity"), ("application/zip", "gzip")):
        response, content = await sent(content_type, **{"accept-encoding": takes})
        assert content == b"".join(PARTS) and "Content-Encoding" not in response
