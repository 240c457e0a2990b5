"""A worker's token is shown once, and typed on a command line."""

from __future__ import annotations

import pytest

from webapp.runs.tokens import worker_of, worker_token_issue

pytestmark = pytest.mark.django_db


def test_a_token_can_stand_behind_an_option_and_a_new_one_ends_the_old() -> None:
    tokens = [worker_token_issue(name="one") for _ in range(20)]
    assert all(token.isalnum() for token in tokens)  # "-" at its start would be read as another option
    assert len(set(tokens)) == 20
    *old, new = [worker_of(f"Bearer {token}") for token in tokens]
    assert new is not None and new.name == "one"
    assert old == [None] * 19
