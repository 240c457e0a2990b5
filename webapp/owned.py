"""Everything that is somebody's: the models of this site with a column `owner`. A new one is handed over, given out and
deleted with the rest, with no list to keep."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction


def owned_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        columns = {field.name: field for field in model._meta.concrete_fields}
        if model.__module__.startswith("webapp.") and isinstance(columns.get("owner"), models.CharField):
            yield model


@transaction.atomic
def hand_over(*, old: str, new: str) -> None:
    """All that the one has belongs to the other."""
    for model in owned_models():
        model._base_manager.filter(owner=old).update(owner=new)
