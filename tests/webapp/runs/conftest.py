"""Every test of runs begins without a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webapp.runs import connections


@pytest.fixture(autouse=True)
def nobody_connected() -> Iterator[None]:
    connections._connected.clear()
    yield
    connections._connected.clear()
