"""The browser's tests come last, whatever the random order."""

from __future__ import annotations

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright's synchronous API keeps an event loop running, beside which no test of a coroutine can start."""
    items.sort(key=lambda item: "tests/e2e/" in item.path.as_posix())
