"""The browser's tests come last, whatever the random order; property tests try the same examples in every run."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("hunt", derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("EXAMPLES", "steady"))
"""A red run then means the change at hand. `EXAMPLES=hunt pytest -m hypothesis` looks for what nobody tried yet."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Playwright's synchronous API keeps an event loop running, beside which no test of a coroutine can start."""
    items.sort(key=lambda item: "tests/e2e/" in item.path.as_posix())
