"""The page's types follow the models."""

import re
from pathlib import Path

import pytest

from playground import protocol, schema


def test_the_committed_file_is_current() -> None:
    assert schema.main(["--check"]) == 0


def test_a_stale_file_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "TARGET", tmp_path / "generated" / "types.ts")
    assert schema.main(["--check"]) == 1
    assert "Run: python -m playground.schema" in capsys.readouterr().err
    assert schema.main([]) == 0
    assert schema.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("given", "typescript"),
    [
        ({"type": "array", "items": {"type": "integer"}}, "number[]"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "(string | null)[]"),
        ({"enum": ["a", "b"]}, '"a" | "b"'),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}]}, "[number, number]"),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, "Record<string, boolean>"),
        ({}, "unknown"),
    ],
)
def test_json_schema_becomes_typescript(given: dict[str, object], typescript: str) -> None:
    assert schema.type_of(given) == typescript


def test_every_message_and_everything_it_refers_to_is_declared_once() -> None:
    text = schema.typescript()
    names = re.findall(r"^export (?:interface|type) (\w+)", text, re.MULTILINE)
    assert len(names) == len(set(names))
    assert {model.__name__ for model in protocol.TELEMETRY.values()} <= set(names)
