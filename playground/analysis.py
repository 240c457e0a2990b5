"""analyse(network): shapes, cost, receptive field and notices of every block. Pure; no I/O; integer arithmetic."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from playground import structure, sums, walk
from playground.findings import (
    Analysis,
    Cost,
    Fix,
    InnerNode,
    NodeAnalysis,
    Notice,
    ReceptiveField,
    Stage,
    Totals,
)
from playground.fixes import Document
from playground.guidelines import advise
from playground.measure import check_size
from playground.network import Edge, Network, Node
from playground.notes import Note, Price, priced, published
from playground.recipe import Recipe
from playground.shapes import Shape, ShapeError

__all__ = [
    "Analysis", "Cost", "Fix", "InnerNode", "NodeAnalysis", "Notice", "ReceptiveField", "Stage", "Totals", "analyse",
    "cost", "fixed",
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
    trained, of which batch, optimiser, start weights and rate matter here; None for the default recipe.

    Whatever is wrong with the network comes back as notices, errors first; nothing is raised.
    """
    walked = walk.walk(network, recipe)
    totals = walked.totals()
    notices = published(_notes(walked, totals, classes, images), _price_of(walked))
    opened = set(open)
    return Analysis.model_construct(
        nodes={node.id: walked.node_analysis(node, node.id in opened) for node in network.nodes},
        order=walked.wiring.order,
        totals=sums.with_formulas(walked, totals),
        stages=sums.stages(walked),
        notices=notices,
        trainable=not any(notice.level == "error" for notice in notices),
    )


def cost(network: Network) -> Cost | None:
    """What `analyse` counts, without its notices; None while an error leaves shapes unknown."""
    return _cost(walk.walk(network))


def fixed(
    network: Network,
    notice: str,
    node: str | None,
    classes: int | None = None,
    images: Shape | None = None,
    recipe: Recipe | None = None,
) -> Fix | None:
    """The fix of the notice with this id on this node, with its document; None where there is no such fix."""
    walked = walk.walk(network, recipe)
    for note in _notes(walked, walked.totals(), classes, images):
        if note.fix and (note.id, note.node) == (notice, node):
            return priced(note.fix_label, note.fix(), _price_of(walked))
    return None


def _price_of(walked: walk.Walked) -> Price:
    """Costs of the network as it is, counted once for all fixes, and of the one that a fix makes."""
    before = cache(lambda: _cost(walked))
    return lambda network: (before(), _cost(walk.walk(_unchecked(network))))


def _unchecked(network: Document) -> Network:
    """A document that was made here from one that was read: it need not be checked again. Places cost nothing."""
    return Network.model_construct(
        nodes=[Node.model_construct(**{**node, "position": None}) for node in network["nodes"]],
        edges=[Edge.model_construct(**edge) for edge in network["edges"]],
    )


def _cost(walked: walk.Walked) -> Cost | None:
    """None while an error leaves shapes unknown."""
    if len(walked.measures) < len(walked.nodes):
        return None
    totals = walked.totals()
    return Cost.model_construct(parameters=totals.parameters, macs=totals.macs, receptive_field=totals.receptive_field)


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
