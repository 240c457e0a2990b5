"""The probe image: drawn by hand on a run that trains and on one that has ended, or taken from a file."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import long_run, start_run, wait_for_state


def stroke(page: Page, sheet: Locator) -> None:
    """A seven."""
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    page.mouse.move(*at(0.25, 0.2))
    page.mouse.down()
    page.mouse.move(*at(0.75, 0.2), steps=6)
    page.mouse.move(*at(0.45, 0.85), steps=8)
    page.mouse.up()


def maps_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Feature maps")


def test_a_drawing_on_a_running_network_is_followed_by_prediction_and_maps(page: Page) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    maps = maps_of(page)
    expect(maps).to_contain_text(re.compile(r"Test image [\d,]+: 0"))
    maps.get_by_role("button", name="Draw").click()
    stroke(page, maps.get_by_role("application", name=re.compile("Sheet to draw on")))
    expect(maps).to_contain_text("A drawing")
    expect(maps.get_by_role("img", name="What the network gets")).to_be_visible()
    said = page.get_by_role("region", name="Prediction for the probe image")
    expect(said).to_contain_text(re.compile(r"says \d, \d+%"))
    expect(said).not_to_contain_text("it is")

    maps.get_by_text("gradient", exact=True).click()
    expect(maps.get_by_role("img", name="Gradients, 8 channels of 8 by 8")).to_be_visible()
    maps.get_by_role("button", name="Enlarge").click()
    large = maps.get_by_role("group", name="Channel 1, large")
    value = large.get_by_role("slider", name="Channel 1: value")
    value.focus()
    page.keyboard.press("Home")
    expect(large).to_contain_text(re.compile(r"Row 0, column 0: "))
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)

    page.get_by_role("tab", name="Weights").click()
    weights = page.get_by_role("region", name="Weights")
    expect(weights.get_by_role("img", name="Weights of Conv 3×3: 8 images of 3 by 3")).to_be_visible()
    page.reload()
    expect(maps_of(page)).to_contain_text("A drawing")


def test_a_finished_network_answers_what_is_drawn_with_the_keys_alone(page: Page) -> None:
    experiment, run = start_run(page, epochs=3)
    wait_for_state(page, run, "finished")
    page.goto(f"/e/{experiment}/runs/{run}")
    maps = maps_of(page)
    draw = maps.get_by_role("button", name="Draw")
    expect(draw).to_be_enabled()
    draw.press("Enter")
    sheet = maps.get_by_role("application", name=re.compile("Sheet to draw on"))
    sheet.focus()
    for key in (*["ArrowUp"] * 8, "Space", *["ArrowDown"] * 16):
        page.keyboard.press(key)
    expect(maps).to_contain_text("A drawing")
    expect(page.get_by_role("region", name="Prediction for the probe image")).to_contain_text(re.compile(r"says \d"))


def test_a_picture_file_becomes_what_the_network_takes_or_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    maps = maps_of(page)
    expect(maps).to_contain_text("Test image")
    maps.get_by_role("button", name="Upload").click()
    broken = tmp_path / "broken.png"
    whole = io.BytesIO()
    Image.new("RGB", (120, 80), "white").save(whole, "PNG")
    broken.write_bytes(whole.getvalue()[:60])
    chooser = maps.get_by_label("Picture file")
    chooser.set_input_files(broken)
    expect(maps).to_contain_text("This PNG cannot be opened; it is damaged or not whole.")
    text = tmp_path / "words.png"
    text.write_text("not a picture")
    chooser.set_input_files(text)
    expect(maps).to_contain_text("This file is neither a PNG nor a JPEG picture.")
    paper = Image.new("RGB", (120, 80), "white")
    paper.paste("black", (55, 10, 65, 70))
    paper.save(tmp_path / "one.jpg")
    chooser.set_input_files(tmp_path / "one.jpg")
    expect(maps).to_contain_text("An uploaded picture")
    expect(maps.get_by_role("checkbox", name="Swap light and dark")).to_be_checked()
