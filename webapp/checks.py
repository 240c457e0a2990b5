"""Checks of the settings, run by `manage.py check` and before the site starts."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

ANCESTOR = re.compile(r"\*|'self'|https?://(\*\.)?[A-Za-z0-9.-]+(:(\d+|\*))?")


@register
def hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A star turns off the check of the Origin on the viewers' sockets too."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "PLAYGROUND_HOSTS holds '*', which lets any web page open sockets to this site.",
            hint="Name the hosts, separated by commas: PLAYGROUND_HOSTS=playground.example.org",
            id="site.E001",
        )
    ]


@register
def one_process(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Viewers and live records meet in the memory of one process."""
    count = os.environ.get("WEB_CONCURRENCY", "1")
    if count in {"", "0", "1"}:
        return []
    return [
        Error(
            f"WEB_CONCURRENCY is {count}: a viewer in one web process would not see what another receives.",
            hint="Set WEB_CONCURRENCY=1. One process serves 200 viewers of a run.",
            id="site.E002",
        )
    ]


@register
def frames(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What stands there becomes part of a header."""
    wrong = [origin for origin in settings.EMBED_ANCESTORS if not ANCESTOR.fullmatch(origin)]
    return [
        Error(
            f"PLAYGROUND_EMBED_ANCESTORS holds “{origin}”, which is no origin.",
            hint="Name origins, with commas between: PLAYGROUND_EMBED_ANCESTORS=https://example.org; * is any page.",
            id="site.E003",
        )
        for origin in wrong
    ]


@register
def debug(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    local = {"localhost", "127.0.0.1", "[::1]"}
    if not settings.DEBUG or set(settings.ALLOWED_HOSTS) <= local:
        return []
    return [
        Warning(
            "PLAYGROUND_DEBUG is on, and the site answers to other names than this machine's.",
            hint="Leave PLAYGROUND_DEBUG unset where others can reach the site.",
            id="site.W001",
        )
    ]
