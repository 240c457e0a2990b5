"""What a person does on the page, in words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE = 30.0
"""Seconds that a page has to show what a test waits for; a quiet machine needs one or two."""
expect.set_options(timeout=1000 * PATIENCE)


def draft(page: Page, zoo: str) -> None:
    """Open a template as a draft and wait for its analysis."""
    page.goto(f"/new?zoo={zoo}")
    expect(page.get_by_role("application", name="The network")).to_be_visible()
    expect(page.locator(".react-flow__node").first).to_be_visible()


def block(page: Page, name: str) -> Locator:
    """A block on the canvas by the start of its spoken name: "Conv 3×3"."""
    return page.get_by_role("application", name="The network").get_by_role("group", name=re.compile(rf"^{name},"))


def drag_from_palette(page: Page, label: str, x: int, y: int) -> None:
    """Drop a palette block at a place on the canvas, in pixels from its top left corner."""
    pane = page.locator(".react-flow__pane")
    page.get_by_role("complementary", name="Blocks").get_by_role("button", name=label, exact=True).drag_to(
        pane, target_position={"x": x, "y": y}
    )


def handle(page: Page, name: str, side: str) -> Locator:
    """The port of a block: side is "source" or "target"."""
    return block(page, name).locator(f".react-flow__handle.{side}").first


def connect(page: Page, source: str, target: str) -> None:
    """Draw a wire with the mouse."""
    handle(page, source, "source").drag_to(handle(page, target, "target"), force=True)


def middle(locator: Locator) -> tuple[float, float]:
    """Where to put the pointer to be on something."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
    """Press, move and let go, as a hand does: with places in between."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    if drop:
        page.mouse.up()


def wires(page: Page) -> set[str]:
    """The wires on the canvas: "conv>relu"."""
    ids = page.locator(".react-flow__edge").evaluate_all("edges => edges.map(edge => edge.dataset.id)")
    return set(ids)


def expect_wires(page: Page, expected: set[str]) -> None:
    """Those and no others, once the canvas has drawn them."""
    expect(page.locator(".react-flow__edge")).to_have_count(len(expected))
    assert wires(page) == expected


def wire(page: Page, ends: str) -> Locator:
    """The wire "conv>relu" on the canvas."""
    return page.locator(f'.react-flow__edge[data-id="{ends}"]')


def open_file(page: Page, path: Path) -> None:
    """Open a network document from the figure's menu."""
    page.get_by_role("button", name="Network: tidy up, export, open a file, keyboard").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name=re.compile("^Open")).first.click()
    chooser.value.set_files(path)


def train_button(page: Page) -> Locator:
    """Train, whatever it says: why it waits, too."""
    return page.get_by_role("banner").locator(".train-button")


def expect_parameters(page: Page, total: str) -> None:
    """The total in the top bar; its exact count follows for screen readers."""
    expect(parameters(page)).to_have_text(re.compile(rf"^{total}\b"))


def counted_parameters(page: Page) -> str:
    """The total once it is counted."""
    expect(parameters(page)).to_have_text(re.compile(r"^\d"))
    return parameters(page).inner_text().split(":")[0].strip()


def parameters(page: Page) -> Locator:
    """The total's place in the top bar."""
    return page.get_by_role("banner").get_by_role("definition").first


def train(page: Page) -> None:
    """Press Train and wait for the run's page."""
    page.get_by_role("banner").get_by_role("button", name="Train", exact=True).last.click()
    page.wait_for_url(re.compile(r"/e/[^/]+/runs/[^/]+"))


def show_table(panel: Locator) -> None:
    """The numbers of a panel of the train view in place of its drawing."""
    panel.get_by_role("button", name=re.compile("table, copy, save$")).first.click()
    panel.page.get_by_role("menuitem", name="Show the table").click()


def small_network() -> dict[str, Any]:
    """A network for the small digits that trains in a second."""
    blocks: list[tuple[str, str, dict[str, int]]] = [
        ("input", "input", {"channels": 1, "height": 8, "width": 8}),
        ("conv", "conv2d", {"filters": 8, "padding": 1}),
        ("relu", "relu", {}),
        ("flat", "flatten", {}),
        ("dense", "dense", {"units": 10}),
        ("output", "output", {}),
    ]
    nodes = [{"id": name, "block": kind, "params": params} for name, kind, params in blocks]
    edges = [{"source": one[0], "target": other[0]} for one, other in pairwise(blocks)]
    return {"format": 1, "name": "Small", "nodes": nodes, "edges": edges}


def start_run(page: Page, **recipe: object) -> tuple[str, str]:
    """Save the small network and queue a run by the API, as the page's guest: (experiment, run)."""
    body = {"name": "Small", "network": small_network(), "recipe": {"dataset": "digits", **recipe}}
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    run = page.request.post(f"/api/experiments/{experiment}/runs").json()["id"]
    return experiment, run


@dataclass(frozen=True)
class Guest:
    """Somebody whose runs have finished, for all tests of a module to look at."""

    runs: list[dict[str, Any]]
    cookies: list[Any]

    def enter(self, page: Page) -> None:
        """The page is this guest's from here on."""
        page.context.add_cookies(self.cookies)


def guest_with_runs(browser: Browser, address: str, *recipes: dict[str, object]) -> Guest:
    """One who trained the small network with each of the recipes."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    started = [start_run(page, **recipe)[1] for recipe in recipes]
    guest = Guest([wait_for_state(page, run, "finished") for run in started], context.cookies())
    context.close()
    return guest


def long_run(page: Page, **recipe: object) -> tuple[str, str]:
    """As start_run, for a run that goes on for as long as a test looks: 165,000 small steps. It ends with the test; see
    the fixture `page`."""
    return start_run(page, **{"epochs": 500, "batch_size": 4, "learning_rate": 0.01, **recipe})


def stop_runs(page: Page) -> None:
    """End what this browser's user still has in work, so that the worker is free."""
    for run in page.request.get("/api/runs?state=queued,leased,running,paused,lost").json():
        page.request.post(f"/api/runs/{run['id']}/commands", data={"kind": "stop"})


def wait_for_state(page: Page, run: str, *states: str) -> dict[str, Any]:
    """The run once it has one of the states."""
    return wait_for_run(page, run, lambda view: view["state"] in states)


def wait_for_an_epoch(page: Page, run: str) -> None:
    """Until the held-out images were looked at for the first time."""
    wait_for_run(page, run, lambda view: view["best_validation_accuracy"] is not None)


def wait_for_run(page: Page, run: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The run once it is as wanted."""
    deadline = time.monotonic() + 4 * PATIENCE
    while not wanted(view := page.request.get(f"/api/runs/{run}").json()):
        assert view["state"] != "failed", view["failed"]
        assert time.monotonic() < deadline, f"The run is {view['state']} at step {view['step']}: {view['waiting_for']}"
        time.sleep(0.1)
    return dict(view)
