"""How a run's layers stood at a step: gradients, updates and dead units by depth, the input's side first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite

from playground.protocol import LayerProfile, RunProfile
from webapp.compare.reading import Moment, at_once, moment, tail
from webapp.runs.models import Run
from webapp.telemetry.chunks import Table
from webapp.telemetry.history import LAST_STEP
from webapp.telemetry.shelf import EMPTY, Shelf, ends_of

STREAMS = ("steps", "layers")
NORMS = {"batch_norm"}
"""Their scale and shift are weights, but no layer that a depth is counted by."""


def profile(run: Run, step: int = LAST_STEP, tails: Mapping[str, Table | None] | None = None) -> RunProfile:
    """The layers with weights whose gradients were measured; what was not measured is None. tails: of its streams,
    where they have been read already."""
    tables = tails if tails is not None else tails_of(run, step)
    found = [each for each in (moment(run, stream, table) for stream, table in tables.items()) if each is not None]
    layers = (run.started or {}).get("layers", [])
    values = {key: value for each in reversed(found) for key, value in each.values.items()}
    weighted = [
        layer
        for layer in layers
        if layer["block"] not in NORMS and any(("gradient_rms", layer["id"]) in each.values for each in found)
    ]
    depth = {layer["id"]: index for index, layer in enumerate(weighted, start=1)}
    dead: dict[int, tuple[float, int]] = {}
    at = 0
    for layer in layers:
        at = depth.get(layer["id"], at)
        count = values.get(("dead", layer["id"]))
        if at and layer["units"] and count is not None and isfinite(count):
            fallen, units = dead.get(at, (0.0, 0))
            dead[at] = fallen + count, units + layer["units"]
    return RunProfile(
        run=run.pk,
        step=_step(found),
        layers=[
            LayerProfile(
                id=layer["id"],
                label=layer["label"],
                depth=index,
                gradient_rms=_finite(values.get(("gradient_rms", layer["id"]))),
                update_ratio=_finite(values.get(("update_ratio", layer["id"]))),
                dead=dead[index][0] / dead[index][1] if index in dead else None,
            )
            for index, layer in enumerate(weighted, start=1)
        ],
    )


def tails_of(run: Run, step: int = LAST_STEP, shelf: Shelf = EMPTY) -> dict[str, Table | None]:
    """The newest rows of the streams that layers are told in."""
    return {stream: tail(run, stream, step, shelf) for stream in STREAMS}


def profiles_of(runs: Sequence[Run], step: int) -> Iterator[RunProfile]:
    """profile() of each; at the end of the runs with a query for some of them at a time."""
    for some in at_once(runs):
        shelf = EMPTY if step < LAST_STEP else ends_of(runs=[run.pk for run in some], streams=STREAMS, level=0)
        yield from (profile(run, step, tails_of(run, step, shelf)) for run in some)


def _step(found: list[Moment]) -> int | None:
    return next((each.step for each in found if any(name == "gradient_rms" for name, _ in each.values)), None)


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
