"""ReLU stacks whose units will die: with the rate that the recipe has, or with its start weights.

The limits come from a measurement: benchmarks/dying_relus.py trains stacks of 1 to 20 layers and counts the units that
are zero for every training image after 200 steps. docs/benchmarks.md has its table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import exp, floor, log, log10, prod, sqrt
from typing import NamedTuple

from playground import fixes
from playground.blocks.activation import LeakyReLU
from playground.blocks.convolution import Conv2d, DepthwiseConv2d
from playground.fixes import Document
from playground.guidelines.registry import guideline, page
from playground.measure import Part
from playground.notes import Note
from playground.recipe import INITIALISATIONS, OPTIMISERS, Recipe
from playground.shapes import both
from playground.start_weights import variance
from playground.walk import Walked

MAX_SGD, MAX_SGD_STACK = 0.6, 1.8
"""Of rate / √(1 − momentum), for one ReLU and for a stack, divided by its ReLUs."""
MAX_ADAPTIVE, MAX_ADAPTIVE_STACK = 0.02, 0.11
"""Likewise of the rate of Adam and AdamW and of RMSprop's rate / (1 − momentum): their steps are as large as the rate,
whatever the gradient."""
LEAST_SIGNAL = 0.02
"""Of the input's deviation, at the last ReLU."""


class _State(NamedTuple):
    """Of the values at a block, along the best way that leads to it."""

    signal: float
    """Logarithm of their mean square, 0 at the input and behind each batch norm."""
    relus: int
    """ReLUs since the input or the last batch norm, those straight behind it left out."""
    weighed: bool
    """A layer with weights came since."""


START = _State(0.0, 0, False)
"""Images have mean square 1, and so has what comes out of batch norm."""


@guideline(
    page(
        id="dying.W001",
        title="A rate at which ReLU units live",
        why="""
        A ReLU unit whose input is negative for every image gives zero, and its gradient is zero: nothing brings it
        back. One step that is too large is enough to push it there, and with momentum a step is up to 1/(1 −
        momentum) times the rate times the gradient.

        How large is too large depends on the depth: each layer multiplies the disturbance of the one before it. We
        measured stacks of 32 ReLU units a layer on the small digits, from He's start weights, by SGD with momentum
        0.9. After 200 steps at a rate of 0.03, 2 to 12 % of the units are dead in stacks of up to 12 layers; at 0.1
        up to 22 % in 1 to 4 layers, but all of them in 8; at 0.3 44 % in 2 layers and 77 % in 4. By Adam at 0.03 it is
        25 % in 2 layers and 57 % in 12. Where most units die, the network guesses.

        Lower the rate first. Batch norm before each ReLU puts about half of a unit's inputs above zero again and
        again: in up to 8 layers at most 1 % died at any of these rates of SGD, and all stacks learned. Leaky ReLU lets
        a hundredth of the gradient through on the negative side, so that a unit can come back: by Adam at 0.03 half as
        many stayed below zero in 2 and in 4 layers. It does not make a rate bearable, though: by SGD at 0.3 the loss
        of 2 layers grew beyond all numbers.
        """,
        rule=f"""
        On the way with the fewest, some ReLU is the nth since the image or the last batch norm; and for SGD rate /
        √(1 − momentum) is above {MAX_SGD:g} or above {MAX_SGD_STACK:g} / n, for Adam and AdamW the rate, for RMSprop
        rate / (1 − momentum) is above {MAX_ADAPTIVE:g} or above {MAX_ADAPTIVE_STACK:g} / n. A ReLU straight behind a
        batch norm does not count.
        """,
        source="""
        Lu, Shin, Su and Karniadakis, Dying ReLU and Initialization, 2020; limits: our measurement,
        benchmarks/dying_relus.py
        """,
        lecture=["L11", "L12"],
    ),
    page(
        id="dying.W002",
        title="Start weights that keep the signal",
        why="""
        Each output of a layer is a sum of n products, n its fan-in; if weights have variance v, the sum has n·v times
        the mean square of its inputs, and the ReLU behind it halves that. So a stack keeps its signal where n·v/2 =
        1, which is He's rule: variance 2/n. With torch's own start, variance 1/(3n), each layer keeps a sixth; with
        Glorot's about half; with a fixed deviation of 0.01 and a fan-in of 144 less than a hundredth.

        The factors multiply. After some layers the images no longer differ from one another, biases decide alone, and
        up to half of the units are zero for all images. We measured 8 layers of 32 units on the small digits: after 200
        steps of SGD at a rate of 0.01, 4 % of the units are dead from He's start and 98 % of the images right; from
        Glorot's 8 % and 86 %; from torch's own 29 % and from a deviation of 0.01 34 %, and both still guess.

        Choose He normal as start weights, or let batch norm bring each layer back to variance 1.
        """,
        rule=f"""
        The square root of the product of n·v/2 over the layers of a ReLU stack, along the best way from the image or
        from the last batch norm to some ReLU, is below {LEAST_SIGNAL:g}. The press puts batch norm before each ReLU.
        """,
        source="""
        He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015, section 2.2; Hanin and Rolnick, How to Start
        Training, 2018; Lu, Shin, Su and Karniadakis, Dying ReLU and Initialization, 2020
        """,
        lecture=["L10", "L11"],
    ),
)
def stacks_that_die(walked: Walked) -> list[Note]:
    """Large steps push units to where they are zero for every image; faint signals leave it to the biases."""
    states = _states(walked)
    if not states:
        return []
    return [*_rate_that_kills(walked, states), *_start_that_fades(walked, states)]


