"""The page of an experiment: a twin in one press, what differs, and going back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import block, draft, small_network, train_button, wait_for_state


def saved(page: Page, **body: Any) -> str:
    """An experiment of the page's guest, made by the API; its id."""
    body = {"name": "Small", "network": small_network(), "recipe": {"dataset": "digits", "epochs": 2}} | body
    return str(page.request.post("/api/experiments", data=body).json()["id"])


def changed(page: Page, experiment: str) -> None:
    """Version 2: tanh for ReLU, dropout before the scores, another rate. Version 1 is a run's, and so is kept."""
    run = page.request.post(f"/api/experiments/{experiment}/runs").json()["id"]
    network = small_network()
    network["nodes"][2]["block"] = "tanh"
    network["nodes"].append({"id": "drop", "block": "dropout"})
    network["edges"][3] = {"source": "flat", "target": "drop"}
    network["edges"].append({"source": "drop", "target": "dense"})
    body = {"version": 1, "network": network, "recipe": {"dataset": "digits", "epochs": 2, "learning_rate": 0.01}}
    answer = page.request.patch(f"/api/experiments/{experiment}", data=body)
    assert answer.ok, answer.text()
    wait_for_state(page, run, "finished")


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def expect_marks(page: Page, expected: list[str]) -> None:
    """What is marked on the drawing of a difference, in alphabetical order."""
    marks = page.locator(".difference-mark")
    expect(marks).to_have_count(len(expected))
    assert sorted(marks.evaluate_all("marks => marks.map(mark => mark.dataset.mark)")) == expected


def test_a_sigmoid_twin_is_made_in_one_press_and_both_runs_are_seen(page: Page) -> None:
    experiment = saved(page)
    page.goto(f"/e/{experiment}/about")
    page.get_by_role("button", name="Make a twin").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("start from the same weights").first).to_be_visible()
    dialog.get_by_role("button", name="Train both: Sigmoid everywhere").click()
    runs = region(page, "Pairs and sweeps").get_by_role("link")
    expect(runs).to_have_count(2)
    expect(runs.nth(0)).to_contain_text("Small")
    expect(runs.nth(1)).to_contain_text("Small, Sigmoid")
    for run in (runs.nth(0), runs.nth(1)):
        expect(run).to_contain_text("% right", timeout=60_000)
        expect(run.locator(".spark")).to_be_visible()
    region(page, "Family").get_by_role("link", name="Small, Sigmoid").click()
    expect(region(page, "Family").get_by_role("link", name="Small", exact=True)).to_be_visible()
    expect(region(page, "Notes")).to_contain_text("Every activation becomes Sigmoid.")
    region(page, "Family").get_by_role("button", name="Difference from Small").click()
    expect(page.get_by_role("dialog", name="Small to Small, Sigmoid")).to_be_visible()
    expect(page.locator(".difference-figure")).to_be_visible()
    expect_marks(page, ["changed"])


def test_a_difference_is_drawn_told_and_gone_back_on(page: Page) -> None:
    experiment = saved(page)
    changed(page, experiment)
    page.goto(f"/e/{experiment}/about")
    versions = region(page, "Versions")
    expect(versions.get_by_text("Dropout 0.5 added, Tanh changed, rate 0.05 → 0.01")).to_be_visible()
    versions.get_by_role("button", name="Changes of version 2").click()
    dialog = page.get_by_role("dialog", name="Version 1 to version 2")
    expect(dialog.get_by_role("img", name=re.compile("1 added, 1 changed and 5 the same"))).to_be_visible()
    expect_marks(page, ["added", "changed"])
    expect(dialog.get_by_role("row", name=re.compile("Tanh.*ReLU.*Tanh"))).to_be_visible()
    expect(dialog.get_by_role("row", name=re.compile("Rate 0.05 0.01"))).to_be_visible()
    dialog.get_by_role("button", name="Go back to version 1").click()
    expect(versions.get_by_text("Back to version 1")).to_be_visible()
    expect(versions.get_by_text("Version 3")).to_be_visible()
    page.get_by_role("link", name="Build").click()
    expect(block(page, "Conv 3×3")).to_be_visible()
    network = page.request.get(f"/api/experiments/{experiment}").json()["network"]
    assert "relu" in {node["block"] for node in network["nodes"]}


def test_the_dialogs_work_with_the_keyboard_alone(page: Page) -> None:
    experiment = saved(page)
    changed(page, experiment)
    page.goto(f"/e/{experiment}/about")
    more = page.get_by_role("button", name="More: version 1")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Compare with now")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Version 1 to version 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Make a twin").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Another activation", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Augmented images", exact=True)).to_have_attribute("aria-pressed", "true")


def test_a_sweep_says_what_it_costs_starts_and_is_cancelled(page: Page) -> None:
    experiment = saved(page, recipe={"dataset": "digits", "epochs": 200})
    page.goto(f"/e/{experiment}/about")
    page.get_by_role("button", name="Sweep", exact=True).click()
    dialog = page.get_by_role("dialog", name="Sweep")
    dialog.get_by_role("textbox", name="Values").fill("0.1, -1")
    expect(dialog.get_by_role("alert")).to_contain_text("Rate cannot be -1.")
    dialog.get_by_role("textbox", name="Values").fill("0.1, 0.01")
    expect(dialog.get_by_role("region", name="What it costs")).to_contain_text("2 of at most 24 runs")
    dialog.get_by_role("radio", name="2", exact=True).check()
    dialog.get_by_role("button", name="Queue 4 runs").click()
    batches = region(page, "Pairs and sweeps")
    expect(batches.get_by_role("link")).to_have_count(4)
    expect(batches.get_by_role("link").first).to_contain_text("Rate 0.1, Seed 1")
    batches.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(batches.get_by_role("button", name=re.compile("^Cancel"))).to_have_count(0)
    stopped = batches.get_by_role("link").filter(has_text="stopped")
    expect(stopped.nth(2)).to_be_visible()


def test_notes_are_written_in_markdown_and_do_nothing_but_be_read(page: Page) -> None:
    experiment = saved(page)
    page.goto(f"/e/{experiment}/about")
    notes = region(page, "Notes")
    expect(notes).to_contain_text("No notes yet.")
    notes.get_by_role("button", name="Write notes").click()
    notes.get_by_role("textbox").fill("**Why** <img src=x onerror=alert(1)>")
    page.keyboard.press("Control+Enter")
    expect(notes.locator("strong")).to_have_text("Why")
    expect(notes.locator("img")).to_have_count(0)


def test_build_and_the_start_page_lead_to_it(page: Page) -> None:
    draft(page, "lenet-5")
    expect(page.get_by_role("banner").get_by_role("button", name="About")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/e/[^/]+$"))
    expect(train_button(page)).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="About").click()
    page.wait_for_url(re.compile("/e/[^/]+/about$"))
    expect(region(page, "Runs")).to_contain_text("No runs yet.")
    expect(region(page, "Recipe")).to_contain_text("of MNIST: 55,000 images")
    page.goto("/")
    page.get_by_role("button", name="More: LeNet-5").click()
    page.get_by_role("menuitem", name="About, versions and twins").click()
    page.wait_for_url(re.compile("/e/[^/]+/about$"))
