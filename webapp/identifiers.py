"""Identifiers and tokens that nobody can guess: whoever has a run's address may look at it."""

from __future__ import annotations

import hashlib
import secrets

ID_LENGTH = 32
HASH_LENGTH = 64


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(ID_LENGTH // 2)


def token_hash(token: str) -> str:
    """What is kept of a token, its hexadecimal SHA-256: tokens are 128 random bits or more, so that no slow hash is
    needed."""
    return hashlib.sha256(token.encode()).hexdigest()
