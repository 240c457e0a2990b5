"""Compression of text answers; numbers and pictures hardly shrink, and are not worth the time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json")


class TextCompressionMiddleware(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.get("Content-Type", "").startswith(TEXT):
            return super().process_response(request, response)
        return response
