"""Identifiers that nobody can guess, because whoever has a run's address may look at it."""

from __future__ import annotations

import secrets

ID_LENGTH = 32


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(ID_LENGTH // 2)
