"""What allauth leaves to the site."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

QUIET = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}
"""The page that follows shows it."""


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP_OPEN

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kw: Any
    ) -> None:
        """The start page shows no messages of the server's: one kept for later would stand on the wrong page."""
        if message_template not in QUIET and level >= messages.INFO:
            super().add_message(request, level, message_template, *args, **kw)


def _social() -> Any:
    from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

    class Adapter(DefaultSocialAccountAdapter):
        def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
            return settings.SIGN_UP_OPEN

        def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
            user = super().populate_user(request, sociallogin, data)
            parts = (data.get("first_name"), data.get("last_name"))
            user.name = (data.get("name") or " ".join(part for part in parts if part))[:80]
            return user

    return Adapter


if settings.SOCIALACCOUNT_PROVIDERS:
    SocialAccountAdapter = _social()
