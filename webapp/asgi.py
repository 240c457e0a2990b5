"""What a server such as Daphne runs: pages and API by HTTP, viewers and workers by socket. One process only."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402  needs the applications loaded
from django.conf import settings  # noqa: E402

from webapp.bundle import Bundle  # noqa: E402
from webapp.datasets import checker  # noqa: E402
from webapp.one_process import claim, keep_database_open  # noqa: E402
from webapp.routing import sockets  # noqa: E402
from webapp.runs import sweeper  # noqa: E402
from webapp.threads import KeptThreads  # noqa: E402

claim(settings.VAR)
keep_database_open()
sweeper.start()
checker.start()

bundle = Bundle(
    KeptThreads(http),
    settings.EDITOR_MANIFEST.parent / "assets",
    prefix="/static/editor/assets/",
    immutable=settings.WHITENOISE_IMMUTABLE_FILE_TEST,
)
application = ProtocolTypeRouter({"http": bundle, "websocket": sockets})
