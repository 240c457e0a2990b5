"""python -m worker import"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from playground.codegen import source
from playground.network import load_network
from playground.plan import plan
from playground.sameness import signature
from playground.zoo import ZOO
from worker.importing.command import main

NET = """
import torch
from torch import nn

class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 26 * 26, 10))

class Sized(Net):
    def __init__(self, classes):
        super().__init__()

def small():
    return Net()

ready = Net()
number = 3

def broken():
    raise ValueError("no luck")

class Deciding(Net):
    def forward(self, x):
        if x.mean() > 0:
            return super().forward(-x)
        return super().forward(x)
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [*sys.path])
    path = tmp_path / "my_nets.py"
    path.write_text(NET)
    return path


@pytest.mark.parametrize("name", ["Net", "small", "ready"])
def test_a_class_a_function_and_a_network(file: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{file}:{name}"]) == 0
    printed = capsys.readouterr()
    network = load_network(printed.out)
    assert [node.block for node in network.nodes] == ["input", "conv2d", "relu", "flatten", "dense", "output"]
    assert network.name == "Net"
    assert "Net: 6 blocks, 27,090 parameters, 51,376 multiply-adds for one image." in printed.err
    assert "--input says otherwise" in printed.err


def test_exported_code_comes_back(tmp_path: Path) -> None:
    """In a process of its own, as users do it."""
    network = ZOO["resnet-8"].network
    path = tmp_path / "net.py"
    path.write_text(source(network), encoding="utf-8")
    line = [
        sys.executable,
        "-m",
        "worker",
        "import",
        f"{path}:ResNet8",
        "--input",
        "1x28x28",
        "-o",
        str(tmp_path / "n"),
    ]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    found = load_network((tmp_path / "n").read_bytes())
    assert signature(plan(found)) == signature(plan(network))
    assert json.loads((tmp_path / "n").read_text())["name"] == "ResNet8"


REFUSED = {
    "Sized": "Sized wants arguments: classes. Write a function without arguments",
    "nothing": "has no 'nothing'. It has: Net, Sized, ready, Deciding.",
    "number": "'number' in",
    "broken": 'broken() fails: no luck (line 20 of my_nets.py: raise ValueError("no luck")).',
    "Deciding": "cannot be followed: symbolically traced variables cannot be used as inputs to control flow"
    " (line 24 of my_nets.py: if x.mean() > 0:).",
    "torch": "'torch' in",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_imported_is_said(file: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"{file}:{name}"]) == 1
    printed = capsys.readouterr()
    assert REFUSED[name] in printed.err
    assert "Traceback" not in printed.err and printed.out == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(:", "cannot be run: invalid syntax in line 1."),
        ("import nowhere", "cannot be run: No module named 'nowhere' (line 1 of bad_net.py: import nowhere)."),
        ("raise SystemExit(3)", "cannot be run: 3 (line 1 of bad_net.py: raise SystemExit(3))."),
    ],
)
def test_a_file_that_does_not_run(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    path = tmp_path / "bad_net.py"
    path.write_text(text)
    assert main([f"{path}:Net"]) == 1
    assert words in capsys.readouterr().err


def test_arguments_that_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["net.py"]) == 1
    assert "'net.py' names no network. Write FILE.py:NAME" in capsys.readouterr().err
    assert main(["nowhere.py:Net"]) == 1
    assert "There is no file 'nowhere.py'." in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        main(["net.py:Net", "--input", "3x224"])
    assert caught.value.code == 2
    assert "write channels, height and width: 3x224x224" in capsys.readouterr().err


def test_help_says_that_the_file_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "The file is run as Python" in capsys.readouterr().out.replace("\n", " ")
