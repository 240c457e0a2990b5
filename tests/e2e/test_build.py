"""A network is built by hand in the browser, and every edit is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import block, connect, draft, drag_from_palette, expect_parameters, parameters


def test_a_network_is_dragged_together_and_may_train(page: Page) -> None:
    draft(page, "empty")
    expect(page.get_by_role("button", name="Fix 2 errors first")).to_be_visible()
    drag_from_palette(page, "Conv", 380, 120)
    drag_from_palette(page, "Flatten", 420, 420)
    drag_from_palette(page, "Dense", 560, 420)
    connect(page, "Input", "Conv 3×3")
    expect(block(page, "Conv 3×3")).to_have_attribute("aria-label", re.compile(r"output 26×26×32"))
    connect(page, "Conv 3×3", "Flatten")
    connect(page, "Flatten", "Dense \\d+")
    connect(page, "Dense \\d+", "Output")
    expect(page.get_by_role("banner").get_by_role("button", name="Train", exact=True).last).to_be_enabled()


def test_an_edit_is_answered_with_shapes_and_costs_and_can_be_undone(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    block(page, "Conv 5×5").first.click()
    field = page.get_by_role("textbox", name=re.compile("^(Channels out|Filters)"))
    field.fill("12")
    expect(block(page, "Conv 5×5").first).to_have_attribute("aria-label", re.compile("output 28×28×12"))
    expect(parameters(page)).not_to_contain_text("61,706")
    page.get_by_role("button", name="Undo").click()
    expect_parameters(page, "61,706")
    page.get_by_role("button", name="Redo").click()
    expect(block(page, "Conv 5×5").first).to_have_attribute("aria-label", re.compile("output 28×28×12"))


def test_a_filter_larger_than_its_image_is_told_on_the_block(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Conv 5×5").last.click()
    page.get_by_role("textbox", name=re.compile("^Kernel")).first.fill("31")
    expect(page.get_by_text("A 31×31 filter does not fit in a 14×14 image.").first).to_be_visible()
    expect(page.get_by_role("button", name="Fix 1 error first")).to_be_visible()


def test_a_deleted_block_leaves_its_neighbours_wired(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    block(page, "Dense 84").click()
    page.keyboard.press("Delete")
    expect(block(page, "Dense 84")).to_have_count(0)
    expect(page.get_by_role("banner").get_by_role("button", name="Train", exact=True).last).to_be_enabled()
    page.keyboard.press("Control+z")
    expect(block(page, "Dense 84")).to_have_count(1)
    expect_parameters(page, "61,706")


def test_the_document_goes_out_as_a_file_and_comes_back(page: Page, tmp_path: Path) -> None:
    draft(page, "small-inception")
    page.get_by_role("button", name="Network: tidy up, export, open a file, keyboard").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=re.compile("^Export")).first.click()
    path = tmp_path / "network.json"
    download.value.save_as(path)
    document = json.loads(path.read_text())
    assert document["format"] == 1 and len(document["nodes"]) > 5
    total = parameters(page).inner_text().split(":")[0].strip()

    page.goto("/new?zoo=empty")
    expect_parameters(page, "0")
    page.get_by_role("button", name="Network: tidy up, export, open a file, keyboard").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name=re.compile("^Open")).first.click()
    chooser.value.set_files(path)
    expect_parameters(page, total)


def test_a_draft_survives_a_reload(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Dense 120").click()
    page.get_by_role("textbox", name=re.compile("^Units")).fill("64")
    expect(block(page, "Dense 64")).to_be_visible()
    expect(parameters(page)).not_to_contain_text("61,706")
    before = parameters(page).inner_text().split(":")[0].strip()
    page.wait_for_url(re.compile("draft="))  # kept in this browser
    page.reload()
    expect_parameters(page, before)


def test_the_keyboard_alone_adds_a_block(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Flatten").focus()
    page.keyboard.press("/")
    page.keyboard.type("dropout")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name of the block")).to_have_value(re.compile("^Dropout"))
    expect(page.get_by_role("button", name="Undo: Add Dropout")).to_be_enabled()
