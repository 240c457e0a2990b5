"""Takes runs back from silent workers and removes files of no run: a thread of the site's process."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from webapp.artifacts.services import artifacts_sweep
from webapp.runs.leases import leases_expire
from webapp.sharing.services import links_expire

log = logging.getLogger("webapp.runs")

EVERY = 10.0  # seconds
FILES_EVERY = 600.0
_started = threading.Event()


def start() -> None:
    """Begin to look, once a process."""
    if not _started.is_set():
        _started.set()
        threading.Thread(target=_run, name="lease sweeper", daemon=True).start()


def _run() -> None:
    """Nothing expires for a lease's time after the start, nor after the machine slept: workers must first have had the
    chance to come back."""
    heard = time.time()
    patient_until = heard + settings.LEASE_SECONDS
    swept = heard
    while True:
        time.sleep(EVERY)
        now = time.time()
        if now - heard > 3 * EVERY:
            patient_until = now + settings.LEASE_SECONDS
        _expire_links(heard, now)
        heard = now
        if now < patient_until:
            continue
        try:
            if number := leases_expire(now=timezone.now()):
                log.info("%d run(s) taken back from workers that are silent.", number)
            if now - swept > FILES_EVERY:
                swept = now
                artifacts_sweep()
        except Exception:
            log.exception("The lease sweeper failed this time; it tries again.")
        finally:
            close_old_connections()


def _expire_links(since: float, until: float) -> None:
    """Whoever watches by a link that has expired is sent away."""
    try:
        links_expire(since=datetime.fromtimestamp(since, UTC), until=datetime.fromtimestamp(until, UTC))
    except Exception:
        log.exception("Expired links could not be looked for; sockets opened by them stay till their next news.")
    finally:
        close_old_connections()
