"""Sweeps: one or two settings through several values, and several seeds; what runs that makes, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from playground import fixes
from playground.analysis import analyse
from playground.datasets import DATASETS, Dataset
from playground.difference import RECIPE_FIELDS, value_words
from playground.faults import refusal
from playground.fields import FieldSpec
from playground.labels import unique
from playground.network import DocumentError, Network, read_network
from playground.recipe import Recipe, RecipeError, read_recipe
from playground.settings import SettingError, make_block

MOST_RUNS = 24
MOST_AXES = 2
FIXED = {"dataset", "seed", "device", "dead_window"}
"""Settings of the recipe that no sweep is about: other data is no comparison, and seeds are counted."""
SWEPT = {"whole", "real", "switch", "choice", "pair", "padding"}
BACKWARD = 3
"""A step forward and back costs about three times the multiply-adds of a pass forward: gradients of weights and of
inputs are one more each."""


class Axis(BaseModel):
    """One setting and its values: a list, or `count` of them from `low` to `high`."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    field: str = Field(max_length=160)
    """A setting of the recipe, "learning_rate", or of a block, its id before a stroke: "conv1/filters"."""
    values: list[Any] | None = Field(None, max_length=MOST_RUNS)
    low: float | None = None
    high: float | None = None
    count: int = Field(4, ge=2, le=MOST_RUNS)
    scale: Literal["linear", "log"] = "linear"


class Setting(BaseModel):
    """One value of a swept setting."""

    model_config = ConfigDict(frozen=True)
    field: str
    label: str
    value: Any
    words: str

    @property
    def within(self) -> str:
        """The label in a sentence: a block's name stays as it is written."""
        return self.label if "/" in self.field else self.label.lower()


class SweepField(BaseModel):
    """A setting that can be swept, with its value now."""

    model_config = ConfigDict(frozen=True)
    field: str
    owner: str
    """"Recipe", or the block's name, told apart from others of that name: "Conv 3×3 b"."""
    spec: FieldSpec
    value: Any


class Member(BaseModel):
    """One run of a sweep."""

    model_config = ConfigDict(frozen=True)
    network: Network
    recipe: Recipe
    settings: list[Setting]
    parameters: int
    macs: int
    """For one image."""
    work: int
    """Multiply-adds of the whole training, about: forward and back over every image of every epoch."""

    @property
    def name(self) -> str:
        """Behind the experiment's name: "rate 0.01, seed 3"."""
        return ", ".join(f"{each.within} {each.words}" for each in self.settings)


