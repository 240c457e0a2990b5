"""The runs that somebody wants to hold against each other."""

from __future__ import annotations

from collections.abc import Sequence

from playground.protocol import MOST_COMPARED, MissingRun
from webapp.problems import Refusal
from webapp.runs.models import Run, RunQuerySet
from webapp.sharing.over import NO_RUN, runs_over


def ids_of(text: str) -> list[str]:
    """Ids parted by commas, each once. Raises Refusal (422) for none and for too many."""
    ids = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not ids:
        raise Refusal(422, "runs", "Say which runs to compare: ?runs= with their ids, commas between.", "runs")
    if len(ids) > MOST_COMPARED:
        too_many = len(ids) - MOST_COMPARED
        message = f"At most {MOST_COMPARED} runs are compared at once; {len(ids)} were chosen. Leave {too_many} out."
        raise Refusal(422, "too_many", message, "runs")
    return ids


def chosen(seen: RunQuerySet, ids: Sequence[str]) -> tuple[list[Run], list[MissingRun]]:
    """Those that are there, in the order asked for; and those that are not, each with the reason. One query, two
    where some are missing."""
    found = {run.pk: run for run in seen.filter(pk__in=ids)}
    unseen = [each for each in ids if each not in found]
    gone = runs_over(unseen)
    missing = [MissingRun(id=each, message=gone[each].message if each in gone else NO_RUN) for each in unseen]
    return [found[each] for each in ids if each in found], missing
