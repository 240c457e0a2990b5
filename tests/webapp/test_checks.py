"""Settings that would open the site too far, or split it, are refused before it starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.conftest import ROOT
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


def test_the_documented_deployment_passes_djangos_own_checks(tmp_path: Path) -> None:
    """With the variables that docs/deploying.md gives for a site behind nginx."""
    told = (ROOT / "docs" / "deploying.md").read_text()
    variables = dict(re.findall(r"(PLAYGROUND_\w+)=(\S+)", told.split("## Behind nginx")[1].split("##")[0]))
    assert {"PLAYGROUND_HOSTS", "PLAYGROUND_ORIGINS", "PLAYGROUND_HTTPS"} <= set(variables)
    environment = {**os.environ, **variables, "PLAYGROUND_VAR": str(tmp_path)}
    environment |= {"PLAYGROUND_STATIC_ROOT": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "System check identified no issues" in done.stdout


def test_social_sign_in_is_there_where_it_is_configured(tmp_path: Path) -> None:
    """Configured by variables alone, so it needs a site of its own; nothing of it is shown otherwise."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "answer = Client(headers={'host': 'localhost'}).get('/account/login/')\n"
        "print(answer.content.decode(), answer['Content-Security-Policy'])\n"
        "answer = Client(headers={'host': 'localhost'}).post('/account/github/login/')\n"
        "print(answer.status_code, answer.get('Location'))\n"
    )
    environment = {**os.environ, "PLAYGROUND_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "webapp.settings"}
    github = {"PLAYGROUND_GITHUB_ID": "our-id", "PLAYGROUND_GITHUB_SECRET": "our-secret"}
    school = {
        "PLAYGROUND_OIDC_ID": "ours",
        "PLAYGROUND_OIDC_SECRET": "secret",
        "PLAYGROUND_OIDC_NAME": "the School",
        "PLAYGROUND_OIDC_SERVER": "https://sso.school.example/realm",
    }
    shown = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment | more, capture_output=True, text=True, check=True
        ).stdout
        for more in ({}, github | school)
    ]
    assert "Go on with" not in shown[0] and "form-action 'self';" in shown[0] and "404 None" in shown[0]
    assert "Go on with GitHub" in shown[1] and "Go on with the School" in shown[1]
    assert "form-action 'self' https://github.com https://sso.school.example;" in shown[1]
    assert "302 https://github.com/login/oauth/authorize?client_id=our-id" in shown[1]
    assert "our-secret" not in shown[1]
