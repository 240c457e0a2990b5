"""How large a request may be."""

from __future__ import annotations

import re

from django.conf import settings

from playground.words import MEGABYTE, megabytes
from webapp.problems import STANDARD

MAX_MODEL_BYTES = 64 * MEGABYTE
"""A model file, whose weights are skipped unread."""
LARGER = {"/api/import": MAX_MODEL_BYTES}
PART = re.compile(r"/api/own-data/[^/]+/file")
"""Where the parts of an upload go."""
TOO_LARGE_MODEL = (
    f"The file is larger than {megabytes(MAX_MODEL_BYTES)}. Only the structure is read: export it without weights"
    " (torch.onnx.export(..., export_params=False)) or with its weights in a file beside it."
)


def most_bytes(path: str) -> int:
    """The most that the body of a request to this path may have."""
    if PART.fullmatch(path):
        return int(settings.OWN_DATA_LIMITS.part_bytes)
    return LARGER.get(path, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def too_large(path: str) -> tuple[str, str]:
    """Code and message for a request that is larger."""
    code, message = STANDARD[413]
    if PART.fullmatch(path):
        return code, f"A part has at most {most_bytes(path):,} bytes. Send smaller ones."
    return code, TOO_LARGE_MODEL if path in LARGER else message
