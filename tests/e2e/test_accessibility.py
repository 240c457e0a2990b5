"""axe finds nothing wrong on any page, in light and dark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.steps import (
    Guest,
    block,
    draft,
    guest_with_runs,
    long_run,
    small_network,
    start_run,
    wait_for_an_epoch,
    wait_for_state,
)

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
TESTED = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


@pytest.fixture(params=["light", "dark"], autouse=True)
def theme(request: pytest.FixtureRequest, page: Page) -> None:
    """Every page is looked at in both."""
    page.emulate_media(color_scheme=request.param)


@pytest.fixture(scope="module")
def guest(browser: Browser, base_url: str) -> Guest:
    return guest_with_runs(browser, base_url, {"epochs": 1, "seed": 1}, {"epochs": 1, "seed": 2})


def violations(page: Page) -> list[str]:
    """What axe says against the page as it is, one line a place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(TESTED)
    return [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def test_home(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Templates")).to_be_visible()
    assert violations(page) == []
    page.request.post("/api/experiments", data={"name": "Mine", "network": {"nodes": [], "edges": []}})
    page.reload()
    page.get_by_role("button", name="More: Mine").click()
    assert violations(page) == []
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_build(page: Page) -> None:
    draft(page, "lenet-5")
    for tab in ("Data", "Runs", "Recipe"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        assert violations(page) == [], tab
    block(page, "Conv 5×5").last.click()
    assert violations(page) == []
    page.get_by_role("textbox", name=re.compile("^Kernel")).first.fill("31")
    expect(page.get_by_text("A 31×31 filter does not fit").first).to_be_visible()
    assert violations(page) == []
    block(page, "Max pool 2").first.click(button="right")
    expect(page.get_by_role("menu", name="Actions")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    for keys, title in (("?", "Keyboard and pointer"), ("Control+k", "What to do")):
        page.keyboard.press(keys)
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        assert violations(page) == [], title
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=title)).to_have_count(0)


def test_an_open_composite_and_a_notice(page: Page) -> None:
    draft(page, "small-inception")
    page.get_by_role("button", name="Show the inside of Inception").first.click()
    expect(page.get_by_role("button", name="Close Inception")).to_be_visible()
    assert violations(page) == []
    draft(page, "vgg-16")
    page.get_by_role("button", name=re.compile("^(Error|Notice).* on ")).first.click()
    expect(page.get_by_role("region", name=re.compile("^Notice on"))).to_be_visible()
    assert violations(page) == []


def test_a_running_and_a_finished_run(page: Page) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    expect(page.get_by_role("button", name=re.compile("^Pause"))).to_be_visible()
    wait_for_an_epoch(page, run)
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Stop")).click()
    wait_for_state(page, run, "stopped")
    expect(page.get_by_role("button", name=re.compile("^Pause"))).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("tab", name="Evaluation").click()
    expect(page.get_by_role("region", name="Worst mistakes").locator("canvas").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Open large").click()
    assert violations(page) == []
    page.get_by_role("tab", name="Inside").click()


def test_an_experiments_page_and_its_dialogs(page: Page) -> None:
    experiment, run = start_run(page, epochs=1)
    wait_for_state(page, run, "finished")
    network = small_network()
    network["nodes"][2]["block"] = "tanh"
    page.request.patch(f"/api/experiments/{experiment}", data={"version": 1, "network": network, "notes": "# Why"})
    page.goto(f"/e/{experiment}/about")
    expect(page.get_by_role("region", name="Versions").get_by_text("Version 2")).to_be_visible()
    expect(page.locator(".about-figure .thumbnail")).to_be_visible()
    assert violations(page) == []
    for button, ready in (("Changes of version 2", ".difference-figure"), ("Make a twin", ".twins-offer"),
                          ("Sweep", ".sweep-total")):  # fmt: skip
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(ready).first).to_be_visible()
        assert violations(page) == [], button
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_zoo_and_a_network_of_it(page: Page) -> None:
    page.goto("/zoo")
    expect(page.get_by_role("heading", name="AlexNet")).to_be_visible()
    assert violations(page) == []
    page.goto("/zoo/resnet-18")
    expect(page.get_by_role("link", name=re.compile("^Open for"))).to_be_visible()
    expect(page.locator(".stage-table")).to_be_visible()
    assert violations(page) == []


def test_the_comparison_plane(page: Page, guest: Guest) -> None:
    page.goto("/plane")
    expect(page.locator(".plane-aside section").last).to_be_visible()
    assert violations(page) == []
    page.goto("/plane?runs=digits")
    expect(page.get_by_role("heading", name="Every run becomes a dot here")).to_be_visible()
    assert violations(page) == []
    guest.enter(page)
    page.reload()
    dot = page.locator(".plane-dot[data-id]")
    expect(dot).to_have_count(2)
    assert violations(page) == []
    dot.first.focus()
    expect(page.locator(".plane-card")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Show the table").click()
    expect(page.get_by_role("table")).to_be_visible()
    assert violations(page) == []


def test_a_comparison_and_the_list_of_runs(page: Page, guest: Guest) -> None:
    guest.enter(page)
    runs = ",".join(run["id"] for run in guest.runs)
    page.goto(f"/compare?runs={runs},{'0' * 32}")
    expect(page.locator("[data-curves-drawn='2']")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Gradient by depth. A"))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^More: A")).click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add run").click()
    expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_visible()
    assert violations(page) == []
    page.goto("/compare")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    assert violations(page) == []
