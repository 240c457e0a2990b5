"""Sessions in a signed cookie, so that looking never writes. A member's cookie counts only while its sign-in stands.

A signed cookie alone cannot be taken back: a copy would outlive the sign-out. So a sign-in is a row, named in the
cookie; signing out here or everywhere deletes rows, and a new password ends the other sign-ins. A guest's cookie names
none and costs no query.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import signed_cookies

SIGN_IN = "sign_in"


class SessionStore(signed_cookies.SessionStore):
    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY in data and not _stands(data):
            return {}
        return data


def _stands(data: dict[str, Any]) -> bool:
    from webapp.accounts.models import SignIn

    number, user = data.get(SIGN_IN), data[SESSION_KEY]
    return isinstance(number, int) and SignIn.objects.alive().filter(pk=number, user_id=user).exists()
