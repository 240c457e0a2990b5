"""The list of somebody's runs: found, filtered, sorted and given in pages; two queries and one for their number."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, get_args

from django.db.models import Case, F, FloatField, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, Lower
from django.utils.dateparse import parse_datetime

from playground.protocol import RunPoint, RunState
from webapp.problems import Refusal
from webapp.runs.models import RunQuerySet
from webapp.runs.views_of import points_of

MOST_ROWS = 200
STATES: tuple[str, ...] = get_args(RunState)

VALUES: dict[str, Any] = {
    "created": F("created"),
    "name": Lower("name"),
    "number": F("number"),
    "experiment": Lower("experiment__name"),
    "dataset": F("recipe__dataset"),
    "state": F("state"),
    "error": Value(100.0)
    * (Value(1.0) - Coalesce("test_accuracy", "best_validation_accuracy", output_field=FloatField())),
    "parameters": F("parameters"),
    "macs": F("macs"),
    "step": F("step"),
    "seed": F("recipe__seed"),
}
SORTED_BY_WORDS = {"name", "experiment", "dataset", "state"}


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Empty strings and lists ask for nothing."""

    words: str = ""
    dataset: str = ""
    experiment: str = ""
    tag: str = ""
    states: tuple[str, ...] = ()
    sort: str = "-created"
    """A key of VALUES; with a minus the largest first. Runs without the value come last either way."""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Page:
    """Some of the runs; `after` is the cursor of the next page, empty on the last."""

    runs: list[RunPoint]
    after: str
    total: int


def page_of(runs: RunQuerySet, wanted: Wanted) -> Page:
    """Raises Refusal (422) for a sort key, state or cursor that there is not."""
    found = _filtered(runs, wanted)
    key, falls = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if key not in VALUES:
        raise Refusal(
            422, "sort", f"Runs cannot be sorted by '{key[:40]}'. Choose one of: {', '.join(VALUES)}.", "sort"
        )
    total = found.count()
    ordered = found.annotate(sort_value=VALUES[key]).annotate(
        sort_missing=Case(When(sort_value__isnull=True, then=1), default=0, output_field=IntegerField())
    )
    if wanted.after:
        ordered = ordered.filter(_beyond(wanted, falls))
    value = F("sort_value").desc() if falls else F("sort_value").asc()
    rows = list(ordered.order_by("sort_missing", value, "id").values_list("id", "sort_value")[: wanted.limit + 1])
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    place = {pk: index for index, (pk, _) in enumerate(rows)}
    points = sorted(points_of(runs.filter(pk__in=place)), key=lambda point: place[point.id])
    return Page(points, _cursor(wanted.sort, *rows[-1]) if more else "", total)


def _filtered(runs: RunQuerySet, wanted: Wanted) -> RunQuerySet:
    unknown = [state for state in wanted.states if state not in STATES]
    if unknown:
        raise Refusal(422, "state", f"There is no state '{unknown[0][:40]}'. Choose of: {', '.join(STATES)}.", "state")
    if wanted.dataset:
        runs = runs.filter(recipe__dataset=wanted.dataset)
    if wanted.experiment:
        runs = runs.filter(experiment=wanted.experiment)
    if wanted.states:
        runs = runs.filter(state__in=wanted.states)
    if wanted.tag:
        runs = runs.filter(tags__name=wanted.tag)
    for word in wanted.words.split()[:8]:
        tagged = runs.model.objects.filter(tags__name__icontains=word).values("pk")
        runs = runs.filter(Q(name__icontains=word) | Q(experiment__name__icontains=word) | Q(pk__in=tagged))
    return runs


def _cursor(sort: str, pk: str, value: Any) -> str:
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    return base64.urlsafe_b64encode(json.dumps([sort, plain, pk]).encode()).decode().rstrip("=")


def _beyond(wanted: Wanted, falls: bool) -> Q:
    """What comes after the cursor's run."""
    try:
        padded = wanted.after + "=" * (-len(wanted.after) % 4)
        sort, value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if sort != wanted.sort or not isinstance(pk, str) or not isinstance(value, (str, int, float, type(None))):
            raise ValueError
        if wanted.sort.endswith("created"):
            value = parse_datetime(str(value))
            if value is None:
                raise ValueError
        elif value is not None and isinstance(value, str) != (wanted.sort.lstrip("-") in SORTED_BY_WORDS):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        message = "This page's cursor cannot be read, or is of another order. Ask for the first page again."
        raise Refusal(422, "cursor", message, "after") from error
    if value is None:
        return Q(sort_missing=1, id__gt=pk)
    further = Q(sort_value__lt=value) if falls else Q(sort_value__gt=value)
    return Q(sort_missing=1) | Q(sort_missing=0) & (further | Q(sort_value=value, id__gt=pk))
