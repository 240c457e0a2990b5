"""The worker that `manage.py up` starts beside the site: its token, kept in a file that only the owner may read."""

from __future__ import annotations

from pathlib import Path

from webapp.identifiers import token_hash
from webapp.runs.models import Worker
from webapp.secret import kept_secret

NAME = "This machine"


def local_worker_token(folder: Path) -> Path:
    """The token's file, made at the first start; the database knows its hash."""
    path = folder / "worker-token"
    hashed = token_hash(kept_secret(path))
    Worker.objects.update_or_create(name=NAME, defaults={"token_hash": hashed, "disabled": False})
    return path
