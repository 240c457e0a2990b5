"""The commands behind the Makefile's targets."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType

from bootstrap import checks, node, python_env
from bootstrap.browser import VARIABLE, ensure_browser
from bootstrap.errors import CommandError, SetupError, Terminated
from bootstrap.exclusive import exclusive
from bootstrap.place import HERE
from bootstrap.workbench import Workbench


def set_up(*, tests: bool = False, page: bool = True) -> dict[str, str]:
    """Everything that `make run` or `make test` needs; gives the variables under which node and npm are found."""
    with exclusive(HERE.stamps / "lock") as lock:
        bench = Workbench(HERE, lock)
        bench.ensure(python_env.environment(bench))
        bench.ensure(python_env.packages(bench, "run"))
        if tests:
            bench.ensure(python_env.packages(bench, "test"))
        env = node.ensure_node(bench)
        bench.ensure(node.modules(bench, env))
        if page:
            bench.ensure(node.bundle(bench, env))
    return env


def setup(_: list[str]) -> int:
    set_up()
    print("Everything is in place. Next: make run")
    return 0


def bundle(_: list[str]) -> int:
    set_up()
    print(f"The page's bundle is in {HERE.bundle.relative_to(HERE.root)}/.")
    return 0


def run(arguments: list[str]) -> int:
    """Set up, then become the site: signals such as Ctrl-C reach it directly."""
    set_up()
    os.chdir(HERE.root)
    os.execv(HERE.python, [str(HERE.python), "manage.py", "up", *arguments])


def test(arguments: list[str]) -> int:
    """Every check, pytest last; ONLY names some of them, arguments go to pytest."""
    tests = checks.pytest(HERE, arguments)
    everything = [*checks.checks(HERE), *tests]
    wanted = checks.chosen(everything, os.environ.get("ONLY"))
    env = set_up(tests=True, page=False)
    failed = []
    if any(check in tests for check in wanted):
        failed = prepare_page_and_browser(env)
    failed += [check.name for check in wanted if check not in tests and not checks.run_quietly(check, HERE, env)]
    if failed:
        print(f"Failed so far: {', '.join(failed)}.", flush=True)
    failed += [check.name for check in wanted if check in tests and not checks.run_openly(check, HERE, env)]
    return report(failed)


def prepare_page_and_browser(env: dict[str, str]) -> list[str]:
    """What could not be had; the checks go on without it."""
    failed = []
    with exclusive(HERE.stamps / "lock") as lock:
        bench = Workbench(HERE, lock)
        try:
            bench.ensure(node.bundle(bench, env))
        except SetupError as error:
            tell(error)
            failed.append("bundle")
        try:
            env[VARIABLE] = ensure_browser(bench)
        except SetupError as error:
            tell(error)
            failed.append("browser")
    return failed


def lint(_: list[str]) -> int:
    """Every check that needs no test run."""
    wanted = [check for check in checks.checks(HERE) if check.name != "vitest"]
    env = set_up(tests=True, page=False)
    return report([check.name for check in wanted if not checks.run_quietly(check, HERE, env)])


def tell(error: SetupError) -> None:
    tail = error.tail if isinstance(error, CommandError) else ""
    print(f"{tail}\n{error}".strip(), file=sys.stderr, flush=True)


def report(failed: list[str]) -> int:
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def tidy(_: list[str]) -> int:
    """Bring Python sources into the project's form."""
    set_up(tests=True, page=False)
    ruff = [str(HERE.python), "-m", "ruff"]
    for command in ([*ruff, "check", "--fix-only", "--quiet", "."], [*ruff, "format", "."]):
        if subprocess.run(command, cwd=HERE.root, check=False).returncode != 0:
            return 1
    return 0


def clean(_: list[str]) -> int:
    """Remove what the set-up made; experiments, data sets and settings in var/ stay."""
    with exclusive(HERE.stamps / "lock"):
        for folder in (HERE.venv, HERE.node_modules, HERE.bundle):
            shutil.rmtree(folder, ignore_errors=True)
    print("Removed the environment, the page's packages and its bundle. Experiments and data in var/ are kept.")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup,
    "bundle": bundle,
    "run": run,
    "test": test,
    "lint": lint,
    "format": tidy,
    "clean": clean,
}


def main(arguments: list[str]) -> int:
    """The exit status of one command; every known failure is told in a sentence."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"Name one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, interrupted)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except SetupError as error:
        tell(error)
    except KeyboardInterrupt:
        print("\nBroken off. The same command goes on from the last finished step.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error.filename or 'The set-up'}: {error.strerror}. See to that, then run make again.", file=sys.stderr)
    return 1


def interrupted(_: int, __: FrameType | None) -> None:
    raise Terminated
