"""What a block sees: its field on the image while one builds, and how much of it counts once it has trained."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.steps import block, draft, long_run, start_run, wait_for_state


def test_choosing_a_block_draws_its_field_and_arrow_keys_move_it(page: Page) -> None:
    draft(page, "lenet-5")
    block(page, "Conv 5×5").nth(1).click()
    seen = page.get_by_role("region", name="What it sees")
    expect(seen).to_contain_text("14×14 px")
    expect(seen).to_contain_text("Row 5, column 5 sees rows 8 to 21 and columns 8 to 21.")
    expect(seen.get_by_role("img", name="The field on the image: rows 8 to 21 and columns 8 to 21")).to_be_visible()
    output = seen.get_by_role("slider", name="Output value whose field is drawn", exact=True)
    output.focus()
    page.keyboard.press("Home")
    expect(seen).to_contain_text(
        "Row 0, column 0 sees rows −2 to 11 and columns −2 to 11; what is hatched lies outside"
    )
    page.keyboard.press("ArrowRight")
    expect(seen).to_contain_text("columns 0 to 13")
    expect(output).to_have_attribute("aria-valuetext", "row 0, column 1")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 0.95 * box["height"])
    expect(seen).to_contain_text("Row 9, column 9 sees rows 16 to 29")

    block(page, "Dense 120").click()
    expect(seen).to_contain_text("Every unit sees the whole image")
    expect(seen.get_by_role("slider")).to_have_count(0)
    block(page, "Input").click()
    expect(seen).to_have_count(0)


def test_a_layer_inside_an_open_block_has_a_field_of_its_own(page: Page) -> None:
    draft(page, "resnet-20")
    block(page, "Residual").first.click()
    seen = page.get_by_role("region", name="What it sees")
    expect(seen).to_contain_text("7×7 px")
    page.get_by_role("button", name="Show inside").click()
    seen.get_by_role("combobox", name="Layer inside").select_option(label="Conv 3×3 a")
    expect(seen).to_contain_text("5×5 px")


def test_a_finished_run_shows_what_counts_for_every_layer(page: Page) -> None:
    experiment, run = start_run(page, epochs=3)
    wait_for_state(page, run, "finished")
    page.goto(f"/e/{experiment}/runs/{run}")
    maps = page.get_by_role("region", name="Feature maps")
    for layer in ("Conv 3×3", "Conv 3×3, ReLU"):
        maps.get_by_role("combobox", name="Layer").select_option(label=layer)
        expect(maps).to_contain_text("Sees 3×3 px")
        expect(maps).to_contain_text(
            re.compile(r"Half of the influence comes from \d×\d px, .* 100% lies in the field")
        )
        expect(maps.locator(".probe-influence")).to_be_visible()
    maps.get_by_role("button", name="Influence").click()
    expect(maps.locator(".probe-influence")).to_have_count(0)
    maps.get_by_role("button", name="Influence").click()

    grid = maps.locator(".maps-grid")
    grid.click(position={"x": 3, "y": 3})
    expect(maps).to_contain_text("Row 0, column 0 sees rows −1 to 1 and columns −1 to 1.")
    position = maps.get_by_role("slider", name="Output value whose field is drawn on the probe image")
    position.press("ArrowDown")
    expect(maps).to_contain_text("sees rows 0 to 2")
    maps.get_by_role("button", name="Back to the middle").click()
    expect(maps.locator(".probe-influence")).to_be_visible()

    page.get_by_role("application", name="The network while it trains").get_by_role(
        "group", name=re.compile("^Dense 10")
    ).click()
    expect(maps).to_contain_text("That is the whole image and beyond. Every unit sees the same.")


def test_the_field_of_a_running_layer_follows_its_weights(page: Page) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    maps = page.get_by_role("region", name="Feature maps")
    expect(maps).to_contain_text("lies in the field")
    scale = maps.get_by_role("img", name=re.compile("Influence from 0 to"))
    first = scale.get_attribute("aria-label")
    page.wait_for_function("before => document.querySelector('.field-scale').ariaLabel !== before", arg=first)
