"""Twins: a network and recipe that differ from another in one thing, to be trained side by side. A file holds a kind.

A kind is a function marked with @twin that takes the original and gives its variants: "ReLU everywhere", "tanh
everywhere". It never raises; what would change nothing, or could not train, is no variant.
"""

from __future__ import annotations

import importlib
import pkgutil

from playground.twins.registry import KINDS, Kind, Original, Twin, twins

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["KINDS", "Kind", "Original", "Twin", "twins"]
