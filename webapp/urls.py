"""Every address of the site but the sockets, which are in asgi.py."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from webapp import pages
from webapp.administration import site
from webapp.api import api
from webapp.sharing import pages as sharing

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
    path("gallery", pages.app, name="gallery"),
    path("e/<str:experiment>", sharing.page, name="experiment"),
    path("e/<str:experiment>/about", sharing.page, name="about"),
    path("e/<str:experiment>/preview.png", sharing.preview, name="about-preview"),
    path("e/<str:experiment>/runs/<str:run>", sharing.page, name="run"),
    path("e/<str:experiment>/runs/<str:run>/preview.png", sharing.preview, name="run-preview"),
    path("s/<str:link_token>", sharing.shared, name="shared"),
    path("s/<str:link_token>/preview.png", sharing.shared_preview, name="shared-preview"),
    path("embed/<str:key>", sharing.embed, name="embed"),
    path("why", pages.app, name="guidelines"),
    path("why/<str:guideline>", pages.app, name="guideline"),
]
