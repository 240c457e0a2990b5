"""Who may change what: cross-site requests are kept out, things belong to guests."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.utils import check_csrf

from webapp.problems import Refusal

BROWSER_HEADERS = ("HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE")


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
