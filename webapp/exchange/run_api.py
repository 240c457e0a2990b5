"""Files of a run: whoever may look at the run may take them."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Router
from pydantic import BaseModel

from playground.experiment_file import ExperimentFile
from playground.plan import NotTrainable
from playground.protocol import Problem, StreamName, Takeaway
from webapp.answers import JSON, answer_list
from webapp.artifacts.models import RunArtifact
from webapp.artifacts.services import weights_of
from webapp.exchange import metrics, run_files
from webapp.exchange.archive import zipped
from webapp.exchange.event_files import event_entries
from webapp.exchange.onnx_out import WeightError
from webapp.exchange.refusal import Unsupported
from webapp.exchange.report import report
from webapp.exchange.takeaways import NO_CARD, takeaways, why_no_onnx, why_no_weights
from webapp.problems import Refusal
from webapp.runs.api import run_seen
from webapp.runs.models import Run
from webapp.security import READ
from webapp.streaming import download
from webapp.viewers import viewer_of

router = Router(tags=["take it with you"])

BYTES = "application/octet-stream"
ZIP = "application/zip"
NOT_YET = {409: Problem}


class MetricsColumn(BaseModel):
    name: str
    """As in the table's head."""
    quantity: str
    layer: str | None


class MetricsStream(BaseModel):
    columns: list[MetricsColumn]
    rows: list[list[float | None]]
    """Step, attempt, then the figure of each column; null where nothing was measured."""


class Metrics(BaseModel):
    """All that a run measured."""

    run: str
    name: str
    number: int
    recipe: dict[str, Any]
    streams: dict[StreamName, MetricsStream]


def _file(*content_types: str) -> dict[str, object]:
    content = {name: {"schema": {"type": "string", "format": "binary"}} for name in content_types}
    return {"responses": {200: {"description": "The file.", "content": content}}}


@router.get("/runs/{run}/takeaways", response=list[Takeaway], auth=READ)
def all_of_them(request: HttpRequest, run: str) -> HttpResponse:
    """What can be taken of a run, with sizes, and why something is not there yet."""
    return answer_list(takeaways(run_seen(request, run)))


@router.get("/runs/{run}/weights", response=NOT_YET, auth=READ, openapi_extra=_file(BYTES))
def weights(request: HttpRequest, run: str) -> HttpResponse:
    """The weights that the run ended with: safetensors, named as in the exported PyTorch class's state_dict."""
    seen = run_seen(request, run)
    kept = _kept(seen)
    size = run_files.weights_size(seen, kept)
    parts = run_files.weights_parts(seen, kept)
    return download(request, parts, name=f"{run_files.stem(seen)}.safetensors", content_type=BYTES, size=size)


@router.get("/runs/{run}/code", response=NOT_YET, auth=READ, openapi_extra=_file(ZIP, "text/x-python"))
def code(request: HttpRequest, run: str, part: Literal["all", "program"] = "all") -> HttpResponse:
    """A zip: the network as PyTorch code, its weights, and what loads and evaluates them; or the code alone."""
    seen = run_seen(request, run)
    kept = _kept(seen)
    facts = run_files.trained(seen, kept)
    if facts is None:
        raise Refusal(409, "not_now", NO_CARD)
    try:
        text = run_files.program_of(seen, facts)
    except NotTrainable as error:
        raise Refusal(422, "not_trainable", str(error)) from error
    if part == "program":
        return _whole(text.encode(), "evaluate.py", "text/x-python; charset=utf-8")
    parts = zipped(run_files.code_entries(seen, kept, facts), seen.created)
    return download(request, parts, name=f"{run_files.stem(seen)}-pytorch.zip", content_type=ZIP)


@router.get("/runs/{run}/onnx", response=NOT_YET, auth=READ, openapi_extra=_file(BYTES))
def onnx(request: HttpRequest, run: str) -> HttpResponse:
    """The network as an ONNX model with the weights that the run ended with."""
    seen = run_seen(request, run)
    kept = _kept(seen)
    if blocked := why_no_onnx(kept):
        raise Refusal(409, "too_large", blocked)
    try:
        model = run_files.onnx_file(seen, kept)
    except NotTrainable as error:
        raise Refusal(422, "not_trainable", str(error)) from error
    except (Unsupported, WeightError) as error:
        raise Refusal(422, "model", str(error)) from error
    return _whole(model, f"{run_files.stem(seen)}.onnx", BYTES)


@router.get("/runs/{run}/experiment.json", response=ExperimentFile, auth=READ)
def experiment(request: HttpRequest, run: str) -> HttpResponse:
    """Network, recipe and what was done by hand: `python -m worker train` trains the same curve again."""
    seen = run_seen(request, run)
    return _whole(run_files.experiment_text(seen).encode(), f"{run_files.stem(seen)}-experiment.json", JSON)


@router.get("/runs/{run}/metrics.csv", auth=READ, openapi_extra=_file("text/csv"))
def metrics_csv(request: HttpRequest, run: str, stream: StreamName = "steps") -> HttpResponse:
    """Every stored row of a stream as a table, its columns named by quantity and layer."""
    seen = run_seen(request, run)
    name = f"{run_files.stem(seen)}-{stream}.csv"
    return download(request, metrics.csv_parts(seen, stream), name=name, content_type="text/csv; charset=utf-8")


@router.get("/runs/{run}/metrics.json", response=Metrics, auth=READ)
def metrics_json(request: HttpRequest, run: str) -> HttpResponse:
    """Every stored row of every stream."""
    seen = run_seen(request, run)
    return download(request, metrics.json_parts(seen), name=f"{run_files.stem(seen)}-metrics.json", content_type=JSON)


@router.get("/runs/{run}/tensorboard.zip", auth=READ, openapi_extra=_file(ZIP))
def tensorboard(request: HttpRequest, run: str) -> HttpResponse:
    """The streams as event files for TensorBoard."""
    seen = run_seen(request, run)
    parts = zipped(event_entries(seen), seen.created)
    return download(request, parts, name=f"{run_files.stem(seen)}-tensorboard.zip", content_type=ZIP)


@router.get("/runs/{run}/report.html", auth=READ, openapi_extra=_file("text/html"))
def report_page(request: HttpRequest, run: str) -> HttpResponse:
    """The run on one page that stands alone: drawing, recipe, curves, evaluation, how to reproduce it."""
    seen = run_seen(request, run)
    return _whole(
        report(seen, viewer_of(request)).encode(), f"{run_files.stem(seen)}-report.html", "text/html; charset=utf-8"
    )


def _kept(run: Run) -> RunArtifact:
    kept = weights_of(run)
    if (blocked := why_no_weights(run, kept)) or kept is None:
        raise Refusal(409, "not_now", blocked or "")
    return kept


def _whole(content: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name) or ""}
    return HttpResponse(content, content_type=content_type, headers=headers)
