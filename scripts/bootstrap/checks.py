"""Every check of the repository. One that fails does not keep the others from running."""

import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import SetupError, Terminated
from bootstrap.place import Place
from bootstrap.report import WIDTH

PATIENCE = 30.0  # seconds a test run has for its clean-up


@dataclass(frozen=True)
class Check:
    """A command whose exit status says whether all is well."""

    name: str
    command: tuple[str, ...]


def checks(place: Place) -> list[Check]:
    """All but the tests in Python, the quick ones first."""
    python = str(place.python)
    return [
        Check("format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("ruff", (python, "-m", "ruff", "check", ".")),
        Check("mypy", (python, "-m", "mypy")),
        Check("imports", (str(place.venv / "bin" / "lint-imports"),)),
        Check("generated", (python, "-m", "playground.schema", "--check")),
        Check("migrations", (python, "manage.py", "makemigrations", "--check", "--dry-run")),
        Check("tsc", ("npm", "run", "--silent", "check")),
        Check("oxlint", ("npm", "run", "--silent", "lint")),
        Check("vitest", ("npm", "test", "--silent")),
    ]


def pytest(place: Place, arguments: Sequence[str]) -> list[Check]:
    """What needs no browser on every core, then what does in two processes, each with a site and a worker of its own:
    more would only wait for each other. With arguments of the user's one run of what they say."""
    command = (str(place.python), "-m", "pytest")
    if arguments:
        return [Check("pytest", (*command, *arguments))]
    return [
        Check("pytest", (*command, "-n", "auto", "--maxprocesses", "8", "--ignore", "tests/e2e", "tests")),
        Check("browser", (*command, "-n", "auto", "--maxprocesses", "2", "--dist", "loadfile", "tests/e2e")),
    ]


def chosen(available: Sequence[Check], only: str | None) -> list[Check]:
    """The checks named in `only`, separated by commas; all where nothing is named."""
    if not only:
        return list(available)
    names = [name.strip() for name in only.split(",")]
    known = {check.name: check for check in available}
    if unknown := [name for name in names if name not in known]:
        raise SetupError(f"There is no check named {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [known[name] for name in names]


def run_quietly(check: Check, place: Place, env: Mapping[str, str]) -> bool:
    """Run a check; its output is shown only when it fails."""
    print(f"{check.name:<{WIDTH}} ", end="", flush=True)
    start = time.monotonic()
    passed, output = run_check(check, place.root, env)
    print(f"{'ok' if passed else 'FAILED'}, {time.monotonic() - start:.1f} s", flush=True)
    if not passed:
        print(output.rstrip() + "\n", flush=True)
    return passed


def run_check(check: Check, folder: Path, env: Mapping[str, str]) -> tuple[bool, str]:
    try:
        done = subprocess.run(
            check.command,
            cwd=folder,
            env={**env, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return False, f"{check.command[0]}: {error.strerror}"
    return done.returncode == 0, done.stdout


def run_openly(check: Check, place: Place, env: Mapping[str, str]) -> bool:
    """Run a check with its output as it comes; one that is broken off gets time to put its servers away."""
    print(flush=True)
    process = subprocess.Popen(check.command, cwd=place.root, env=dict(env))
    try:
        return process.wait() == 0
    except KeyboardInterrupt as interrupt:
        if isinstance(interrupt, Terminated):  # Ctrl-C reaches the check by itself
            process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
