import pytest

from bootstrap.node import new_enough


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v18.20.4\n", False),
        ("v20.18.0\n", False),
        ("v20.19.0\n", True),
        ("v21.7.3\n", False),
        ("v22.11.0\n", False),
        ("v22.12.0\n", True),
        ("v24.19.0\n", True),
        ("", False),
    ],
)
def test_node_is_new_enough_for_vite(version: str, expected: bool) -> None:
    assert new_enough(version) is expected
