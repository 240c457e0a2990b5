import re
import tomllib
from pathlib import Path

from bootstrap.python_env import pins

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(group: str) -> list[str]:
    return pins([ROOT / "requirements" / f"{group}.lock"])


def test_the_lock_files_hold_what_pyproject_asks_for() -> None:
    for group, wanted in {"run": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}.items():
        asked = {
            re.sub(r"\[.*?\]", "", pin.lower()) for pin in wanted
        }  # a package with extras is locked under its name
        assert asked <= set(locked(group)), f"run scripts/lock.py: {group}.lock is old"


def test_pins_are_exact_and_fit_any_system() -> None:
    for group in ("run", "test", "node"):
        for pin in locked(group):
            assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin), pin


def test_torch_is_pinned_to_the_checked_pair() -> None:
    assert {"torch==2.13.0", "torchvision==0.28.0"} <= set(locked("run"))
