"""Remedies: one change each, of the recipe or of the network, that a twin of the run is trained with.

A remedy is a function marked with @remedy that takes the patient and gives the change, or None where it would change
nothing. The worker asks them for their words, the site for the twin.
"""

from __future__ import annotations

import importlib
import pkgutil

from playground.doctor.remedies.registry import REMEDIES, Change, Patient, offers

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["REMEDIES", "Change", "Patient", "offers"]
