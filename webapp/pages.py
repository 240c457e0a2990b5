"""The pages: one template, on which the editor draws everything."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from webapp.problems import STANDARD

TITLES = {
    400: "That request could not be read",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not that way",
    413: "Too large",
    500: "The site stumbled",
    503: "The page is not built yet",
}


@require_safe
@ensure_csrf_cookie
def app(request: HttpRequest, **place: str) -> HttpResponse:
    """The page. Its script reads the address and asks the API for the rest."""
    if not settings.EDITOR_MANIFEST.is_file():
        return page_of(request, 503, "Its scripts are missing. Run “make bundle”, then start the site again.")
    response = render(request, "app.html")
    response["Cache-Control"] = "no-cache"
    return response


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    _, message = STANDARD.get(status, ("", "The request could not be answered."))
    return page_of(request, status, message)


def page_of(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A page with one title and one sentence, and the way home."""
    title = TITLES.get(status, "That did not work")
    response = render(request, "problem.html", {"title": title, "message": message, "status": status}, status=status)
    response.has_form = True  # type: ignore[attr-defined]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)
