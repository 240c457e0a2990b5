"""python -m worker import FILE.py:NAME: a PyTorch module as a network document."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

from playground.analysis import analyse
from playground.fixes import document
from worker.importing.load import load
from worker.importing.read import read_module
from worker.importing.refusal import NotImportable

ABOUT = """
Imports a PyTorch module as a network document, which the page opens. The file is run as Python: import only what you
would run yourself. NAME is a class that needs no arguments, a function that makes the network, or a network; a package
works too: torchvision.models:resnet18. The document goes to standard output, remarks to standard error.
"""


def main(argv: list[str]) -> int:
    """Exit status: 0 imported, 1 the module has no document, 2 an argument cannot be used."""
    wanted = _arguments(argv)
    try:
        from worker import torchvision_ops  # noqa: F401 (before the user's file imports torchvision)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the user's file warns of is the user's
            module = load(wanted.source)
            found = read_module(module, _title(wanted.source, type(module).__name__), wanted.input)
    except NotImportable as error:
        print(error, file=sys.stderr)
        return 1
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    analysis = analyse(found.network)
    for notice in analysis.notices:
        if notice.level == "error":
            print(f"{notice.message} {notice.hint}", file=sys.stderr)
    totals = analysis.totals
    print(
        f"{found.network.name}: {len(found.network.nodes)} blocks, {totals.parameters:,} parameters,"
        f" {totals.macs:,} multiply-adds for one image.",
        file=sys.stderr,
    )
    text = json.dumps(document(found.network), indent=1, ensure_ascii=False) + "\n"
    if wanted.out:
        Path(wanted.out).write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def _title(source: str, module: str) -> str:
    """The class's name; the function's where it makes a class of several networks, such as ResNet."""
    name = source.rpartition(":")[2]
    return name if name.lower().startswith(module.lower()) or name == module else module


def _size(text: str) -> tuple[int, int, int]:
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != 3 or not all(part.isdigit() and 0 < int(part) < 10_000 for part in parts):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no size of an image; write channels, height and width: 3x224x224"
        )
    return int(parts[0]), int(parts[1]), int(parts[2])


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker import", description=ABOUT)
    parser.add_argument("source", metavar="FILE.py:NAME", help="the file, which is run, and what in it is the network")
    parser.add_argument("--input", metavar="3x224x224", type=_size, help="channels, height and width of the images")
    parser.add_argument("-o", "--out", metavar="FILE.json", help="write the document there")
    return parser.parse_args(argv)
