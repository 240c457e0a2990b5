import subprocess
import sys
from pathlib import Path

from bootstrap.place import Place
from bootstrap.python_env import damaged, pins

METADATA = "Metadata-Version: 2.1\nName: {0}\nVersion: 1.0\n"


def install(folder: Path, name: str) -> Path:
    """What pip leaves of a package with one module."""
    module = folder / f"{name}.py"
    module.write_text("x = 1\n")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA.format(name))
    (info / "INSTALLER").write_text("pip\n")
    (info / "RECORD").write_text(f"{name}.py,,6\n{name}-1.0.dist-info/INSTALLER,,4\n{name}-1.0.dist-info/METADATA,,\n")
    return info


def test_packages_left_without_some_of_their_files_are_found(tmp_path: Path) -> None:
    place = Place(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.venv], check=True)
    (packages,) = place.venv.glob("lib/python*/site-packages")
    install(packages, "whole")
    (install(packages, "unfinished") / "INSTALLER").unlink()
    install(packages, "truncated")
    (packages / "truncated.py").write_text("")
    install(packages, "missing")
    (packages / "missing.py").unlink()
    wanted = ["whole==1.0", "unfinished==1.0", "truncated==1.0", "missing==1.0", "absent==1.0"]
    assert damaged(place, wanted) == ["unfinished==1.0", "truncated==1.0", "missing==1.0"]


def test_pins_are_the_lines_that_are_no_comment(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    lock.write_text("# written\n\na==1\nb==2\n")
    assert pins([lock]) == ["a==1", "b==2"]
