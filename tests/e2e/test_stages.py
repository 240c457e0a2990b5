"""Stages fold, open, are made, named and taken away; the drawing leaves as a file."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import block, drag, expect_wires, middle, open_file, wire

NEXT = "Control+Shift+f"


def deep_network(per_stage: int = 8) -> dict[str, Any]:
    """A residual network for the small digits: a stem, two stages of equal blocks, a head."""
    blocks: list[tuple[str, str, dict[str, Any], str | None]] = [
        ("input", "input", {"channels": 1, "height": 8, "width": 8}, None),
        ("conv", "conv2d", {"filters": 8, "padding": 1}, "Stem"),
        ("relu", "relu", {}, "Stem"),
    ]
    for stage in (1, 2):
        for number in range(per_stage):
            stride = 2 if stage == 2 and number == 0 else 1
            params = {"filters": 8 * stage, "stride": stride, "shortcut": "projection"}
            blocks.append((f"s{stage}_{number}", "residual_basic", params, f"Stage {stage}"))
    blocks += [
        ("gap", "global_avg_pool", {}, "Head"),
        ("flat", "flatten", {}, "Head"),
        ("dense", "dense", {"units": 10}, "Head"),
        ("output", "output", {}, None),
    ]
    nodes = [{"id": name, "block": kind, "params": params, "stage": stage} for name, kind, params, stage in blocks]
    edges = [{"source": one[0], "target": other[0]} for one, other in pairwise(blocks)]
    return {"format": 1, "name": "Deep", "nodes": nodes, "edges": edges}


@pytest.fixture
def deep(page: Page) -> Page:
    """The deep network, saved as an experiment and open in the build view."""
    page.goto("/")
    body = {"name": "Deep", "network": deep_network(), "recipe": {"dataset": "digits"}}
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    page.goto(f"/e/{experiment}")
    expect(stage(page, "Stage 2")).to_be_visible()
    return page


def stage(page: Page, name: str) -> Locator:
    """A folded stage on the canvas."""
    return page.get_by_role("application", name="The network").get_by_role(
        "group", name=re.compile(rf"^{name}, folded stage")
    )


def hull(page: Page, name: str) -> Locator:
    """The outline of an open stage."""
    return page.get_by_role("application", name="The network").get_by_role(
        "group", name=re.compile(rf"^{name}, open stage")
    )


def test_a_deep_network_opens_as_a_few_slabs_that_say_what_is_in_them(deep: Page) -> None:
    expect(deep.locator(".react-flow__node")).to_have_count(6)
    expect(stage(deep, "Stage 2")).to_have_attribute(
        "aria-label", re.compile(r"Residual ×8, output 4×4×16, [\d,]+ parameters, [\d,]+ multiply-adds")
    )
    expect_wires(deep, {"input>conv", "relu>s1_0", "s1_7>s2_0", "s2_7>gap", "dense>output"})


def test_a_stage_opens_and_folds_by_button_double_press_and_keyboard_and_stays_so(deep: Page) -> None:
    deep.get_by_role("button", name="Open Head").click()
    expect(hull(deep, "Head")).to_be_visible()
    expect(block(deep, "Dense 10")).to_be_visible()
    deep.reload()
    expect(hull(deep, "Head")).to_be_visible()
    deep.get_by_role("button", name="Fold Head").click()
    expect(stage(deep, "Head")).to_be_visible()
    stage(deep, "Stage 1").dblclick()
    expect(hull(deep, "Stage 1")).to_be_visible()
    expect(deep.get_by_role("group", name=re.compile("^Residual ×8, folded"))).to_be_visible()
    hull(deep, "Stage 1").focus()
    deep.keyboard.press("Enter")  # it is chosen already
    expect(stage(deep, "Stage 1")).to_be_focused()
    deep.keyboard.press("f")
    expect(hull(deep, "Stage 1")).to_be_visible()
    deep.keyboard.press(NEXT)
    expect(stage(deep, "Stage 1")).to_be_visible()
    deep.keyboard.press(NEXT)
    expect(hull(deep, "Stage 2")).to_be_visible()
    expect(deep.get_by_role("button", name="Undo")).to_be_disabled()


def test_arrows_walk_over_folded_stages(deep: Page) -> None:
    block(deep, "Input").click()
    deep.keyboard.press("ArrowRight")
    expect(stage(deep, "Stem")).to_be_focused()
    deep.keyboard.press("ArrowRight")
    expect(stage(deep, "Stage 1")).to_be_focused()
    expect(deep.get_by_role("textbox", name="Name of the stage")).to_have_value("Stage 1")


def test_a_stage_is_renamed_copied_and_deleted_as_one(deep: Page) -> None:
    stage(deep, "Stage 1").click()
    deep.keyboard.press("F2")
    expect(deep.get_by_role("textbox", name="Name of the stage")).to_be_focused()
    deep.keyboard.type("Low levels")
    deep.keyboard.press("Enter")
    expect(stage(deep, "Low levels")).to_be_visible()
    stage(deep, "Low levels").click()
    deep.keyboard.press("Control+d")
    expect(stage(deep, "Low levels 2")).to_be_visible()
    deep.keyboard.press("Control+z")
    expect(stage(deep, "Low levels 2")).to_have_count(0)
    stage(deep, "Low levels").click()
    deep.keyboard.press("Delete")
    expect(stage(deep, "Low levels")).to_have_count(0)
    expect(wire(deep, "relu>s2_0")).to_have_count(1)
    deep.keyboard.press("Control+z")
    expect(stage(deep, "Low levels")).to_be_visible()


def test_a_hull_drags_with_all_that_is_in_it(deep: Page) -> None:
    deep.get_by_role("button", name="Open Head").click()
    expect(hull(deep, "Head")).to_be_visible()
    before = middle(block(deep, "Dense 10"))
    box = hull(deep, "Head").bounding_box()
    assert box is not None
    corner = (box["x"] + box["width"] - 10, box["y"] + box["height"] - 6)
    drag(deep, corner, (corner[0] - 60, corner[1] - 20))
    after = middle(block(deep, "Dense 10"))
    assert after[0] - before[0] == pytest.approx(-60, abs=9)  # the first step tells a drag from a press
    assert after[1] - before[1] == pytest.approx(-20, abs=4)
    expect(deep.get_by_role("button", name="Undo")).to_be_enabled()


def test_blocks_become_a_stage_and_stand_alone_again(page: Page) -> None:
    page.goto("/new?zoo=lenet-5")
    block(page, "Conv 5×5").first.click()
    page.keyboard.down("Control")
    block(page, "Max pool 2").first.click()
    page.keyboard.up("Control")
    page.keyboard.press("s")
    expect(hull(page, "Stage 1")).to_be_visible()
    page.keyboard.press("f")
    expect(stage(page, "Stage 1")).to_be_visible()
    page.get_by_role("button", name="Remove stage").click()
    expect(block(page, "Max pool 2")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(stage(page, "Stage 1")).to_be_visible()


def test_a_notice_on_a_hidden_block_stands_on_its_stage_and_opens_it(page: Page, tmp_path: Path) -> None:
    network = deep_network()
    dense = next(node for node in network["nodes"] if node["id"] == "dense")
    dense["params"] = {"units": 7}
    path = tmp_path / "deep.json"
    path.write_text(json.dumps(network))
    page.goto("/new?zoo=empty")
    open_file(page, path)
    page.keyboard.press(NEXT)
    conv = next(node for node in network["nodes"] if node["id"] == "conv")
    conv["params"] = {"filters": 8, "padding": 1, "kernel_size": 99}
    path.write_text(json.dumps(network))
    open_file(page, path)
    expect(stage(page, "Stem")).to_be_visible()
    page.get_by_role("button", name="Error on Stem").click()
    expect(hull(page, "Stem")).to_be_visible()
    expect(page.get_by_role("region", name=re.compile("^Notice on Conv"))).to_be_visible()


def test_the_drawing_is_exported_as_it_is_seen(deep: Page, tmp_path: Path) -> None:
    deep.get_by_role("button", name="Open Head").click()
    expect(hull(deep, "Head")).to_be_visible()
    for kind in ("svg", "png"):
        deep.get_by_role("button", name=re.compile("^Network:")).click()
        with deep.expect_download() as download:
            deep.get_by_role("menuitem", name=f"Drawing as {kind.upper()}").click()
        assert download.value.suggested_filename == f"deep.{kind}"
        download.value.save_as(tmp_path / f"deep.{kind}")
    text = (tmp_path / "deep.svg").read_text()
    drawing = ET.fromstring(text)
    words = ["".join(element.itertext()) for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Stage 1", "Stage 2", "Head", "Residual ×8", "Dense 10", "4×4"} <= set(words)
    assert not re.search(r"var\(|class=|oklab|color-mix|href=\"(?!data:)", text)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', text))
    assert all(re.fullmatch(r"#[0-9a-f]{6}|none", colour) for colour in colours)
    picture = (tmp_path / "deep.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 2 * int(drawing.attrib["width"])
