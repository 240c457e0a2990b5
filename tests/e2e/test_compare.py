"""Runs are chosen from a list of all and held against each other; what the page says is what the site measured."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.steps import Guest, guest_with_runs, long_run, start_run, wait_for_state


@pytest.fixture(scope="module")
def guest(browser: Browser, base_url: str) -> Guest:
    recipes: list[dict[str, Any]] = [{"seed": 1}, {"seed": 2}, {"seed": 3, "optimiser": "adam"}]
    recipes.append({"seed": 1, "learning_rate": 0.001})
    return guest_with_runs(browser, base_url, *({"epochs": 2, **recipe} for recipe in recipes))


def entered(page: Page, guest: Guest, *which: int) -> list[str]:
    """Those of the guest's runs; the page is the guest's."""
    guest.enter(page)
    return [guest.runs[number]["id"] for number in which]


def figures(page: Page) -> Locator:
    return page.get_by_role("region", name="Table: figures and settings")


def letters(page: Page) -> list[str]:
    return [name.strip()[0] for name in figures(page).locator("thead th b").all_text_contents()]


def row(page: Page, name: str) -> Locator:
    return figures(page).get_by_role("row", name=re.compile(f"^{name}"))


def test_two_runs_are_held_against_each_other(page: Page, guest: Guest, tmp_path: Path) -> None:
    runs = entered(page, guest, 0, 3)
    page.goto(f"/compare?runs={','.join(runs)}")
    expect(page.locator("[data-curves-drawn='2']")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Loss of 2 runs by step; at the end A .+, B "))).to_be_visible()
    found = page.request.get(f"/api/compare?runs={','.join(runs)}").json()
    said = page.get_by_role("region", name="What differs")
    expect(said).to_contain_text("Rate 0.001 instead of 0.05")
    expect(said).to_contain_text("No difference can be claimed between A and B. One seed tells nothing")
    expect(page.locator(".compare-headline")).to_have_text(found["headline"])
    (errors,) = [each["cells"] for each in found["rows"] if each["id"] == "test_error"]
    expect(row(page, "Test error")).to_contain_text(f"{errors[0]['value']:.2f}%")
    expect(row(page, "Epochs")).to_be_visible()
    page.get_by_role("button", name="Only differences").click()
    expect(row(page, "Epochs")).to_have_count(0)
    expect(row(page, "Rate")).to_contain_text("0.001")
    page.get_by_role("button", name="Copy or save the table").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save as CSV").click()
    download.value.save_as(tmp_path / "runs.csv")
    table = {line[0]: line[1:] for line in csv.reader((tmp_path / "runs.csv").read_text().splitlines())}
    assert [float(value) for value in table["Test error"]] == pytest.approx([cell["value"] for cell in errors])
    expect(page.get_by_role("img", name=re.compile("^Gradient by depth. A: layer 1 .+ layer 2 "))).to_be_visible()


def test_another_run_becomes_the_one_that_is_held_against_and_one_is_hidden(page: Page, guest: Guest) -> None:
    runs = entered(page, guest, 0, 1, 2)
    page.goto(f"/compare?runs={','.join(runs)}")
    expect(figures(page).locator("thead b")).to_have_text(["A", "B", "C"])
    expect(page.get_by_role("row", name=re.compile("^A and B"))).to_contain_text("2")
    page.get_by_role("button", name=re.compile("^More: C")).click()
    page.keyboard.press("Enter")  # the first item has the focus: hold the others against it
    page.wait_for_url(f"**/compare?runs={runs[2]},{runs[0]},{runs[1]}")
    expect(page.get_by_role("region", name="What differs")).to_contain_text("SGD instead of Adam")
    page.get_by_role("list", name="Runs compared").get_by_role("button", name=re.compile("^B")).first.click()
    expect(figures(page).locator("thead b")).to_have_text(["A", "C"])
    page.get_by_role("button", name="Test error").click()
    assert letters(page)[0] == "A"


def test_curves_are_drawn_over_epochs_and_time_and_have_a_table(page: Page, guest: Guest) -> None:
    runs = entered(page, guest, 0, 1)
    page.goto(f"/compare?runs={','.join(runs)}")
    for axis, words in (("Epoch", "epoch"), ("Time", "training time")):
        page.get_by_role("radio", name=axis, exact=True).check(force=True)
        name = re.compile(f"^Loss of 2 runs by {words}; at the end A .+, B ")
        expect(page.get_by_role("img", name=name)).to_be_visible()
    page.get_by_role("button", name="Curves: table, copy, save").click()
    page.get_by_role("menuitem", name="Show the table").click()
    expect(page.get_by_role("region", name="Table: Curves by training time, held out")).to_be_visible()


def test_a_run_that_trains_keeps_moving(page: Page) -> None:
    page.goto("/")
    _, run = long_run(page)
    wait_for_state(page, run, "running")
    page.goto(f"/compare?runs={run}")
    fact = page.get_by_role("region", name="Curves").locator(".panel-fact")
    expect(fact).to_have_text(re.compile(r"\d steps"))
    before = fact.text_content()
    expect(fact).not_to_have_text(before or "")


def test_what_is_missing_is_said_and_can_be_left_out(page: Page, guest: Guest) -> None:
    (run,) = entered(page, guest, 0)
    page.goto(f"/compare?runs={run},{'0' * 32}")
    expect(page.get_by_text("One run could not be shown.")).to_be_visible()
    expect(figures(page).locator("thead b")).to_have_text(["A"])
    page.get_by_role("button", name="Leave it out").click()
    page.wait_for_url(f"**/compare?runs={run}")
    page.goto(f"/compare?runs={'0' * 32}")
    expect(page.get_by_role("heading", name="None of these runs is there")).to_be_visible()


def test_runs_are_found_tagged_and_ticked(page: Page) -> None:
    runs = [start_run(page, epochs=1, seed=seed)[1] for seed in (1, 2)]
    for run in runs:
        wait_for_state(page, run, "finished")
    page.goto("/")
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Compare").click()
    table = page.get_by_role("region", name="Table: your runs")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("button", name="Compare", exact=True)).to_have_attribute("aria-disabled", "true")
    table.get_by_role("button", name=re.compile("tags of Small")).first.click()
    page.get_by_label("Words to find it by").fill("best, to show")
    page.keyboard.press("Enter")
    expect(table.get_by_text("to show")).to_be_visible()
    page.get_by_role("searchbox").fill("show")
    expect(table.get_by_role("row")).to_have_count(2)
    page.get_by_role("searchbox").fill("nobody has this")
    expect(page.get_by_role("heading", name="No run is like that")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(table.get_by_role("row")).to_have_count(3)
    for box in table.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Compare 2 runs").click()
    page.wait_for_url(re.compile("/compare\\?runs="))
    assert set(page.url.split("runs=")[1].split(",")) == set(runs)
    page.get_by_role("button", name="Add run").click()
    dialog = page.get_by_role("dialog", name="Choose runs")
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_an_experiments_own_views_lead_to_its_runs(page: Page) -> None:
    page.goto("/")
    experiment, first = start_run(page, epochs=1)
    wait_for_state(page, first, "finished")
    second = page.request.post(f"/api/experiments/{experiment}/runs").json()["id"]
    wait_for_state(page, second, "finished")
    page.goto(f"/e/{experiment}/runs/{first}")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Compare").click()
    page.wait_for_url(f"**/compare?runs={second},{first}")
    page.goto(f"/e/{experiment}")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Compare").click()
    page.wait_for_url(f"**/compare?runs={second},{first}")


def test_more_than_twenty_runs_are_refused_in_words(page: Page) -> None:
    ids = ",".join(f"{n:032x}" for n in range(21))
    page.goto("/")
    expect(page.get_by_role("banner")).to_be_visible()
    response = page.request.get(f"/api/compare?runs={ids}")
    assert response.status == 422
    assert "At most 20 runs are compared at once" in response.json()["error"]["message"]
