"""Networks to start from and to study. Each module in this folder holds one family, built in code."""

from __future__ import annotations

import importlib
import pkgutil

from playground.zoo.registry import ZOO, Exhibit, card, find, view

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

_sorted = sorted(ZOO.items(), key=lambda item: item[1].place)
ZOO.clear()
ZOO.update(_sorted)

__all__ = ["ZOO", "Exhibit", "card", "find", "view"]
