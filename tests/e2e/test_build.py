"""A network is built by hand in the browser, and every edit is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import (
    block,
    connect,
    counted_parameters,
    draft,
    drag,
    drag_from_palette,
    expect_parameters,
    expect_wires,
    handle,
    middle,
    open_file,
    parameters,
    train_button,
    wire,
    wires,
)


def test_a_network_is_dragged_together_and_may_train(page: Page) -> None:
    draft(page, "empty")
    expect(page.get_by_role("button", name="Fix 2 errors first")).to_be_visible()
    drag_from_palette(page, "Conv", 380, 120)
    drag_from_palette(page, "Flatten", 420, 420)
    drag_from_palette(page, "Dense", 560, 420)
    connect(page, "Input", "Conv 3×3")
    expect(block(page, "Conv 3×3")).to_have_attribute("aria-label", re.compile(r"output 26×26×32"))
    for source, target in [("Conv 3×3", "Flatten"), ("Flatten", "Dense \\d+"), ("Dense \\d+", "Output")]:
        connect(page, source, target)
        expect(block(page, target)).to_have_attribute("aria-label", re.compile(r"output \d"))  # its shape is drawn
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
    total = counted_parameters(page)

    page.goto("/new?zoo=empty")
    expect_parameters(page, "0")
    open_file(page, path)
    expect_parameters(page, total)


def test_a_draft_survives_a_reload(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Dense 120").click()
    page.get_by_role("textbox", name=re.compile("^Units")).fill("64")
    expect(block(page, "Dense 64")).to_be_visible()
    expect(parameters(page)).not_to_contain_text("61,706")
    before = counted_parameters(page)
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


def test_a_block_dropped_on_a_wire_is_put_in_between(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    left, right = middle(handle(page, "Flatten", "source")), middle(handle(page, "Dense 120", "target"))
    entry = page.get_by_role("complementary", name="Blocks").get_by_role("button", name="Dropout", exact=True)
    drag(page, middle(entry), ((left[0] + right[0]) / 2, left[1]))
    expect(block(page, "Flatten, with Dropout 0.5")).to_be_visible()
    expect(train_button(page)).to_have_text("Train")
    expect(wire(page, "dropout>c5")).to_have_count(1)


def test_blocks_chosen_with_a_frame_are_copied_pasted_moved_and_deleted_together(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    first, last = block(page, "Conv 5×5").first.bounding_box(), block(page, "Conv 5×5").last.bounding_box()
    assert first and last
    page.keyboard.down("Shift")
    drag(page, (first["x"] - 12, first["y"] - 12), (last["x"] + last["width"] - 4, last["y"] + last["height"] - 4))
    page.keyboard.up("Shift")
    expect(page.get_by_role("heading", name="3 blocks")).to_be_visible()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(block(page, "Conv 5×5")).to_have_count(4)
    for ends in ("relu>max_pool", "max_pool>conv2d_2"):
        expect(wire(page, ends)).to_have_count(1)
    chosen = page.locator(".react-flow__node.selected")
    expect(chosen).to_have_count(3)
    before = [middle(chosen.nth(index)) for index in range(3)]
    drag(page, before[0], (before[0][0] + 40, before[0][1] - 30))
    expect(page.get_by_role("button", name="Undo: Move 3 blocks")).to_be_visible()
    assert all(middle(chosen.nth(index)) != before[index] for index in range(3))
    page.keyboard.press("Delete")
    expect(block(page, "Conv 5×5")).to_have_count(2)
    expect(train_button(page)).to_have_text("Train")
    expect_parameters(page, "61,706")


def test_copies_go_to_another_tab(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Conv 5×5").first.click()
    page.keyboard.press("Control+c")
    other = page.context.new_page()
    draft(other, "empty")
    other.locator(".react-flow__pane").click(position={"x": 40, "y": 400})
    other.keyboard.press("Control+v")
    expect(block(other, "Conv 5×5")).to_have_count(1)
    expect(block(other, "Conv 5×5")).to_have_attribute("aria-label", re.compile("with ReLU"))


def test_a_wire_that_would_close_a_loop_is_refused_with_the_reason(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    before = wires(page)
    connect(page, "Dense 84", "Flatten")
    expect(page.get_by_text("That would close a loop: Flatten leads to Dense 84 already.").first).to_be_visible()
    assert wires(page) == before


def test_a_wire_is_led_to_another_block_by_its_end(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    end = wire(page, "flatten1>c5").locator(".react-flow__edgeupdater-target")
    drag(page, middle(end), middle(handle(page, "Dense 84", "target")))
    expect(page.get_by_role("button", name="Undo: Lead a wire elsewhere")).to_be_visible()
    expect(wire(page, "flatten1>f6")).to_have_count(1)
    expect(wire(page, "flatten1>c5")).to_have_count(0)
    expect(page.get_by_text("Dense 120 gets no input.").first).to_be_visible()


def test_adding_unequal_images_is_told_on_the_block(page: Page, tmp_path: Path) -> None:
    blocks = {
        "a": ("conv2d", {"filters": 16}),
        "b": ("conv2d", {"filters": 8}),
        "sum": ("add", {}),
        "f": ("flatten", {}),
    }
    nodes = [{"id": name, "block": kind, "params": params} for name, (kind, params) in blocks.items()]
    nodes = [{"id": "i", "block": "input"}, *nodes, {"id": "d", "block": "dense"}, {"id": "o", "block": "output"}]
    lines = ["i>a", "i>b", "a>sum", "b>sum", "sum>f", "f>d", "d>o"]
    edges = [dict(zip(("source", "target"), line.split(">"), strict=True)) for line in lines]
    path = tmp_path / "unequal.json"
    path.write_text(json.dumps({"format": 1, "nodes": nodes, "edges": edges}))
    draft(page, "empty")
    open_file(page, path)
    expect(
        page.locator(".error-note").filter(has_text=re.compile("16.*26×26.*8.*26×26|16 channels.*8 channels"))
    ).to_be_visible()
    expect(train_button(page)).to_have_text("Fix 1 error first")


def test_files_that_are_no_network_are_refused_and_those_with_faults_are_opened(page: Page, tmp_path: Path) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    for name, text, words in [
        ("text.json", "hello", "This is not JSON."),
        ("list.json", "[1, 2]", "It holds no network"),
        ("huge.json", f'["{"x" * 10_000_000}"]', "It is larger than any network document."),
    ]:
        path = tmp_path / name
        path.write_text(text)
        open_file(page, path)
        expect(page.get_by_text(f"{name}: {words}")).to_be_visible()
    expect_parameters(page, "61,706")
    nodes = [{"id": "i", "block": "input"}, {"id": "c", "block": "conv2d", "params": {"filters": -3}}]
    nodes += [{"id": "constructor", "block": "transformer"}, {"id": "o", "block": "output"}]
    edges = [{"source": "i", "target": "c"}, {"source": "c", "target": "constructor"}]
    edges += [{"source": "constructor", "target": "o"}]
    faulty = tmp_path / "faulty.json"
    faulty.write_text(json.dumps({"format": 1, "nodes": nodes, "edges": edges}))
    open_file(page, faulty)
    expect(page.get_by_text("Channels out of Conv is -3.").first).to_be_visible()
    expect(page.get_by_text("There is no block named 'transformer'.").first).to_be_visible()
    page.get_by_role("button", name="Undo: Open faulty.json").click()
    expect_parameters(page, "61,706")


def test_a_composite_opens_and_shows_its_inside(page: Page) -> None:
    draft(page, "small-inception")
    page.get_by_role("button", name="Show the inside of Inception").first.click()
    expect(page.locator(".block-body").get_by_text("Conv 5×5", exact=True)).to_be_visible()
    page.get_by_role("button", name="Close Inception").click()
    expect(page.locator(".block-body").get_by_text("Conv 5×5", exact=True)).to_have_count(0)


def test_blocks_become_one_group_and_stand_alone_again(page: Page) -> None:
    draft(page, "lenet-5")
    expect_parameters(page, "61,706")
    before = wires(page)
    block(page, "Conv 5×5").first.click()
    block(page, "Max pool 2").first.click(modifiers=["Control"])
    page.keyboard.press("Control+g")
    expect(block(page, "Group")).to_have_attribute("aria-label", re.compile("output 14×14×6, 156 parameters"))
    expect(train_button(page)).to_have_text("Train")
    expect_parameters(page, "61,706")
    page.keyboard.press("Control+Shift+g")
    expect(block(page, "Conv 5×5")).to_have_count(2)
    expect_parameters(page, "61,706")
    expect_wires(page, before)


def test_the_keyboard_alone_builds_a_network_that_may_train(page: Page) -> None:
    draft(page, "empty")
    expect(train_button(page)).to_have_text("Fix 2 errors first")
    for word in ("conv", "relu", "flatten", "dense"):
        page.keyboard.press("/")
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="Name of the block")).to_have_value(re.compile(word, re.IGNORECASE))
        expect(page.locator(".react-flow__node:focus")).to_be_visible()  # the keyboard is on the new block
    expect(train_button(page)).to_have_text("Train")
    expect(block(page, "Dense 10")).to_have_count(1)
