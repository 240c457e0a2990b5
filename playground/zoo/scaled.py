"""Zoo networks for small images: the same layers in the same order, with the ends, the stem and the width adapted."""

from __future__ import annotations

from math import ceil, prod
from typing import Any

from playground import fixes
from playground.analysis import Analysis, analyse
from playground.blocks import CATALOGUE
from playground.datasets import Dataset
from playground.fixes import Document
from playground.network import Network, read_network
from playground.protocol.page import ZooView
from playground.recipe import Recipe
from playground.shapes import both, times
from playground.zoo import padding
from playground.zoo.registry import Exhibit, view

MAX_MACS = 100_000_000
"""For one image. A laptop then sees ten thousand images in a few minutes."""
MAX_PARAMETERS = 10_000_000
SMALLEST_IMAGE = 3
"""Before the head; pools behind a stem that lost its strides are left out until this much is left."""
SIGNAL = 0.05
"""Share of the signal that padding must leave; pools are left out until it does."""
MIN_STEPS = 400
"""Updates that a recipe for another data set leaves time for: of few images it makes more epochs."""
WIDTHS = (
    "filters", "bottleneck_filters", "units",
    "filters_1x1", "reduce_3x3", "filters_3x3", "reduce_5x5", "filters_5x5", "pool_projection",
)  # fmt: skip
POOLS = {"max_pool", "avg_pool"}
SHARES = {2: "half", 4: "a quarter", 8: "an eighth", 16: "a sixteenth"}


def scaled(exhibit: Exhibit, data: Dataset) -> tuple[Network, str]:
    """The exhibit for a data set, and a sentence on what was changed; an empty one where nothing was."""
    network = fixes.document(exhibit.network)
    image = tuple(analyse(exhibit.network).nodes["input"].shape or ())
    changes = []
    if image != data.shape:
        size = {"channels": data.channels, "height": data.height, "width": data.width}
        network = fixes.set_params(network, "input", size)
        changes.append(f"images of {_size(data.shape)} in place of {_size(image)}")
    if data.height < image[1]:
        network, words = _small_stem(network)
        changes += words
    network, padded = _fitting(network)
    if data.height < image[1]:
        network = _roomy(network)
    changes += _told(padded, "padded") + _told(_missing(exhibit, network), "left out")
    network, words = _classes(network, data)
    changes += words
    if changes:
        network, words = _affordable(network)
        changes += words
    return read_network(network), _sentence(exhibit, changes)


def scaled_view(exhibit: Exhibit, data: Dataset) -> ZooView:
    """For the page, with its recipe for that data set."""
    network, words = scaled(exhibit, data)
    totals = analyse(network).totals
    own = view(exhibit)
    counts = {"parameters": totals.parameters, "macs": totals.macs, "network": fixes.document(network)}
    recipe = _recipe(exhibit, data)
    usual = exhibit.full_recipe.epochs
    if recipe.epochs > usual:
        images = data.train - data.validation
        words += f" The {images:,} training images are seen {recipe.epochs} times in place of {usual}."
    update = {**counts, "dataset": data.name, "recipe": recipe.model_dump(mode="json"), "changed": words.strip()}
    return own.model_copy(update=update)


def _recipe(exhibit: Exhibit, data: Dataset) -> Recipe:
    """Its own; on other and few images more epochs."""
    recipe = exhibit.full_recipe
    if data.name == exhibit.dataset:
        return recipe
    steps = max(1, (data.train - data.validation) / recipe.batch_size)  # an epoch of fewer images is a step too
    return recipe.model_copy(update={"dataset": data.name, "epochs": max(recipe.epochs, ceil(MIN_STEPS / steps))})


def _size(image: tuple[int, ...]) -> str:
    return "×".join(map(str, image))


def _sentence(exhibit: Exhibit, changes: list[str]) -> str:
    return f"{exhibit.title}, scaled: {'; '.join(changes)}." if changes else ""


def _seen(network: Document) -> Analysis:
    return analyse(read_network(network))


