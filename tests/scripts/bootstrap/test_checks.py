import os
import sys
from pathlib import Path

import pytest

from bootstrap.checks import Check, checks, chosen, run_openly, run_quietly
from bootstrap.errors import SetupError
from bootstrap.place import Place


def python(code: str) -> Check:
    return Check("name", (sys.executable, "-c", code))


def test_output_is_shown_only_when_a_check_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_quietly(python("print('all fine')"), Place(tmp_path), os.environ)
    assert "all fine" not in capsys.readouterr().out
    assert not run_quietly(python("print('line 3 is wrong'); raise SystemExit(1)"), Place(tmp_path), os.environ)
    shown = capsys.readouterr().out
    assert "FAILED" in shown
    assert "line 3 is wrong" in shown


def test_a_command_that_is_missing_fails_its_check(tmp_path: Path) -> None:
    assert not run_quietly(Check("name", ("no-such-command",)), Place(tmp_path), os.environ)


def test_an_open_check_passes_its_exit_status_on(tmp_path: Path) -> None:
    assert run_openly(python("pass"), Place(tmp_path), os.environ)
    assert not run_openly(python("raise SystemExit(1)"), Place(tmp_path), os.environ)


def test_only_names_checks_and_refuses_unknown_ones(tmp_path: Path) -> None:
    available = checks(Place(tmp_path))
    assert chosen(available, None) == available
    assert [check.name for check in chosen(available, "tsc, mypy")] == ["tsc", "mypy"]
    with pytest.raises(SetupError, match=r"^There is no check named mpyp\. There are: format, ruff, mypy,"):
        chosen(available, "mpyp")
