"""Every block. Each module in this folder is imported, so that adding a block is adding a class to one file."""

from __future__ import annotations

import importlib
import pkgutil
from typing import get_args

from playground.blocks.base import CATALOGUE, Block, Category, Layer, Shape, ShapeError, Step, Window

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

CATEGORIES = get_args(Category)
_sorted = sorted(CATALOGUE.items(), key=lambda item: (CATEGORIES.index(item[1].category), item[1].rank))
CATALOGUE.clear()
CATALOGUE.update(_sorted)

__all__ = ["CATALOGUE", "CATEGORIES", "Block", "Category", "Layer", "Shape", "ShapeError", "Step", "Window"]
