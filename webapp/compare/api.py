"""Comparisons: several runs in one answer. Whoever may see a run may compare it."""

from __future__ import annotations

import json
from itertools import chain
from typing import Annotated, Any, get_args

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from playground.protocol import Comparison, Profiles, StreamName, encode, pack
from webapp.answers import JSON, answer, conditional, etag_of
from webapp.compare.chosen import chosen, ids_of
from webapp.compare.comparison_of import comparison
from webapp.compare.profiles import profiles_of
from webapp.compare.reading import curve_records, curves, curves_json
from webapp.problems import Refusal
from webapp.runs.models import Run
from webapp.security import READ
from webapp.telemetry.history import LAST_STEP
from webapp.viewers import viewer_of

router = Router(tags=["compare"])

BINARY = "application/octet-stream"
STREAMS: tuple[str, ...] = get_args(StreamName)


class ComparisonAnswer(Comparison):
    """`curves`: where streams were asked for, each run's as in its history."""

    curves: list[dict[str, Any]] = []


@router.get("/compare", response=ComparisonAnswer, auth=READ)
def compare(
    request: HttpRequest,
    runs: Annotated[str, Query(max_length=2000)],
    stream: Annotated[str, Query(max_length=200)] = "",
    rows: Annotated[str, Query(max_length=2000)] = "",
    points: Annotated[int, Query(ge=16, le=20_000)] = 800,
) -> HttpResponse:
    """Up to 20 runs, by their ids with commas between, held against the first of them: figures, settings, differences
    in words, seeds taken together, and the best for their cost.

    `stream`: loss and accuracy to give along, of one or several of steps, validation and training, in about `points`
    rows each; `rows`: of these runs alone. With Accept: application/octet-stream a container whose first record is the
    comparison.
    """
    viewer = viewer_of(request)
    found, missing = chosen(Run.objects.seen_by(viewer), ids_of(runs))
    streams = _streams(stream)
    wanted = set(rows.split(",")) if rows else {run.pk for run in found}
    binary = BINARY in request.headers.get("Accept", "")

    def make() -> HttpResponse:
        compared = comparison(found, missing, viewer)
        told = curves([run for run in found if run.pk in wanted], streams, points)
        if binary:
            records = [encode(compared), *chain.from_iterable(map(curve_records, told))]
            return HttpResponse(pack(records), content_type=BINARY)
        if not streams:
            return answer(compared)
        body = compared.model_dump(mode="json")
        body["curves"] = [curves_json(each) for each in told]
        return HttpResponse(json.dumps(body), content_type=JSON)

    versions = [(run.pk, run.lease, run.cursor, run.state, run.name, run.experiment.name) for run in found]
    etag = etag_of(versions, [each.id for each in missing], streams, sorted(wanted), points, binary, viewer.owner)
    response = conditional(request, etag, make)
    response["Vary"] = "Accept, Cookie"
    return response


@router.get("/compare/profiles", response=Profiles, auth=READ)
def profiles(
    request: HttpRequest,
    runs: Annotated[str, Query(max_length=2000)],
    step: Annotated[int, Query(ge=0, le=LAST_STEP)] = LAST_STEP,
) -> HttpResponse:
    """How the layers of each run stood at a step, or at the end: gradients, updates and dead units by depth."""
    found, missing = chosen(Run.objects.seen_by(viewer_of(request)), ids_of(runs))
    return answer(Profiles(profiles=list(profiles_of(found, step)), missing=missing))


def _streams(text: str) -> list[str]:
    names = list(dict.fromkeys(filter(None, text.split(","))))
    unknown = [name for name in names if name not in STREAMS]
    if unknown:
        message = f"There is no stream '{unknown[0][:40]}'. Choose of: {', '.join(STREAMS)}."
        raise Refusal(422, "stream", message, "stream")
    return names
