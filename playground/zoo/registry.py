"""What a network of the zoo is, and the list of them, filled by the decorator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playground.analysis import Totals, analyse
from playground.fixes import document
from playground.network import Network
from playground.protocol.page import Published, ZooCard, ZooView
from playground.recipe import Recipe
from playground.zoo.sketch import Sketch

Builder = Callable[[Sketch], None]
ZOO: dict[str, Exhibit] = {}
"""Every network by its name: templates first, then published networks by year."""


@dataclass(frozen=True)
class Exhibit:
    """A network to start from or to study."""

    name: str
    title: str
    question: str
    """What it lets one find out."""
    source: str
    build: Builder
    place: int
    """In the list."""
    dataset: str = "mnist"
    recipe: dict[str, Any] = field(default_factory=dict)
    """What differs from the recipe's defaults."""
    template: bool = False
    """Offered on the start page."""
    year: int | None = None
    """When it was first shown; its paper may be a year younger."""
    published: Published | None = None
    """Tests recount what it says of parameters and multiply-adds."""
    single_crop: Published | None = None
    """Errors of torchvision's weights for it, measured alike for all; the counts are of its version."""
    remark: str = ""
    """What to know about its numbers: why others count differently."""
    also: tuple[str, ...] = ()
    """Other names it goes by."""

    @cached_property
    def network(self) -> Network:
        """The document; without positions, which the page finds from the sizes of the slabs."""
        sketch = Sketch(self.title)
        self.build(sketch)
        return sketch.network()

    @cached_property
    def totals(self) -> Totals:
        """Its analysed sums."""
        return analyse(self.network).totals

    @cached_property
    def full_recipe(self) -> Recipe:
        """The suggested recipe."""
        return Recipe(dataset=self.dataset, **self.recipe)


def exhibit(name: str, **about: Any) -> Callable[[Builder], Builder]:
    """Enter a network into the zoo; the function draws it."""

    def enter(build: Builder) -> Builder:
        ZOO[name] = Exhibit(name=name, build=build, **about)
        return build

    return enter


def find(name: str) -> Exhibit | None:
    """By its name, in any case and with or without hyphens: "resnet50", "ResNet-50"."""
    wanted = _plain(name)
    return next((each for each in ZOO.values() if wanted in map(_plain, (each.name, *each.also))), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def card(found: Exhibit) -> ZooCard:
    """For a list."""
    return ZooCard(**_card(found))


def view(found: Exhibit) -> ZooView:
    """With its recipe."""
    return ZooView(**_card(found), recipe=found.full_recipe.model_dump(mode="json"))


def _card(found: Exhibit) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": found.title,
        "question": found.question,
        "source": found.source,
        "dataset": found.dataset,
        "parameters": found.totals.parameters,
        "macs": found.totals.macs,
        "template": found.template,
        "year": found.year,
        "depth": found.totals.depth,
        "published": found.published,
        "single_crop": found.single_crop,
        "remark": found.remark,
        "network": document(found.network),
    }
