"""Settings that would open the site too far, or split it, are refused before it starts."""

from __future__ import annotations

from typing import Any

import pytest

from webapp import checks


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages]


def test_a_star_among_the_hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["play.example.org", "*"]
    assert ids(checks.hosts(None)) == ["site.E001"]
    settings.ALLOWED_HOSTS = ["play.example.org"]
    assert checks.hosts(None) == []


def test_several_web_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    assert ids(checks.one_process(None)) == ["site.E002"]
    monkeypatch.setenv("WEB_CONCURRENCY", "1")
    assert checks.one_process(None) == []


def test_debugging_in_the_open(settings: Any) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["play.example.org"]
    assert ids(checks.debug(None)) == ["site.W001"]
    settings.ALLOWED_HOSTS = ["localhost"]
    assert checks.debug(None) == []
