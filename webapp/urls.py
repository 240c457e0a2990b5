"""Every address of the site but the sockets, which are in asgi.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from webapp import pages
from webapp.administration import site
from webapp.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("account/", include("webapp.accounts.urls")),
    path("admin/", site.urls),
    path("", pages.app, name="home"),
    path("new", pages.app, name="new"),
    path("data", pages.app, name="data"),
    path("plane", pages.app, name="plane"),
    path("compare", pages.app, name="compare"),
    path("zoo", pages.app, name="zoo"),
    path("zoo/<str:network>", pages.app, name="exhibit"),
    path("e/<str:experiment>", pages.app, name="experiment"),
    path("e/<str:experiment>/about", pages.app, name="about"),
    path("e/<str:experiment>/runs/<str:run>", pages.app, name="run"),
    path("why", pages.app, name="guidelines"),
    path("why/<str:guideline>", pages.app, name="guideline"),
]
