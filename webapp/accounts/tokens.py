"""Personal tokens: made, used, revoked. Only hashes are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from webapp.accounts.models import TOKEN_HINT, TOKEN_PREFIX, ApiToken, User
from webapp.identifiers import token_hash
from webapp.problems import Refusal
from webapp.security import SCOPES, Scope

MOST_TOKENS = 20
USED_EVERY = timedelta(minutes=1)
"""How exact the last use is: a script that polls must not write each time."""


def token_create(*, user: User, name: str, scopes: Collection[str]) -> tuple[ApiToken, str]:
    """A new token and its text, which nobody can see again."""
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not wanted:
        raise Refusal(422, "scopes", "A token that may do nothing is of no use. Choose what it may do.", "scopes")
    if user.tokens.filter(revoked=None).count() >= MOST_TOKENS:
        raise Refusal(429, "too_many", f"You have {MOST_TOKENS} tokens, the most there is room for. Revoke one.")
    text = ApiToken.new_text()
    hint = text[: len(TOKEN_PREFIX) + TOKEN_HINT]
    return ApiToken.objects.create(user=user, name=name, hash=token_hash(text), hint=hint, scopes=wanted), text


def token_used(*, text: str, scope: Scope) -> ApiToken:
    """The token, noted as used. Raises Refusal: 401 for one that does not count, 403 for one that may not do this."""
    token = ApiToken.objects.valid().select_related("user").filter(hash=token_hash(text)).first()
    if token is None:
        raise Refusal(401, "token", "This token is not known, or was revoked. Make a new one on your account's page.")
    check_scope(token, scope)
    now = timezone.now()
    if token.last_used is None or now - token.last_used > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return token


def check_scope(token: ApiToken, scope: Scope) -> None:
    """Raises Refusal (403) for a token that may not do this."""
    if scope not in token.scopes:
        has = ", ".join(token.scopes)
        message = f"This needs a token with the scope '{scope}'; “{token.name}” has: {has}. Make another token."
        raise Refusal(403, "scope", message)


def token_revoke(*, token: ApiToken) -> None:
    if token.revoked is None:
        token.revoked = timezone.now()
        token.save(update_fields=["revoked"])
