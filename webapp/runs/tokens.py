"""Tokens that let a worker dial in. Only the hash is kept: a token is shown once."""

from __future__ import annotations

import secrets

from webapp.identifiers import token_hash
from webapp.runs.models import Worker


def worker_of(header: str) -> Worker | None:
    """The worker whose token the header Authorization carries; None for an unknown one, or one that is switched off."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return Worker.objects.filter(token_hash=token_hash(token.strip()), disabled=False).first()


def worker_token_issue(*, name: str) -> str:
    """A new token for the worker of this name, which is made if need be; its old token ends."""
    token = secrets.token_hex(32)  # no "-", with which a command's argument must not begin: --token TOKEN
    Worker.objects.update_or_create(name=name, defaults={"token_hash": token_hash(token), "disabled": False})
    return token
