"""Guests: whoever comes by owns what they make, by an id in their signed cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from webapp.identifiers import new_id

KEY = "guest"


def guest_of(session: Mapping[str, Any] | None) -> str | None:
    """The guest's id; None for one who has made nothing yet."""
    value = session.get(KEY) if session is not None else None
    return value if isinstance(value, str) else None


def guest_made(request: HttpRequest) -> str:
    """The guest's id, given at the first thing they make."""
    guest = guest_of(request.session)
    if guest is None:
        guest = request.session[KEY] = new_id()
    return guest
