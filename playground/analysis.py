"""analyse(network): shapes, cost, receptive field and notices of every block. Pure; no I/O; integer arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from playground import structure, sums, walk
from playground.findings import (
    Analysis,
    Fix,
    InnerNode,
    NodeAnalysis,
    Notice,
    ReceptiveField,
    Stage,
    Totals,
)
from playground.guidelines import advise
from playground.measure import check_size
from playground.network import Network
from playground.notes import Note, published
from playground.recipe import Recipe
from playground.shapes import Shape, ShapeError

__all__ = [
    "Analysis", "Fix", "InnerNode", "NodeAnalysis", "Notice", "ReceptiveField", "Stage", "Totals", "analyse", "fixed",
]  # fmt: skip


def analyse(
    network: Network,
    classes: int | None = None,
    open: Collection[str] = (),
    images: Shape | None = None,
    recipe: Recipe | None = None,
) -> Analysis:
    """Analyse a network. `open`: ids of composite blocks to list the inside of.

    `classes`: scores the data set wants; `images`: [channels, height, width] of its images; `recipe`: how it is to be
    trained, None for the recipe's defaults.

    Whatever is wrong with the network comes back as notices, errors first; nothing is raised.
    """
    walked = walk.walk(network, recipe)
    totals = walked.totals()
    notices = published(_notes(walked, totals, classes, images))
    opened = set(open)
    return Analysis.model_construct(
        nodes={node.id: walked.node_analysis(node, node.id in opened) for node in network.nodes},
        order=walked.wiring.order,
        totals=sums.with_formulas(walked, totals),
        stages=sums.stages(walked),
        notices=notices,
        trainable=not any(notice.level == "error" for notice in notices),
    )


def fixed(
    network: Network,
    notice: str,
    node: str | None,
    classes: int | None = None,
    images: Shape | None = None,
    recipe: Recipe | None = None,
) -> dict[str, Any] | None:
    """The document after the fix of the notice with this id on this node; None where there is no such fix."""
    walked = walk.walk(network, recipe)
    notes = _notes(walked, walked.totals(), classes, images)
    fix = next((note.fix for note in notes if note.fix and (note.id, note.node) == (notice, node)), None)
    return fix() if fix else None


def _notes(walked: walk.Walked, totals: Totals, classes: int | None, images: Shape | None) -> list[Note]:
    notes = [*structure.check(walked), *structure.check_images(walked, images), *walked.notes]
    notes += structure.check_heads(walked, classes)
    notes += [*_too_large(totals), *advise(walked)]
    rank = {"error": 0, "warning": 1, "advice": 2}
    return sorted(notes, key=lambda note: rank[note.level])


def _too_large(totals: Totals) -> list[Note]:
    try:
        check_size("The network", totals.parameters, totals.macs, totals.activation_bytes)
    except ShapeError as error:
        return [Note("error", error.id, None, error.message, error.hint)]
    return []
