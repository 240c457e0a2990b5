"""Guidelines: what is unwise about a network that could be trained. Each module in this folder holds one idea.

A check is a function marked with @guideline that takes the walked network and returns notes. It never raises. The
decorator takes a page for each notice, which says why; the site shows it, and `python -m playground guidelines`.
"""

from __future__ import annotations

import importlib
import pkgutil

from playground.guidelines.registry import CHECKS, PAGES
from playground.notes import Note
from playground.walk import Walked

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")


def advise(walked: Walked) -> list[Note]:
    """What every check has to say."""
    return [note for check in CHECKS for note in check(walked)]


__all__ = ["PAGES", "advise"]
