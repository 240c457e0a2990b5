"""Every error leaves the site in one form: JSON for the API, a quiet page for people; never a stack trace."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from webapp.limits import most_bytes, too_large
from webapp.problems import problem_response, standard_problem

Handler = Callable[[HttpRequest], HttpResponse]


class ProblemMiddleware:
    """Outermost: whatever failed within, Django's own error pages are replaced, in debug mode too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _announced_length(request) > most_bytes(request.path_info):
            response = HttpResponse(status=413)
        else:
            response = self.get_response(request)
        if response.status_code < 400 or _has_form(response):
            return response
        replacement = _replacement(request, response.status_code)
        if "Allow" in response:
            replacement["Allow"] = response["Allow"]
        return replacement


def _announced_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _has_form(response: HttpResponse) -> bool:
    return getattr(response, "has_form", False) or response.get("Content-Type", "").startswith("application/json")


def _replacement(request: HttpRequest, status: int) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        if status == 413:
            return problem_response(status, *too_large(request.path_info))
        return standard_problem(status)
    from webapp.pages import error_page

    return error_page(request, status)
