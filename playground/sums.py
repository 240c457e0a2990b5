"""Sums over a network and over its stages, and how each is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from playground import memory
from playground.findings import Stage, Totals
from playground.formulas import FLOAT_BYTES, MAX_TERMS, both_sides, summed
from playground.measure import Measure
from playground.recipe import OPTIMISERS

if TYPE_CHECKING:
    from playground.walk import Walked

SUMS: dict[str, Callable[[Measure], int]] = {
    "parameters": lambda found: found.parameters,
    "macs": lambda found: found.macs,
    "activation_bytes": lambda found: found.activation_bytes,
    "weight_bytes": lambda found: found.weight_bytes,
}
"""What is summed over blocks."""


def totals(walked: Walked) -> Totals:
    """Sums over what was measured, without their formulas."""
    found = walked.measures.values()
    parameters = sum(each.parameters for each in found)
    activation_bytes = sum(each.activation_bytes for each in found)
    weight_bytes = sum(each.weight_bytes for each in found)
    recipe = walked.recipe
    kept = (1 + memory.kept_by_optimiser(recipe)) * FLOAT_BYTES * parameters
    return Totals.model_construct(
        parameters=parameters,
        macs=sum(each.macs for each in found),
        activation_bytes=activation_bytes,
        depth=max(walked.depths.values(), default=0),
        weight_bytes=weight_bytes,
        inference_bytes=walked.peak.bytes,
        training_bytes=recipe.batch_size * activation_bytes + weight_bytes + kept if found else 0,
        receptive_field=_size(walked),
        formulas={},
    )


def _size(walked: Walked) -> tuple[int, int] | None:
    """Fields only grow along a way, so the widest is the last image's; what looked at a whole image is left out."""
    seen = [walked.fields[node] for node in walked.sights]
    if not seen:
        return None
    return max(field.vertical.size for field in seen), max(field.horizontal.size for field in seen)


def _sight(walked: Walked, axis: int) -> str:
    """The widest field followed back along one direction: each window adds (size − 1) · stride before it."""
    node = max(walked.sights, key=lambda each: walked.fields[each][axis].size)
    start = size = walked.fields[node][axis].size
    runs: list[list[Any]] = []
    while (sources := walked.wiring.inputs[node]) and len(runs) < MAX_TERMS:
        own = walked.measures[node].field[axis].size
        node = sources[0] if len(sources) == 1 else max(sources, key=lambda each: walked.fields[each][axis].size)
        before = walked.fields[node][axis]
        if len(sources) > 1 and before.size < start:
            break  # no one branch is as wide as they are together
        start = before.size
        if own > 1:
            term = f"({own} − 1) · {before.stride}"
            if runs and runs[-1][0] == term:
                runs[-1][1] += 1
            else:
                runs.append([term, 1])
    words = [term if count == 1 else f"{count} · {term}" for term, count in reversed(runs)]
    return f"{' + '.join([str(start), *words])} = {size}"


def with_formulas(walked: Walked, sums: Totals) -> Totals:
    """The same with how each number is made."""
    formulas = _sums(walked.measures[node] for node in walked.measures)
    if walked.sights:
        vertical = _sight(walked, 0)
        square = all(field.vertical == field.horizontal for field in walked.fields.values())
        formulas["receptive_field"] = vertical if square else both_sides(vertical, _sight(walked, 1))
    if sums.depth:
        formulas["depth"] = summed(_longest_path(walked))
    if walked.measures:
        formulas["inference_bytes"] = _inference(walked)
        formulas["training_bytes"] = _training(walked, sums)
    return sums.model_copy(update={"formulas": formulas})


def _sums(found: Iterable[Measure]) -> dict[str, str]:
    measures = list(found)
    made = {name: summed(map(count, measures)) for name, count in SUMS.items()}
    return {name: f"{text} bytes" if name.endswith("bytes") else text for name, text in made.items() if text}


def _longest_path(walked: Walked) -> list[int]:
    """Depths of the blocks along the longest path, from its start on."""
    path: list[int] = []
    node = max(walked.depths, key=walked.depths.__getitem__, default=None)
    while node is not None:
        path.append(walked.measures[node].depth)
        sources = walked.wiring.inputs[node]
        node = max(sources, key=walked.depths.__getitem__, default=None)
    return path[::-1]


def _inference(walked: Walked) -> str:
    """The outputs alive at the peak and the block that is at work."""
    peak = walked.peak
    node = walked.inference_order[peak.at]
    found = walked.measures[node]
    name = walked.name(node)
    if len(found.parts) > 1:
        name = f"{found.parts[peak.part].primitive.block.default_label()} in {name}"
    return f"{summed(peak.alive)} bytes, while {name} runs"


def _training(walked: Walked, sums: Totals) -> str:
    recipe = walked.recipe
    optimiser = next(choice.label for choice in OPTIMISERS if choice.value == recipe.optimiser)
    gradients = sums.parameters * FLOAT_BYTES
    terms = {
        "outputs": summed([sums.activation_bytes] * recipe.batch_size),
        "weights": summed([sums.weight_bytes]),
        "gradients": summed([gradients]),
        f"kept by {optimiser}": summed([gradients] * memory.kept_by_optimiser(recipe)),
    }
    return f"{' + '.join(f'{term} ({what})' for what, term in terms.items() if term)} bytes"


def stages(walked: Walked) -> list[Stage]:
    """Sums over the blocks of each stage, in the order of the analysis."""
    members: dict[str, list[str]] = {}
    for node in walked.wiring.order:
        stage = walked.nodes[node].stage
        if stage is not None:
            members.setdefault(stage, []).append(node)
    return [_stage(walked, name, nodes) for name, nodes in members.items()]


def _stage(walked: Walked, name: str, nodes: list[str]) -> Stage:
    found = [walked.measures[node] for node in nodes if node in walked.measures]
    members = set(nodes)
    leading = [node for node in nodes if not members.issuperset(walked.wiring.outputs[node])]
    last = walked.measures.get((leading or nodes)[-1])
    depths: dict[str, int] = {}
    for node in nodes:
        if node in walked.measures:
            before = max((depths.get(source, 0) for source in walked.wiring.inputs[node]), default=0)
            depths[node] = before + walked.measures[node].depth
    return Stage.model_construct(
        name=name,
        nodes=nodes,
        shape=list(last.shape) if last else None,
        parameters=sum(each.parameters for each in found),
        macs=sum(each.macs for each in found),
        activation_bytes=sum(each.activation_bytes for each in found),
        weight_bytes=sum(each.weight_bytes for each in found),
        depth=max(depths.values(), default=0),
        formulas=_sums(found),
    )
