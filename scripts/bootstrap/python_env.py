"""The virtual environment and its packages."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bootstrap.errors import SetupError
from bootstrap.place import Place
from bootstrap.steps import Step
from bootstrap.workbench import Workbench

PACKAGES_GB = 4.0  # torch and all others, with what pip unpacks on the way
ADDITIONS_GB = 1.0  # a changed or further lock file, torch being there

# Run inside the environment; fails where Python is too old or its pip is missing or was left half installed.
HEALTH = (
    "import importlib.metadata as m, sys; assert sys.version_info >= (3, 11) and m.files('pip'); import pip._internal"
)

# Run inside the environment: prints which packages a broken-off pip left without some of their files.
# pip writes INSTALLER after all others, and RECORD gives the size of each.
DAMAGED = """
import importlib.metadata as m, json, sys
def whole(package):
    files = m.files(package) or []
    return any(f.name == "INSTALLER" for f in files) and all(
        f.suffix == ".pyc" or f.locate().is_file() and f.size in (None, f.locate().stat().st_size) for f in files)
def damaged(pin):
    try: return not whole(pin.split("==")[0])
    except m.PackageNotFoundError: return False
print(json.dumps([pin for pin in sys.argv[1:] if damaged(pin)]))
"""


def environment(bench: Workbench) -> Step:
    """A working .venv; one that is broken or was left half made is made anew."""
    venv = bench.place.venv
    stamp = venv / ".stamps" / "venv"
    if not healthy(bench.place):  # the Python it was made from may be gone since
        stamp.unlink(missing_ok=True)
    return Step("Python environment", (str(venv),), bench.place.python, stamp, lambda: make_venv(bench))


def healthy(place: Place) -> bool:
    """Whether Python and pip of the environment work, and its scripts point here: a moved folder's do not."""
    try:
        shebang = (place.venv / "bin" / "pip").read_text(encoding="utf-8").splitlines()[:2]
        check = subprocess.run([place.python, "-c", HEALTH], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return check.returncode == 0 and any(str(place.venv) in line for line in shebang)


def make_venv(bench: Workbench) -> None:
    venv = bench.place.venv
    if healthy(bench.place):
        return  # made by hand: kept
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            f"This Python {version} cannot make virtual environments. "
            f"Debian and Ubuntu: apt-get install python{version}-venv, then run make again."
        )
    bench.ensure_space("The Python packages", PACKAGES_GB)
    if venv.exists():
        shutil.rmtree(venv)
    python = getattr(sys, "_base_executable", sys.executable)
    bench.command("Python environment", [python, "-m", "venv", venv])


def packages(bench: Workbench, group: str) -> Step:
    """The packages of the lock files that a group needs: `run`, or `run` and the group's own."""
    locks = [bench.place.lock(name) for name in dict.fromkeys(("run", group))]
    name = {"run": "Python packages", "test": "Test packages", "node": "Node"}[group]
    stamp = bench.place.venv / ".stamps" / f"packages-{group}"
    return Step(name, tuple(locks), bench.place.python, stamp, lambda: install(bench, name, locks))


def install(bench: Workbench, name: str, locks: list[Path]) -> None:
    """pip install, then once more for packages that an earlier, broken-off pip left damaged."""
    first = not any(bench.place.venv.glob("lib/python*/site-packages/torch"))
    bench.ensure_space("The Python packages", PACKAGES_GB if first else ADDITIONS_GB)
    pip: list[str | Path] = [bench.place.python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    wanted: list[str | Path] = [argument for lock in locks for argument in ("-r", lock)]
    bench.command(name, [*pip, *wanted])
    if bad := damaged(bench.place, pins(locks)):
        bench.command(name, [*pip, "--force-reinstall", "--no-deps", *bad])


def pins(locks: Iterable[Path]) -> list[str]:
    """The lines `name==version` of lock files."""
    lines = [line.strip() for lock in locks for line in lock.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def damaged(place: Place, wanted: list[str]) -> list[str]:
    check = subprocess.run([place.python, "-c", DAMAGED, *wanted], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(check.stdout)
    return found
