"""Addresses that are handed on: a link's, its picture, and pages with what programs show of them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from webapp import pages
from webapp.answers import conditional, etag_of
from webapp.experiments.models import Experiment
from webapp.middleware.headers import CONTENT_POLICY
from webapp.runs.models import Run
from webapp.sharing.models import Publication
from webapp.sharing.preview import LOOK, SIZE, preview_of, words_of
from webapp.sharing.services import link_found, link_opened
from webapp.sharing.shown import Shown
from webapp.viewers import link_remembered, viewer_of

NO_INDEX = "noindex, nofollow"


@dataclass(frozen=True)
class Card:
    """What a program that shows links says of a page (Open Graph)."""

    title: str
    description: str
    url: str
    image: str
    alt: str
    width: int = SIZE[0]
    height: int = SIZE[1]


@require_safe
def shared(request: HttpRequest, link_token: str) -> HttpResponse:
    """A link: notes in the session what it opens, and leads to the page without the token.

    Programs that make previews keep no cookies, so that the page behind would tell them nothing: they get a card here,
    as does every client that does not say that a person goes there (Sec-Fetch-Mode, which browsers send on HTTPS); for
    those the card leads on by itself. Only who goes on counts as having opened the link.
    """
    link = link_found(link_token)
    if link is None or not link.is_live:
        return _not_indexed(_refused(request, 404 if link is None else 410))
    shown = Shown(link.experiment, link.run, link)
    if request.method == "GET" and (request.headers.get("Sec-Fetch-Mode") == "navigate" or "open" in request.GET):
        link_opened(link=link)
        link_remembered(request, link.pk)
        response: HttpResponse = redirect(shown.page)
    else:
        url = reverse("shared", args=[link_token])
        card = _card(request, shown, url, reverse("shared-preview", args=[link_token]))
        response = render(request, "shared.html", {"card": card, "onward": f"{url}?open"})
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return _not_indexed(response)


@require_safe
def shared_preview(request: HttpRequest, link_token: str) -> HttpResponse:
    """The picture of a link."""
    link = link_found(link_token)
    if link is None or not link.is_live:
        return _not_indexed(_refused(request, 404 if link is None else 410))
    return _picture(request, Shown(link.experiment, link.run, link))


@require_safe
def preview(request: HttpRequest, experiment: str, run: str = "") -> HttpResponse:
    """The picture of an experiment's or a run's page, for who may see it."""
    shown = _shown(request, experiment, run)
    return _not_indexed(_refused(request, 404)) if shown is None else _picture(request, shown)


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, experiment: str, run: str = "") -> HttpResponse:
    """An experiment's or a run's page. Search engines are welcome to public ones alone; the card is for programs, which
    have no cookies."""
    shown = _shown(request, experiment, run) if viewer_of(request).owner is None else None
    public = Publication.objects.standing().filter(experiment=experiment).exists()
    card = None
    if shown is not None:
        name, args = ("run-preview", [experiment, run]) if run else ("about-preview", [experiment])
        card = _card(request, shown, request.path, reverse(name, args=args))
    response = pages.app_with(request, {"card": card, "robots": "" if public else NO_INDEX})
    return response if public else _not_indexed(response)


@require_safe
@xframe_options_exempt
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """For a frame on another page: the same script, which shows the little there is room for and can change nothing."""
    response = pages.app_with(request, {"robots": NO_INDEX})
    ancestors = " ".join(settings.EMBED_ANCESTORS) or "'none'"
    response["Content-Security-Policy"] = CONTENT_POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {ancestors}"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _not_indexed(response)


def _shown(request: HttpRequest, experiment: str, run: str) -> Shown | None:
    viewer = viewer_of(request)
    if run:
        found = Run.objects.seen_by(viewer).filter(pk=run, experiment=experiment).first()
        return Shown(found.experiment, found) if found else None
    seen = Experiment.objects.seen_by(viewer).filter(pk=experiment).first()
    return Shown(seen, None) if seen else None


def _card(request: HttpRequest, shown: Shown, url: str, image: str) -> Card:
    title, description, alt = words_of(shown.experiment, shown.run)
    return Card(title, description, request.build_absolute_uri(url), request.build_absolute_uri(image), alt)


def _picture(request: HttpRequest, shown: Shown) -> HttpResponse:
    state = (LOOK, *shown.state())
    made = conditional(
        request,
        etag_of(*state),
        lambda: HttpResponse(preview_of(state, shown.experiment, shown.run), content_type="image/png"),
    )
    made["Cache-Control"] = "private, no-cache"
    made["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _not_indexed(made)


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    return pages.error_page(request, status)


def _not_indexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = NO_INDEX
    return response
