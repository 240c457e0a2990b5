"""A member's client of a real site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from playground_client import Playground, own_data
from tests.webapp.conftest import LiveSite, live_site  # noqa: F401
from tests.webapp.datasets.zips import class_folders, zip_at


@pytest.fixture(scope="session")
def tokens(live_site: LiveSite) -> Iterator[str]:  # noqa: F811
    """Each of a member who has nothing yet."""
    code = (
        "import uuid\n"
        "from webapp.accounts.models import User; from webapp.accounts.tokens import token_create\n"
        "for _ in range(20):\n"
        "    user = User(email=f'{uuid.uuid4().hex}@example.org'); user.save()\n"
        "    print(token_create(user=user, name='test', scopes=['read', 'write', 'train'])[1])"
    )
    return iter(live_site.python(code).split())


@pytest.fixture
def site(live_site: LiveSite, tokens: Iterator[str]) -> Playground:  # noqa: F811
    return Playground(live_site.address, token=next(tokens))


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return zip_at(tmp_path / "pets.zip", class_folders({"cats": 20, "dogs": 13}))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "PAUSE", 0.05)
