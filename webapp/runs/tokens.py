"""Tokens that let a worker dial in. Only the hash is kept: a token is shown once."""

from __future__ import annotations

import secrets

from webapp.runs.models import Worker, token_hash


def worker_token_issue(*, name: str) -> str:
    """A new token for the worker of this name, which is made if need be; its old token ends."""
    token = secrets.token_urlsafe(32)
    Worker.objects.update_or_create(name=name, defaults={"token_hash": token_hash(token), "disabled": False})
    return token
