"""Every block. Each module in this folder is imported, so that adding a block is adding a class to one file."""

from __future__ import annotations

import importlib
import pkgutil

from playground.blocks.base import CATALOGUE, Block, Layer, Shape, ShapeError, Step, Window

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["CATALOGUE", "Block", "Layer", "Shape", "ShapeError", "Step", "Window"]
