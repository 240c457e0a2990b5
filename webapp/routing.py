"""Every address of a socket."""

from __future__ import annotations

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.urls import path, re_path

from webapp.runs.consumers import RunConsumer
from webapp.runs.worker_consumer import WorkerConsumer
from webapp.sockets import NoSuchSocket

VIEWERS = [path("ws/runs/<str:run>/", RunConsumer.as_asgi())]
WORKERS = [path("ws/worker/", WorkerConsumer.as_asgi())]

# A browser's socket carries cookies to any site that opens it, so its Origin must be ours. A worker has no cookies and
# no Origin, but a token.
viewers = AllowedHostsOriginValidator(
    SessionMiddlewareStack(URLRouter([*VIEWERS, path("<path:rest>", NoSuchSocket.as_asgi())]))
)
sockets = URLRouter([*WORKERS, re_path("", viewers)])
