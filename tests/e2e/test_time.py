"""Time travel: every picture and figure of a run's past, on the page and byte for byte."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from websockets.sync.client import connect

from benchmarks.running_site import RunningSite
from playground.protocol import decode_header, unpack
from tests.e2e.steps import Guest, guest_with_runs, long_run, start_run, wait_for_state

PICTURES = {"maps", "effective_field", "units", "histogram", "prediction", "evaluation"}
MOST_ASKED = 30
"""Moments that are compared, of all that were sent."""
INK = "canvas => canvas.toDataURL()"


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Step shown")


def step_at(page: Page) -> int:
    """The step that the page shows."""
    found = re.match(r"step ([\d,]+) of", slider(page).get_attribute("aria-valuetext") or "")
    assert found is not None
    return int(found[1].replace(",", ""))


def maps(page: Page) -> Locator:
    return page.locator(".maps-grid canvas")


@pytest.fixture(scope="module")
def guest(browser: Browser, base_url: str) -> Guest:
    return guest_with_runs(browser, base_url, {"epochs": 30})


def finished_run(page: Page, guest: Guest) -> tuple[str, int]:
    """The run and its steps; the page is on it."""
    guest.enter(page)
    (run,) = guest.runs
    page.goto(f"/e/{run['experiment']}/runs/{run['id']}")
    expect(page.get_by_role("img", name=re.compile("^Feature maps, 8 channels"))).to_be_visible()
    expect(page.get_by_text(re.compile(rf"step {run['step']}$"))).to_be_visible()
    return run["id"], run["step"]


def step_of_maps(page: Page, run: str, step: int) -> int:
    """Of which step the feature maps are that the site shows at a step."""
    stored = page.request.get(f"/api/runs/{run}/frames?step={step}").body()
    headers = [decode_header(bytes(record))[0] for record in unpack(stored)]
    return next(header["step"] for header in headers if header["kind"] == "maps")


def expect_evaluation(page: Page, words: str) -> None:
    """What the tab Evaluation says at the moment that is shown; then back to the slider."""
    page.get_by_role("tab", name="Evaluation").click()
    expect(page.get_by_role("tabpanel", name="Evaluation")).to_contain_text(words)
    page.get_by_role("tab", name="Inside").click()
    slider(page).focus()


def test_the_whole_page_goes_back_and_the_address_holds_the_moment(page: Page, guest: Guest) -> None:
    run, steps = finished_run(page, guest)
    last_maps = maps(page).evaluate(INK)
    prediction = page.get_by_role("region", name="Prediction for the probe image")
    dead = page.get_by_role("region", name="Dead ReLU")
    last_words = prediction.inner_text()
    slider(page).focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile(r"\?step=0$"))
    expect(page.get_by_text(re.compile("step 0$"))).to_be_visible()
    expect(page.get_by_text("Fig. 1, step 0")).to_be_visible()
    expect(prediction).not_to_have_text(last_words)
    page.wait_for_function(
        "([canvas, last]) => canvas.toDataURL() !== last", arg=[maps(page).element_handle(), last_maps]
    )
    expect_evaluation(page, "No epoch had ended yet")
    expect(page.get_by_role("img", name=re.compile("^Loss: at step 0 train"))).to_be_visible()
    expect(dead).to_be_visible()

    page.keyboard.press("ArrowRight")
    assert step_at(page) == 1
    page.keyboard.press("PageUp")
    epoch = step_at(page)
    assert 1 < epoch < steps
    page.keyboard.press("PageUp")
    assert step_at(page) == 2 * epoch
    expect_evaluation(page, "held-out")
    expect(page).to_have_url(re.compile(rf"\?step={2 * epoch}$"))
    expect(page.get_by_text(re.compile(rf"^8 maps .* step {step_of_maps(page, run, 2 * epoch)}$"))).to_be_visible()
    shown = maps(page).evaluate(INK)
    assert shown != last_maps

    page.reload()
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(f"^step {2 * epoch} of"))
    expect(page.get_by_text(f"Fig. 1, step {2 * epoch}")).to_be_visible()
    page.wait_for_function("canvas => canvas.toDataURL() === " + repr(shown), arg=maps(page).element_handle())

    page.get_by_role("button", name="End").click()
    expect(page).not_to_have_url(re.compile("step="))
    page.wait_for_function("canvas => canvas.toDataURL() === " + repr(last_maps), arg=maps(page).element_handle())


def test_space_plays_what_is_past_and_stops_it(page: Page, guest: Guest) -> None:
    finished_run(page, guest)
    page.get_by_role("combobox", name="Speed of playing").select_option("4")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    play = page.get_by_role("button", name="Stop playing")
    expect(play).to_be_visible()
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(r"^step [1-9]\d* of \d+$"))
    page.keyboard.press(" ")
    expect(play).to_be_hidden()
    stopped = step_at(page)
    expect(page).to_have_url(re.compile(rf"step={stopped}$"))
    page.keyboard.press(" ")
    expect(play).to_be_hidden(timeout=30_000)  # it ends by itself
    expect(page.get_by_role("button", name="End")).to_have_attribute("aria-pressed", "true")


def test_training_goes_on_while_the_page_stands_in_the_past(page: Page) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    expect(slider(page)).to_have_attribute("aria-valuetext", re.compile(r"^step \d{2,} of .*, live$"))
    slider(page).focus()
    page.keyboard.press("Home")
    before = page.request.get(f"/api/runs/{run}").json()["step"]
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Stop playing")).to_be_visible()
    page.keyboard.press(" ")
    page.wait_for_function(f"fetch('/api/runs/{run}').then(r => r.json()).then(r => r.step > {before + 20})")
    assert page.request.get(f"/api/runs/{run}").json()["state"] == "running"
    page.get_by_role("button", name="Live").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name=re.compile("^Resume"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Stop the run")).click()
    wait_for_state(page, run, "stopped")


def test_scrubbing_asks_the_site_one_thing_at_a_time(page: Page, guest: Guest) -> None:
    _, steps = finished_run(page, guest)
    page.evaluate(
        """() => {
            const before = window.fetch;
            window.flying = 0; window.most = 0; window.asked = 0;
            window.fetch = async (...asked) => {
                if (!String(asked[0]?.url ?? asked[0]).includes('/frames')) return before(...asked);
                window.asked += 1; window.flying += 1; window.most = Math.max(window.most, window.flying);
                try { return await before(...asked); } finally { window.flying -= 1; }
            };
        }"""
    )
    box = slider(page).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, y, steps=150)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"step=\d+$"))
    assert step_at(page) < steps * 0.3
    most, asked = page.evaluate("[window.most, window.asked]")
    assert most == 1
    assert asked < 100


def test_every_chart_zooms_by_keys_and_drag_and_shows_all_again(page: Page, guest: Guest) -> None:
    finished_run(page, guest)
    all_steps = page.get_by_role("button", name="whole run")
    zoomed = page.get_by_role("button", name="show all steps")
    loss = page.get_by_role("group", name="loss", exact=True)
    loss.focus()
    before = loss.locator("canvas").first.evaluate(INK)
    page.keyboard.press("+")
    expect(zoomed).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    # Asked for anew each time: the canvas is another where the lines that it shows are others.
    changed = "before => document.querySelector('[role=group][aria-label=loss] canvas').toDataURL() !== before"
    page.wait_for_function(changed, arg=before)
    page.keyboard.press("0")
    expect(all_steps).to_be_visible()
    strip = page.locator(".heat-strip")
    box = strip.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], y, steps=5)
    page.mouse.up()
    expect(zoomed).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard and pointer")).to_contain_text("Zoom in")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(zoomed).to_be_visible()
    strip.dblclick(position={"x": 0.5 * box["width"], "y": 4})
    expect(all_steps).to_be_visible()


def test_the_table_and_the_files_have_the_rows(page: Page, guest: Guest, tmp_path: Path) -> None:
    run, steps = finished_run(page, guest)
    region = page.get_by_role("region", name="Loss and accuracy")
    menu = page.get_by_role("button", name="Loss and accuracy: table, copy, save")

    def saved(item: str, name: str) -> Path:
        menu.click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=item).click()
        download.value.save_as(tmp_path / name)
        return tmp_path / name

    rows = list(csv.DictReader(saved("Save as CSV", "loss.csv").read_text().splitlines()))
    history = page.request.get(f"/api/runs/{run}/history?stream=steps&points=20000").json()
    losses = dict(zip(history["steps"], history["values"][0], strict=True))
    read = {int(row["Step"]): float(row["Loss"]) for row in rows if row["Loss"]}
    assert len(read) == steps
    assert read == {step: pytest.approx(loss, rel=1e-5, abs=1e-6) for step, loss in losses.items()}
    assert [row for row in rows if row["Held-out accuracy"]]

    png = saved("Save as PNG", "loss.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) > 400

    menu.click()
    page.get_by_role("menuitem", name="Show the table").click()
    table = region.get_by_role("table")
    expect(table.get_by_role("row").nth(1)).to_contain_text(str(steps))
    menu.click()
    page.get_by_role("menuitem", name="Show the drawing").click()
    expect(region.get_by_role("img", name=re.compile("^Loss: "))).to_be_visible()


def test_a_frame_at_a_step_equals_the_live_frame_at_it(page: Page, site: RunningSite) -> None:
    _, run = start_run(page, epochs=30)
    address = f"ws{site.address.removeprefix('http')}/ws/runs/{run}/"
    live: dict[tuple[Any, ...], bytes] = {}
    taken = 0
    with connect(address, origin=site.address, max_size=None) as socket:  # type: ignore[arg-type]
        for message in socket:
            if isinstance(message, str):
                if '"finished"' in message and '"state":"finished"' in message.replace(" ", ""):
                    break
                continue
            taken += len(message)
            socket.send(f'{{"kind":"credit","bytes":{taken}}}')
            records = [bytes(record) for record in unpack(bytes(decode_header(message)[1]))]
            headers = [decode_header(record)[0] for record in records]
            for header, record in zip(headers, records, strict=True):
                if header["kind"] in PICTURES:
                    live[key_of(header), header["step"]] = record
            if any(header["kind"] == "finished" for header in headers):
                break
    wait_for_state(page, run, "finished")
    steps = sorted({step for _, step in live})
    assert len(steps) > 5
    assert {key[0] for key, _ in live} == PICTURES
    with httpx.Client(base_url=site.address, timeout=30) as client:
        for step in steps[:: 1 + len(steps) // MOST_ASKED]:
            stored = client.get(f"/api/runs/{run}/frames", params={"step": step}).content
            answer = {key_of(decode_header(record)[0]): bytes(record) for record in unpack(stored)}
            for (key, at), record in live.items():
                if at == step:
                    assert answer[key] == record


def key_of(header: dict[str, Any]) -> tuple[str, ...]:
    """What the newest record of a moment is kept for."""
    return (header["kind"], str(header.get("layer", "")), str(header.get("of", "")), str(header.get("split", "")))