def _rate_that_kills(walked: Walked, states: dict[str, _State]) -> list[Note]:
    recipe = walked.recipe
    deepest = max(states, key=lambda node: states[node].relus)
    depth = states[deepest].relus
    if not depth or recipe.learning_rate <= _highest_rate(recipe, depth):
        return []
    optimiser = next(each.label for each in OPTIMISERS if each.value == recipe.optimiser)
    safe = _one_digit(_highest_rate(recipe, depth))
    return [
        Note(
            "warning", "dying.W001", deepest,
            f"{walked.name(deepest)} ends a stack of {depth} ReLU{'s' if depth > 1 else ''} without batch norm; at a"
            f" rate of {recipe.learning_rate:g} {optimiser} will leave many of their units dead.",
            f"Use a rate of {safe:g} or less. Batch norm before each ReLU keeps them alive at this rate too.",
            *_way_out(walked),
        )
    ]  # fmt: skip


def _start_that_fades(walked: Walked, states: dict[str, _State]) -> list[Note]:
    weakest = min(states, key=lambda node: states[node].signal)
    if states[weakest].signal / 2 >= log(LEAST_SIGNAL):
        return []
    kind = walked.recipe.initialisation
    label = next(each.label for each in INITIALISATIONS if each.value == kind)
    left = exp(states[weakest].signal / 2)
    return [
        Note(
            "warning", "dying.W002", weakest,
            f"With the start weights “{label}” {_percent(left)} of the signal is left at {walked.name(weakest)}; many"
            " of its units will be zero for every image.",
            "Choose He normal as start weights, which keeps the signal through ReLUs, or insert batch norm.",
            *_way_out(walked),
        )
    ]  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share >= 0.001 else "less than 0.1 %"


def _highest_rate(recipe: Recipe, relus: int) -> float:
    """That a stack is known to bear."""
    if recipe.optimiser == "sgd":
        return min(MAX_SGD, MAX_SGD_STACK / relus) * sqrt(1 - recipe.momentum)
    kept = recipe.momentum if recipe.optimiser == "rmsprop" else 0.0
    return min(MAX_ADAPTIVE, MAX_ADAPTIVE_STACK / relus) * (1 - kept)


def _one_digit(rate: float) -> float:
    """Rounded down."""
    unit = 10.0 ** floor(log10(rate))
    return floor(rate / unit) * unit


def _states(walked: Walked) -> dict[str, _State]:
    """At the blocks that end in a ReLU."""
    kind = walked.recipe.initialisation
    known: dict[tuple[int, _State], _State] = {}
    states: dict[str, _State] = {}
    for node in walked.wiring.order:
        found = walked.measures.get(node)
        if found is None:
            continue
        before = _best(states[source] for source in walked.wiring.inputs[node])
        key = (id(found), before)
        if key not in known:
            known[key] = _through(found.parts, before, kind)
        states[node] = known[key]
    return {
        node: state for node, state in states.items() if walked.measures[node].parts[-1].primitive.block.kind == "relu"
    }


def _best(states: Iterable[_State]) -> _State:
    """Of several ways that meet."""
    found = list(states)
    if not found:
        return START
    if len(found) == 1:
        return found[0]
    signals, relus, weighed = zip(*found, strict=True)
    return _State(max(signals), min(relus), all(weighed))


def _through(parts: tuple[Part, ...], before: _State, initialisation: str) -> _State:
    ways = {"in": before}
    for part in parts:
        state = _best(ways[name] for name in part.primitive.inputs)
        ways[part.primitive.name] = _after(part, state, initialisation)
    return ways[parts[-1].primitive.name]


def _after(part: Part, state: _State, initialisation: str) -> _State:
    block = part.primitive.block
    if part.macs:
        fan_in = part.macs // prod(part.primitive.shape)
        area = prod(both(block.kernel_size)) if isinstance(block, Conv2d | DepthwiseConv2d) else 1
        gain = fan_in * variance(initialisation, fan_in, part.primitive.shape[0] * area)
        return _State(state.signal + log(gain), state.relus, True)
    if block.kind == "relu":
        return _State(state.signal - log(2), state.relus + state.weighed, state.weighed)
    if isinstance(block, LeakyReLU):
        return _State(state.signal + log((1 + block.slope**2) / 2), state.relus, state.weighed)
    if block.kind == "batch_norm" or (block.family == "activation" and block.kind != "linear_activation"):
        return START
    return state


def _way_out(walked: Walked) -> tuple[str, Callable[[], Document] | None]:
    """What the press says, and the document with batch norm; none where ReLUs stand inside a user's own group."""
    blocks = [found.block for found in walked.measures.values() if any(_is_relu(part) for part in found.parts)]
    if any(block.composite and not hasattr(block, "normalise") for block in blocks):
        return "", None
    return "Insert batch norm", partial(_normalised, walked)


def _is_relu(part: Part) -> bool:
    return part.primitive.block.kind == "relu"


def _normalised(walked: Walked) -> Document:
    """Batch norm before each ReLU that has none, and no bias in the layer before it."""
    targets: list[str] = []
    changes: dict[str, dict[str, object]] = {}
    for node, found in walked.measures.items():
        params = walked.nodes[node].params
        if getattr(found.block, "normalise", True) is False:
            changes[node] = {"params": {**params, "normalise": True}}
        source = walked.wiring.inputs[node][0] if found.block.kind == "relu" else ""
        if not source or walked.nodes[source].block == "batch_norm":
            continue
        targets.append(node)
        if getattr(walked.measures[source].block, "bias", False) and walked.wiring.outputs[source] == [node]:
            changes[source] = {"params": {**walked.nodes[source].params, "bias": False}}
    return fixes.insert_before_each(fixes.change_each(walked.document, changes), targets, "batch_norm")
