"""Networks are compared by error and cost: the published ones, and one's own runs."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import expect_parameters, small_network, start_run, train_button, wait_for_state


def zoo(page: Page) -> list[dict[str, Any]]:
    return list(page.request.get("/api/zoo").json())


def published(page: Page, error: str) -> list[dict[str, Any]]:
    """The networks whose error of this kind the zoo states."""
    return [card for card in zoo(page) if (card["published"] or {}).get(error) is not None]


def dots(page: Page) -> Locator:
    return page.locator(".plane-dot[data-id]")


def choose(page: Page, name: str) -> None:
    """Press one of a few that stand side by side."""
    page.get_by_role("radio", name=name, exact=True).check(force=True)


def test_every_published_error_is_a_dot_that_leads_to_its_network(page: Page) -> None:
    page.goto("/plane")
    for kind, error in (("Top-1", "top1_error"), ("Top-5", "top5_error")):
        found = published(page, error)
        if not found:
            pytest.skip("The zoo states no errors.")
        choose(page, kind)
        expect(dots(page)).to_have_count(len(found))
        names = set(dots(page).evaluate_all("dots => dots.map(dot => dot.dataset.id)"))
        assert names == {card["name"] for card in found}
    first = page.locator('.plane-dot[tabindex="0"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("Enter")
    title = next(card["title"] for card in found if card["name"] == chosen)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()
    expect(dots(page).first).to_be_visible()


def test_names_stand_on_no_other_name(page: Page) -> None:
    page.goto("/plane")
    if not published(page, "top5_error"):
        pytest.skip("The zoo states no errors.")
    for kind in ("Top-1", "Top-5"):
        choose(page, kind)
        expect(page.locator(".plane-name").first).to_be_visible()
        boxes = page.locator(".plane-name").evaluate_all(
            "names => names.map(name => { const b = name.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height] })"
        )
        for index, (left, top, right, bottom) in enumerate(boxes):
            for other in boxes[:index]:
                apart = right <= other[0] + 1 or other[2] <= left + 1 or bottom <= other[1] + 2 or other[3] <= top + 2
                assert apart, (kind, boxes)


def test_a_finished_run_becomes_a_dot_that_leads_to_it(page: Page, tmp_path: Path) -> None:
    page.goto("/plane?runs=digits")
    expect(page.get_by_role("heading", name="Every run becomes a dot here")).to_be_visible()
    experiment, run = start_run(page, epochs=2)
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # as when the page is come back to
    view = wait_for_state(page, run, "finished")
    dot = dots(page)
    expect(dot).to_have_count(1)
    wrong = 100 * (1 - view["test_accuracy"])
    expect(dot).to_have_attribute("aria-label", re.compile(rf"^Small, run 1: {wrong:.2f}|^Small, run 1: {wrong:.1f}"))
    expect(dot).to_have_attribute("aria-label", re.compile("wrong of the test images; 9,728 multiply-adds"))
    page.get_by_role("button", name="Save or copy").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save the table as CSV").click()
    download.value.save_as(tmp_path / "runs.csv")
    (row,) = csv.DictReader((tmp_path / "runs.csv").read_text().splitlines())
    assert (row["Run"], row["Multiply-adds"], float(row["Error, %"])) == ("Small, run 1", "9728", pytest.approx(wrong))
    page.get_by_role("button", name="Show the table").click()
    page.get_by_role("link", name="Small, run 1").first.click()
    page.wait_for_url(f"**/e/{experiment}/runs/{run}")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Compare").click()
    page.wait_for_url(f"**/compare?runs={run}")
    page.get_by_role("link", name="all your runs").click()
    page.wait_for_url("**/plane?runs=digits")
    expect(dots(page)).to_have_count(1)


def test_the_figure_is_saved(page: Page, tmp_path: Path) -> None:
    _, run = start_run(page, epochs=1)
    wait_for_state(page, run, "finished")
    page.goto("/plane?runs=digits")
    expect(dots(page)).to_have_count(1)
    for kind in ("SVG", "PNG"):
        page.get_by_role("button", name="Save or copy").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=f"Save the figure as {kind}").click()
        assert download.value.suggested_filename == f"runs-digits-multiply-adds.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
    assert (tmp_path / "PNG").read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "SVG").read_text()
    assert "<svg" in text and "best for its cost" in text and "var(--" not in text


def test_the_zoo_leads_to_a_network_and_that_to_its_scaled_version(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Networks").click()
    page.get_by_role("searchbox", name="Find a network").fill("alexnet")
    page.get_by_role("link", name=re.compile("^AlexNet")).click()
    page.wait_for_url("**/zoo/alexnet")
    expect(page.get_by_role("row", name=re.compile("^Parameters")).first).to_contain_text("60,965,224")
    expect(page.get_by_role("row", name=re.compile("^Multiply-adds")).first).to_contain_text("724,406,816")
    page.get_by_label("On the images of").select_option("mnist")
    scaled = page.request.get("/api/zoo/alexnet?dataset=mnist").json()
    expect(page.get_by_text(scaled["changed"])).to_be_visible()
    expect(page.get_by_text(f"{scaled['parameters']:,}")).to_be_visible()
    page.get_by_role("link", name="Open for MNIST").click()
    page.wait_for_url("**/new?zoo=alexnet&dataset=mnist")
    expect(page.get_by_role("banner")).to_contain_text("AlexNet for MNIST")
    expect(train_button(page)).to_have_text("Train")
    expect(train_button(page)).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/e/[^/]+$"))
    saved = page.request.get(f"/api/experiments/{page.url.rsplit('/', 1)[1]}").json()
    assert saved["notes"] == scaled["changed"] and saved["recipe"]["dataset"] == "mnist"


def test_a_network_as_published_offers_its_scaled_version_in_one_press(page: Page) -> None:
    page.goto("/new?zoo=alexnet")
    expect_parameters(page, "61")
    page.get_by_role("button", name="Open it scaled for Shapes").click()
    page.wait_for_url("**/new?zoo=alexnet&dataset=shapes")
    expect(train_button(page)).to_have_text("Train")
    expect(page.get_by_role("button", name="Open it scaled for Shapes")).to_have_count(0)


def test_stages_or_blocks_add_up_to_the_whole(page: Page) -> None:
    for name in ("lenet-5", "googlenet"):
        page.goto(f"/zoo/{name}")
        card = next(card for card in zoo(page) if card["name"] == name)
        table = page.locator(".stage-table")
        expect(table.locator("tfoot")).to_contain_text(f"{card['parameters']:,}")
        cells = table.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].slice(-2).map(cell => cell.textContent))"
        )
        sums = [sum(int(row[at].replace(",", "").replace("–", "0")) for row in cells) for at in (0, 1)]
        assert sums == [card["parameters"], card["macs"]]


def test_nobody_sees_the_dots_of_another(page: Page) -> None:
    page.goto("/")
    body = {"name": "Mine", "network": small_network(), "recipe": {"dataset": "digits"}}
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    page.request.post(f"/api/experiments/{experiment}/runs")
    page.context.clear_cookies()
    page.goto("/plane?runs=digits")
    expect(page.get_by_role("heading", name="Every run becomes a dot here")).to_be_visible()
