"""Signing in with an account elsewhere, by configuration: GitHub, Google, or any OpenID Connect server as schools have.

Imported by the settings, so it imports nothing of Django's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def providers_of(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str], list[str]]:
    """Settings of allauth's providers, the apps that they need, and the origins that a sign-in form may lead to."""
    found: dict[str, Any] = {}
    origins: list[str] = []
    if app := _app(environment, "GITHUB"):
        found["github"] = {"APPS": [app], "SCOPE": ["read:user", "user:email"]}
        origins.append("https://github.com")
    if app := _app(environment, "GOOGLE"):
        found["google"] = {"APPS": [app], "SCOPE": ["profile", "email"], "OAUTH_PKCE_ENABLED": True}
        origins.append("https://accounts.google.com")
    if app := _app(environment, "OIDC"):
        server = environment.get("PLAYGROUND_OIDC_SERVER", "")
        name = environment.get("PLAYGROUND_OIDC_NAME", "single sign-on")
        app |= {"provider_id": "oidc", "name": name, "settings": {"server_url": server}}
        found["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
        parts = urlsplit(environment.get("PLAYGROUND_OIDC_ORIGIN", server))
        origins.append(f"{parts.scheme}://{parts.netloc}")
    apps = ["allauth.socialaccount", *(f"allauth.socialaccount.providers.{name}" for name in found)] if found else []
    return found, apps, origins


def _app(environment: Mapping[str, str], name: str) -> dict[str, Any]:
    """The application as the provider knows it; empty where none is configured."""
    client, secret = (environment.get(f"PLAYGROUND_{name}_{part}", "") for part in ("ID", "SECRET"))
    return {"client_id": client, "secret": secret} if client and secret else {}
