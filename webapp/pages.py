"""The pages: one template, on which the editor draws everything."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from webapp.preloads import preloads_of
from webapp.problems import STANDARD

TITLES = {
    400: "That request could not be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not that way",
    410: "No longer shared",
    413: "Too large",
    429: "Too much at once",
    500: "The site stumbled",
    503: "The page is not built yet",
}


@require_safe
@ensure_csrf_cookie
def app(request: HttpRequest, **place: str) -> HttpResponse:
    """The page. Its script reads the address and asks the API for the rest."""
    return app_with(request, {})


def app_with(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, with more in its head."""
    if not settings.EDITOR_MANIFEST.is_file():
        return page_of(request, 503, "Its scripts are missing. Run “make bundle”, then start the site again.")
    page = request.resolver_match.url_name if request.resolver_match else None
    response = render(request, "app.html", {**context, "preloads": preloads_of(page)})
    response["Cache-Control"] = "no-cache"
    return response


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    _, message = STANDARD.get(status, ("", "The request could not be answered."))
    return page_of(request, status, message)


def page_of(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A page with one title and one sentence, and the way home."""
    title = TITLES.get(status, "That did not work")
    return page_with_form(request, "problem.html", {"title": title, "message": message, "status": status}, status)


def page_with_form(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A page that stays as it is, whatever its status: an error in the site's form, or a form filled in wrong."""
    response = render(request, template, context, status=status)
    response.has_form = True  # type: ignore[attr-defined]
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403)
