"""The doctor: what is wrong with a training run, from its figures alone. Each rule is one module in this folder.

A rule is a class marked with @rule: a small state machine over the rows that a run tells (docs/protocol.md). It never
raises and never prints; the Doctor makes alerts of what it finds, and offers the remedies that it names.
"""

from __future__ import annotations

import importlib
import pkgutil

from playground.doctor.case import Block, Case, Row
from playground.doctor.doctor import Doctor
from playground.doctor.registry import RULES, danger_zones
from playground.doctor.remedies import REMEDIES, Change, Patient
from playground.doctor.zones import DangerZone

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["REMEDIES", "RULES", "Block", "Case", "Change", "DangerZone", "Doctor", "Patient", "Row", "danger_zones"]
