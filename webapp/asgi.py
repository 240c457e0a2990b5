"""What a server such as Daphne runs: pages and API by HTTP, viewers and workers by socket. One process only."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  needs the applications loaded
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import SessionMiddlewareStack  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from webapp.datasets import checker  # noqa: E402
from webapp.one_process import claim, keep_database_open  # noqa: E402
from webapp.runs import sweeper  # noqa: E402
from webapp.runs.consumers import RunConsumer  # noqa: E402
from webapp.runs.worker_consumer import WorkerConsumer  # noqa: E402
from webapp.sockets import NoSuchSocket  # noqa: E402

claim(settings.VAR)
keep_database_open()
sweeper.start()
checker.start()

# A browser's socket carries cookies to any site that opens it, so its Origin must be ours. A worker has no cookies and
# no Origin, but a token.
viewers = AllowedHostsOriginValidator(
    SessionMiddlewareStack(
        URLRouter([path("ws/runs/<str:run>/", RunConsumer.as_asgi()), path("<path:rest>", NoSuchSocket.as_asgi())])
    )
)
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": URLRouter([path("ws/worker/", WorkerConsumer.as_asgi()), re_path("", viewers)]),
    }
)