def _small_stem(network: Document) -> tuple[Document, list[str]]:
    """Strides of plain convolutions are for large images: stride 1, and 3×3 in place of 7×7 or 11×11."""
    words = []
    for node in network["nodes"]:
        params = node.get("params", {})
        if node["block"] != "conv2d" or max(both(params.get("stride", 1))) == 1:
            continue
        before = max(both(params["kernel_size"]))
        size = before if before <= 5 else 3
        network = fixes.set_params(network, node["id"], {"kernel_size": size, "stride": 1, "padding": size // 2})
        stride = max(both(params["stride"]))
        words.append(f"{node['id']} is {times(size)} with stride 1 in place of {times(before)} with stride {stride}")
    return _without_first_pool(network) if words else network, words


def _without_first_pool(network: Document) -> Document:
    first = next((node["id"] for node in network["nodes"] if node["block"] == "max_pool"), None)
    return network if first is None or _last_side(network) >= SMALLEST_IMAGE else fixes.bypass(network, first)


def _last_side(network: Document) -> int:
    """Pixels of the last image before the head; 0 where it has vanished on the way."""
    nodes = _seen(network).nodes
    if any(found.shape is None for found in nodes.values()):
        return 0
    kinds = {node["id"]: node["block"] for node in network["nodes"]}
    shapes = [found.shape for name, found in nodes.items() if kinds[name] != "global_avg_pool" and found.shape]
    return [shape[1] for shape in shapes if len(shape) == 3][-1]


def _fitting(network: Document) -> tuple[Document, list[str]]:
    """Filters that the image has become too small for are padded, and named; pools are left out."""
    padded = []
    for _ in network["nodes"]:
        wrong = [each for each in _seen(network).notices if each.level == "error" and each.id.startswith("shape.")]
        if not wrong or wrong[0].node is None:
            break
        name = wrong[0].node
        node = next(each for each in network["nodes"] if each["id"] == name)
        if node["block"] == "conv2d":
            network = fixes.set_params(network, name, {"padding": "same"})
            padded.append(name)
        else:
            network = fixes.bypass(network, name)
    return network, padded


def _roomy(network: Document) -> Document:
    """Without the pools that leave deep filters nothing but padding to see, where no batch norm mends that."""
    blocks = [node["block"] for node in network["nodes"]]
    while "batch_norm" not in blocks:
        kept = padding.kept(network, _seen(network))
        if prod(kept.values()) >= SIGNAL:
            break
        starved = min(kept, key=lambda name: kept[name])
        before = [node for node in network["nodes"][: _place(network, starved)] if node["block"] in POOLS]
        if not before:
            break
        network = fixes.bypass(network, before[-1]["id"])
    return network


def _place(network: Document, name: str) -> int:
    return next(place for place, node in enumerate(network["nodes"]) if node["id"] == name)


def _missing(exhibit: Exhibit, network: Document) -> list[str]:
    there = {node["id"] for node in network["nodes"]}
    return [node.id for node in exhibit.network.nodes if node.id not in there]


def _told(names: list[str], what: str) -> list[str]:
    """["a, b and c are left out"]"""
    if not names:
        return []
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return [f"{listed} {'is' if len(names) == 1 else 'are'} {what}"]


def _classes(network: Document, data: Dataset) -> tuple[Document, list[str]]:
    """Of the output, and of the auxiliary outputs alike."""
    classes, words = len(data.classes), []
    for name in _score_layers(network):
        before = _params(network, name)["units"]
        if before != classes:
            network = fixes.set_params(network, name, {"units": classes})
            words = [f"{classes} classes in place of {before:,}"]
    return network, words


def _score_layers(network: Document) -> list[str]:
    """The dense layers in front of the ends."""
    kinds = {node["id"]: node["block"] for node in network["nodes"]}
    ends = [edge["source"] for edge in network["edges"] if not CATALOGUE[kinds[edge["target"]]].has_output]
    return [name for name in ends if kinds[name] == "dense"]


def _params(network: Document, name: str) -> dict[str, Any]:
    return next(node for node in network["nodes"] if node["id"] == name)["params"]  # type: ignore[no-any-return]


def _affordable(network: Document) -> tuple[Document, list[str]]:
    """Every width but the number of classes is divided alike."""
    if _cheap(network):
        return network, []
    divisor = next((each for each in SHARES if _cheap(_narrower(network, each))), max(SHARES))
    return _narrower(network, divisor), [f"{SHARES[divisor]} of the filters and units, so that a laptop can train it"]


def _cheap(network: Document) -> bool:
    totals = _seen(network).totals
    return totals.macs <= MAX_MACS and totals.parameters <= MAX_PARAMETERS


def _narrower(network: Document, divisor: int) -> Document:
    nodes: list[dict[str, Any]] = []
    kept = _score_layers(network)
    for node in network["nodes"]:
        if node["id"] not in kept:
            params = node.get("params", {})
            widths = {name: max(1, params[name] // divisor) for name in WIDTHS if name in params}
            node = {**node, **({"params": {**params, **widths}} if widths else {})}
        nodes.append(node)
    return {**network, "nodes": nodes}
