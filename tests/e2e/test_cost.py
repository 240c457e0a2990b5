"""What a network costs, how each number is made, and what a notice would change."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import block, counted_parameters, draft, expect_parameters, open_file, parameters

STAGES = {"first": "Stem", "second": "Body"}


def dock(page: Page) -> Locator:
    """The panel under the figure."""
    return page.get_by_role("region", name="Cost of each block")


def costly(path: Path) -> Path:
    """A document whose second convolution does most of the work, with a pool that takes too much at once."""
    blocks = [
        ("i", "input", {"channels": 1, "height": 28, "width": 28}),
        ("first", "conv2d", {"filters": 32, "padding": "same"}),
        ("a1", "relu", {}),
        ("second", "conv2d", {"filters": 64, "kernel_size": 7, "padding": "same"}),
        ("a2", "relu", {}),
        ("pool", "max_pool", {"kernel_size": 7, "stride": 7}),
        ("flat", "flatten", {}),
        ("d", "dense", {"units": 10}),
        ("o", "output", {}),
    ]
    nodes = [
        {"id": name, "block": kind, "params": params, **({"stage": STAGES[name]} if name in STAGES else {})}
        for name, kind, params in blocks
    ]
    edges = [{"source": one["id"], "target": other["id"]} for one, other in pairwise(nodes)]
    file = path / "costly.json"
    file.write_text(json.dumps({"format": 1, "name": "Costly", "nodes": nodes, "edges": edges}))
    return file


def open_costly(page: Page, path: Path) -> None:
    draft(page, "empty")
    open_file(page, costly(path))
    expect_parameters(page, "110,986")


def test_the_dense_layers_of_alexnet_stand_out(page: Page) -> None:
    draft(page, "alexnet")
    expect(dock(page)).to_contain_text("3 dense layers hold 58.6\u2009M of 61\u2009M parameters, 96%.")
    columns = dock(page).get_by_role("option", name=re.compile(r"^Dense 4096: .*37,752,832 parameters, 62%"))
    expect(columns).to_have_count(1)


def test_a_column_is_read_by_pointer_and_by_keyboard_and_leads_to_its_block(page: Page) -> None:
    draft(page, "lenet-5")
    chart = dock(page).get_by_role("listbox")
    expect(chart).to_have_attribute("aria-label", re.compile("3 dense layers hold"))
    box = chart.bounding_box()
    assert box
    chart.hover(position={"x": box["width"] * 1.5 / 10, "y": 20})
    card = page.locator(".dock-card")
    expect(card).to_contain_text("Conv 5×5")
    expect(card).to_contain_text(re.compile("117,600.*28%"))
    expect(block(page, "Conv 5×5").first).to_have_attribute("data-pointed", "")
    page.mouse.move(10, 10)
    expect(card).to_have_count(0)
    chart.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text("Dense 10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name of the block")).to_have_value("Dense 10")


def test_the_dock_is_a_table_too_and_its_sums_are_the_totals(page: Page) -> None:
    draft(page, "lenet-5")
    page.get_by_role("button", name="Show as a table").click()
    table = dock(page).get_by_role("table")
    expect(table.get_by_role("row", name=re.compile("^All"))).to_contain_text(re.compile("416,520.*61,706"))
    table.get_by_role("button", name="Dense 84").click()
    expect(page.get_by_role("textbox", name="Name of the block")).to_have_value("Dense 84")
    page.get_by_role("button", name="Copy or save the numbers").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save the numbers as CSV").click()
    assert "Dense 84,,84,84,10080,10164,672" in download.value.path().read_text()


def test_the_chart_is_saved_as_a_drawing(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    page.get_by_role("button", name="Copy or save the numbers").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save the chart as SVG").click()
    text = download.value.path().read_text()
    assert text.startswith("<svg ") and "Multiply-adds" in text and "var(" not in text


def test_cost_is_summed_by_stage(page: Page, tmp_path: Path) -> None:
    open_costly(page, tmp_path)
    dock(page).get_by_role("radio", name="stage").click()
    expect(dock(page).get_by_role("option", name=re.compile("^Body: .*100,416 parameters"))).to_have_count(1)
    expect(dock(page).get_by_role("option")).to_have_count(7)


def test_the_data_volume_shows_where_it_falls(page: Page, tmp_path: Path) -> None:
    open_costly(page, tmp_path)
    dock(page).get_by_role("radio", name="Data volume").click()
    chart = dock(page).get_by_role("listbox")
    said = "From 28×28×1, 784 values, to 10 in 6 steps. The steepest fall is at Dense 10: from 1,024 to 10, 102-fold."
    expect(chart).to_have_attribute("aria-label", re.compile(re.escape(said)))
    expect(dock(page).locator(".volume-fall")).to_have_count(1)
    expect(dock(page).locator(".volume-fold")).to_have_text("÷49")


def test_every_number_opens_to_how_it_is_made(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Conv 5×5").first.click()
    costs = page.get_by_role("region", name="What it costs")
    costs.get_by_role("button", name=re.compile("^Multiply-adds: 117,600")).click()
    expect(costs).to_contain_text(re.compile(r"= 117,600"))
    expect(costs).to_contain_text("One multiply-add counts 1; biases and activations are not counted.")
    block(page, "Dense 84").click()  # what is open stays open
    expect(costs).to_contain_text(re.compile(r"= 10,080"))
    parameters(page).get_by_role("button").press("Enter")
    panel = page.get_by_role("dialog", name="What the network costs")
    expect(panel).to_contain_text(re.compile("Dense 120.*48,120"))
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_a_composite_lists_what_it_is_made_of(page: Page) -> None:
    draft(page, "small-inception")
    block(page, "Inception").first.click()
    costs = page.get_by_role("region", name="What it costs")
    costs.get_by_role("button", name=re.compile("^Parameters: ")).click()
    expect(costs.get_by_role("list", name="The sum of")).to_contain_text(re.compile("Conv 5×5"))
    expect(page.locator(".block-body").get_by_text("Conv 5×5", exact=True)).to_have_count(0)  # it stays closed


def test_a_notice_is_previewed_and_leaves_nothing_behind_then_taken_as_one_step(page: Page, tmp_path: Path) -> None:
    open_costly(page, tmp_path)
    before = counted_parameters(page)
    blocks = page.locator(".react-flow__node").count()
    card = page.get_by_role("region", name=re.compile("^Notice on "))
    page.keyboard.press("n")
    expect(card).to_be_focused()
    while not card.get_by_role("button", name="Preview").count():
        page.keyboard.press("n")
    changes = card.get_by_role("table")
    expect(changes).to_contain_text(re.compile("Parameters.*Multiply-adds"))
    expect(changes).to_contain_text("−")
    card.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview", exact=True)
    expect(preview).to_contain_text("Nothing is changed yet.")
    expect(page.locator(".preview [data-changed]").first).to_be_visible()
    expect(parameters(page)).not_to_contain_text(before)
    expect(page.get_by_role("button", name="Undo: Open costly.json")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(preview).to_have_count(0)
    expect(card.get_by_role("button", name="Preview")).to_be_focused()
    expect_parameters(page, before)
    expect(page.get_by_role("button", name="Undo: Open costly.json")).to_be_enabled()
    main = card.locator(".button[data-look=main]")
    label = main.inner_text()
    main.click()
    expect(parameters(page)).not_to_contain_text(before)
    page.get_by_role("button", name=f"Undo: {label}").click()
    expect_parameters(page, before)
    expect(page.locator(".react-flow__node")).to_have_count(blocks)


def test_an_open_notice_does_not_cover_its_block(page: Page, tmp_path: Path) -> None:
    open_costly(page, tmp_path)
    for _ in range(3):
        page.keyboard.press("n")
        card = page.locator(".notice-card").bounding_box()
        body = page.locator(".react-flow__node.selected .block-body").bounding_box()
        assert card and body
        apart = (
            card["x"] + card["width"] <= body["x"]
            or body["x"] + body["width"] <= card["x"]
            or card["y"] + card["height"] <= body["y"]
            or body["y"] + body["height"] <= card["y"]
        )
        assert apart


def test_a_notice_leads_to_its_page_and_the_page_back(page: Page, tmp_path: Path) -> None:
    open_costly(page, tmp_path)
    page.keyboard.press("n")
    page.get_by_role("link", name="Why").click()
    page.wait_for_url(re.compile(r"/why/[a-z_]+\.[A-Z]\d+$"))
    expect(page.get_by_role("article").get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Guidelines").get_by_role("link")).not_to_have_count(0)
    page.get_by_role("link", name=re.compile("^Back to ")).click()
    expect_parameters(page, "110,986")
    expect(page.get_by_role("button", name="Undo: Open costly.json")).to_be_enabled()


def test_a_guideline_that_is_not_there_is_said_plainly(page: Page) -> None:
    page.goto("/why/moon.W001")
    expect(page.get_by_role("article")).to_contain_text("This site knows no guideline called “moon.W001”.")


@pytest.mark.parametrize("way", ["menu", "commands"])
def test_the_network_goes_out_as_onnx_and_comes_back(page: Page, tmp_path: Path, way: str) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    with page.expect_download() as download:
        if way == "menu":
            page.get_by_role("button", name="Network: tidy up, export, open a file, keyboard").click()
            page.get_by_role("menuitem", name="Export as ONNX").click()
        else:
            page.keyboard.press("Control+k")
            expect(page.get_by_role("combobox", name="Find a command")).to_be_focused()
            page.keyboard.type("onnx")
            page.keyboard.press("Enter")
    path = tmp_path / "lenet-5.onnx"
    download.value.save_as(path)
    draft(page, "empty")
    open_file(page, path)
    expect_parameters(page, "61,706")
