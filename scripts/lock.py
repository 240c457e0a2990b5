"""Write requirements/*.lock: the exact versions, installed in this environment, of everything pyproject.toml asks for.

    .venv/bin/python scripts/lock.py

Versions are bare: no `+cpu`, no index address. What another system needs beyond them (torch's own CUDA packages on
Linux, say) pip adds from torch's own pins.
"""

import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by scripts/lock.py from pyproject.toml; edit that file and run the script again.\n"


def closure(wanted: Iterable[str]) -> dict[str, str]:
    """Name to version of the wanted packages and of all they need on this system."""
    found: dict[str, str] = {}
    visited: set[tuple[str, str]] = set()  # (name, extra); the empty extra is the package itself
    waiting = [Requirement(text) for text in wanted]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        installed = distribution(name)
        found[name] = installed.version.split("+")[0]
        for extra in {"", *requirement.extras} - {extra for seen, extra in visited if seen == name}:
            visited.add((name, extra))
            needs = map(Requirement, installed.requires or [])
            waiting += [need for need in needs if need.marker is None or need.marker.evaluate({"extra": extra})]
    return found


def write(name: str, versions: dict[str, str]) -> None:
    lines = [f"{package}=={versions[package]}\n" for package in sorted(versions)]
    (ROOT / "requirements" / f"{name}.lock").write_text(HEADER + "".join(lines), encoding="utf-8")


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = closure(project["dependencies"])
    write("run", run)
    for group, wanted in project["optional-dependencies"].items():
        write(group, {name: version for name, version in closure(wanted).items() if name not in run})


if __name__ == "__main__":
    try:
        main()
    except PackageNotFoundError as missing:
        raise SystemExit(f"{missing.name} is not installed here. Install what pyproject.toml asks for first.") from None