class SweepError(ValueError):
    """The sweep cannot be made. `path` is where: axes[0].values."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def sweep_fields(network: Network, recipe: Recipe) -> list[SweepField]:
    """Every setting that can be swept: the recipe's, then the blocks' in the order of the document."""
    fields = [
        SweepField(field=spec.name, owner="Recipe", spec=spec, value=getattr(recipe, spec.name))
        for spec in RECIPE_FIELDS
        if spec.name not in FIXED and spec.kind in SWEPT
    ]
    blocks = []
    for node in network.nodes:
        try:
            block = make_block(node.block, node.params)
        except SettingError:
            continue
        if not block.only_one:
            blocks.append((node, block))
    owners = unique([node.label or block.default_label() for node, block in blocks])
    for (node, block), owner in zip(blocks, owners, strict=True):
        fields += [
            SweepField(field=f"{node.id}/{spec.name}", owner=owner, spec=spec, value=getattr(block, spec.name))
            for spec in block.fields()
            if spec.kind in SWEPT
        ]
    return fields


def members(
    network: Network, recipe: Recipe, axes: Sequence[Axis], seeds: int = 1, dataset: Dataset | None = None
) -> list[Member]:
    """The runs of a sweep: every value of the first setting with every value of the second, each with every seed.

    dataset: record of the recipe's data set; None: the one that everybody knows by that name.
    Raises SweepError for a setting or value that is none, a network that cannot train, or too many runs.
    """
    if len(axes) > MOST_AXES:
        raise SweepError(f"A sweep goes over {MOST_AXES} settings at most, not {len(axes)}.", "axes")
    if len({axis.field for axis in axes}) < len(axes):
        raise SweepError("Both settings are the same. Choose another for the second.", "axes[1].field")
    if not axes and seeds < 2:
        raise SweepError("There is nothing to compare. Choose a setting, or more than one seed.", "axes")
    known = {each.field: each for each in sweep_fields(network, recipe)}
    ways = [_settings(axis, known, f"axes[{place}]") for place, axis in enumerate(axes)]
    count = math.prod(len(way) for way in ways) * seeds
    if count > MOST_RUNS:
        message = f"That makes {count} runs; a sweep has {MOST_RUNS} at most. Take fewer values or seeds."
        raise SweepError(message, "axes")
    ways.append([_seed(recipe.seed + step) for step in range(seeds)] if seeds > 1 else [])
    data = dataset or DATASETS[recipe.dataset]
    return [_member(network, recipe, data, chosen) for chosen in product(*(way for way in ways if way))]


def spaced(low: float, high: float, count: int, scale: str, whole: bool) -> list[float]:
    """`count` values from low to high, both included; whole ones rounded, and none twice."""
    if scale == "log":
        values = [low * (high / low) ** (step / (count - 1)) for step in range(count)]
    else:
        values = [low + (high - low) * step / (count - 1) for step in range(count)]
    rounded = [low, *(float(f"{value:.3g}") for value in values[1:-1]), high]
    return list(dict.fromkeys(round(value) for value in values) if whole else dict.fromkeys(rounded))


def _settings(axis: Axis, known: dict[str, SweepField], path: str) -> list[Setting]:
    target = known.get(axis.field)
    if target is None:
        raise SweepError(f"There is no setting '{axis.field[:80]}' to sweep.", f"{path}.field")
    spec = target.spec
    values = axis.values if axis.values is not None else _range(axis, spec, path)
    if not values:
        raise SweepError(f"Give at least one value of {spec.label}.", f"{path}.values")
    whole = [int(value) if _is_whole(value) and spec.kind != "real" else value for value in values]
    for place, value in enumerate(whole):
        refused = refusal(spec, value)
        if refused:
            raise SweepError(refused, f"{path}.values[{place}]")
    distinct = {repr(value): value for value in whole}.values()
    label = spec.label if "/" not in target.field else f"{target.owner} {spec.label.lower()}"
    return [Setting(field=axis.field, label=label, value=value, words=value_words(spec, value)) for value in distinct]


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _range(axis: Axis, spec: FieldSpec, path: str) -> list[float]:
    if spec.kind not in {"whole", "real", "pair", "padding"}:
        raise SweepError(f"{spec.label} has no range. Give a list of values.", f"{path}.values")
    if axis.low is None or axis.high is None:
        raise SweepError(f"Give values of {spec.label}, or where its range begins and ends.", f"{path}.low")
    if axis.low >= axis.high:
        raise SweepError(f"The range of {spec.label} ends at {axis.high:g}, before it begins.", f"{path}.high")
    if axis.scale == "log" and axis.low <= 0:
        raise SweepError("A logarithmic range begins above 0. Begin higher, or use an even one.", f"{path}.low")
    return spaced(axis.low, axis.high, axis.count, axis.scale, spec.kind != "real")


def _seed(seed: int) -> Setting:
    return Setting(field="seed", label="Seed", value=seed, words=str(seed))


def _member(network: Network, recipe: Recipe, dataset: Dataset, chosen: Sequence[Setting]) -> Member:
    document, values = fixes.document(network), {}
    for each in chosen:
        owner, _, name = each.field.rpartition("/")
        if owner:
            document = fixes.set_params(document, owner, {name: each.value})
        else:
            values[name] = each.value
    told = ", ".join(f"{each.label} {each.words}" for each in chosen)
    try:
        made = read_network(document)
        with_values = read_recipe({**recipe.model_dump(), **values})
    except (DocumentError, RecipeError) as error:
        raise SweepError(f"With {told}: {error.message}", "axes") from error
    analysis = analyse(made, classes=len(dataset.classes), images=dataset.shape)
    wrong = next((notice for notice in analysis.notices if notice.level == "error"), None)
    if wrong is not None:
        raise SweepError(f"With {told} the network cannot train: {wrong.message} {wrong.hint}", "axes")
    totals = analysis.totals
    work = work_of(totals.macs, with_values, dataset)
    return Member(
        network=made if made != network else network, recipe=with_values, settings=list(chosen),
        parameters=totals.parameters, macs=totals.macs, work=work,
    )  # fmt: skip


def work_of(macs: int, recipe: Recipe, dataset: Dataset) -> int:
    """Multiply-adds of a whole training, about: images × epochs × 3 times those of one image."""
    return macs * (dataset.train - dataset.validation) * recipe.epochs * BACKWARD
