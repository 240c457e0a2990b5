"""The looks inside. Each module in this folder is imported, so that adding a probe is adding one file."""

from __future__ import annotations

import importlib
import pkgutil

from worker.probes.base import PROBES, Moment, Probe, Scene

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")


def all_probes(scene: Scene) -> list[Probe]:
    """One of each, in the order of their columns."""
    return [kind(scene) for kind in sorted(PROBES, key=lambda kind: kind.order)]


__all__ = ["PROBES", "Moment", "Probe", "Scene", "all_probes"]
