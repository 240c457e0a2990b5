"""What happens when a member signs in or out, wherever that is done."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from webapp.accounts.models import SignIn, User
from webapp.accounts.sessions import SIGN_IN
from webapp.owned import hand_over
from webapp.viewers import GUEST


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The cookie names its sign-in, and what the guest made in this browser is the member's from now on."""
    SignIn.objects.filter(user=user).ended().delete()
    browser = request.headers.get("User-Agent", "")[:200]
    request.session[SIGN_IN] = SignIn.objects.create(user=user, browser=browser).pk
    guest = request.session.pop(GUEST, None)
    if isinstance(guest, str):
        hand_over(old=guest, new=user.owner)


@receiver(user_logged_out)
def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Copies of the cookie are worth nothing any more."""
    if user is not None:
        SignIn.objects.filter(pk=request.session.get(SIGN_IN)).delete()
