"""The list of kinds of twins, filled by the decorator, and the rules that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from playground.analysis import Analysis, analyse
from playground.datasets import DATASETS, Dataset
from playground.fixes import Document
from playground.network import DocumentError, Network, read_network
from playground.plan import plan
from playground.recipe import Recipe
from playground.walk import Walked, walk


@dataclass(frozen=True)
class Original:
    """What the twin differs from in one thing."""

    network: Network
    recipe: Recipe
    dataset: Dataset | None = None
    """Record of the recipe's data set; None: the one that everybody knows by that name."""

    @cached_property
    def data(self) -> Dataset:
        return self.dataset or DATASETS[self.recipe.dataset]

    @cached_property
    def walked(self) -> Walked:
        return walk(self.network)

    @cached_property
    def cost(self) -> Cost:
        return cost_of(self.analysis)

    @cached_property
    def analysis(self) -> Analysis:
        return _analysed(self.network, self.recipe, self.data)

    @cached_property
    def drawn(self) -> list[Any]:
        """What start weights are drawn for, see `drawn_for`."""
        return drawn_for(self.network)


class Cost(NamedTuple):
    parameters: int
    macs: int
    """Multiply-adds for one image."""
    depth: int
    """Layers with weights on the longest path."""


@dataclass(frozen=True)
class Variant:
    """One way to make a twin of a kind."""

    option: str
    """Names it within the kind: "sigmoid"."""
    label: str
    """On the button: "Sigmoid everywhere"."""
    ending: str
    """Behind the twin's name: "sigmoid"."""
    says: str
    """What changes, as one sentence."""
    network: Document | None = None
    recipe: dict[str, Any] = field(default_factory=dict)
    caution: str = ""
    """What to bear in mind when the two are compared; a sentence, or nothing."""


@dataclass(frozen=True)
class Twin:
    """A variant that can train, with its numbers. The recipe's seed is the original's."""

    kind: Kind
    variant: Variant
    network: Network
    recipe: Recipe
    before: Cost
    after: Cost
    fair: str
    """What the two have in common, in words."""


Make = Callable[[Original], Sequence[Variant]]


@dataclass(frozen=True)
class Kind:
    id: str
    title: str
    """"Another activation"."""
    asks: str
    """The question that the pair answers."""
    lecture: tuple[str, ...]
    """Items of the lecture on convolutional networks that it stands for: L8."""
    make: Make


KINDS: dict[str, Kind] = {}


def twin(id: str, title: str, asks: str, lecture: tuple[str, ...] = ()) -> Callable[[Make], Make]:
    """Enter a kind into the list."""

    def enter(make: Make) -> Make:
        if id in KINDS:
            raise TypeError(f"There are two kinds of twins named '{id}'. Give the second another name.")
        KINDS[id] = Kind(id, title, asks, lecture, make)
        return make

    return enter


def twins(original: Original, kind: str | None = None) -> list[Twin]:
    """Every twin that the original can have, or those of a kind; none of a network that cannot train itself."""
    if not original.analysis.trainable:
        return []
    wanted = KINDS.values() if kind is None else [KINDS[kind]] if kind in KINDS else []
    made = (_made(original, each, variant) for each in wanted for variant in each.make(original))
    return [twin for twin in made if twin is not None]


def _made(original: Original, kind: Kind, variant: Variant) -> Twin | None:
    """None where the change changes nothing, or the twin could not train or would end in another shape."""
    recipe = Recipe.model_validate({**original.recipe.model_dump(), **variant.recipe})
    network, analysis = original.network, original.analysis
    if variant.network is not None:
        try:
            network = read_network(_canonical(variant.network))
        except DocumentError:  # more blocks than a document may have
            return None
        analysis = _analysed(network, recipe, original.data)
    if (network, recipe) == (original.network, original.recipe) or not analysis.trainable:
        return None
    if _end(network, analysis) != _end(original.network, original.analysis):
        return None
    after = cost_of(analysis)
    return Twin(kind, variant, network, recipe, original.cost, after, _fair(original, network, recipe))


def _canonical(document: Document) -> Document:
    """As documents come over the wire: lists for pairs."""
    return _listed(document)  # type: ignore[no-any-return]


def _listed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, (list, tuple)) else value


def _analysed(network: Network, recipe: Recipe, dataset: Dataset) -> Analysis:
    return analyse(network, classes=len(dataset.classes), images=dataset.shape, recipe=recipe)


def cost_of(analysis: Analysis) -> Cost:
    totals = analysis.totals
    return Cost(totals.parameters, totals.macs, totals.depth)


def _end(network: Network, analysis: Analysis) -> list[int] | None:
    return next((analysis.nodes[node.id].shape for node in network.nodes if node.block == "output"), None)


def drawn_for(network: Network) -> list[Any]:
    """The layers whose start weights are drawn at random, in the order of drawing. Equal lists start alike."""
    drawn = {"Conv2d", "Linear"}
    return [
        (step.layer.module, step.layer.arguments, step.input_shapes)
        for step in plan(network).steps
        if step.layer is not None and step.layer.module in drawn
    ]


def _fair(original: Original, network: Network, recipe: Recipe) -> str:
    if recipe.seed != original.recipe.seed or recipe.dataset != original.recipe.dataset:
        raise ValueError("A twin keeps the seed and the data.")
    same = "Both take the same images in the same order"
    if recipe.initialisation != original.recipe.initialisation:
        return f"{same}; the start weights are drawn with the same seed, from another distribution."
    if network is original.network or drawn_for(network) == original.drawn:
        return f"{same} and start from the same weights."
    return f"{same}; the start weights are drawn with the same seed, for other layers."


def called(name: str, ending: str, most: int = 120) -> str:
    """The twin's name: the original's, cut where both would not fit, and the ending."""
    return f"{name[: most - len(ending) - 2]}, {ending}"
