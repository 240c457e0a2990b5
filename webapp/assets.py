"""The page's own files: scripts, styles, fonts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class AssetsMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise knows the files that stood there when the site started; one that a new bundle took away is missing."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> Any:
        """The file, or 404 in words."""
        try:
            return WhiteNoiseMiddleware.serve(static_file, request)
        except FileNotFoundError:
            words = "The page was built anew since the site started. Start the site again, then reload the page."
            return HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
