"""Going on with a run that has ended, rules that end one, and what else steers a run, in a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from benchmarks.running_site import RunningSite
from tests.e2e.steps import long_run, start_run, wait_for_run, wait_for_state


def test_a_finished_run_goes_on_for_more_epochs_and_a_second_browser_sees_it(
    page: Page, browser: Browser, site: RunningSite
) -> None:
    experiment, run = start_run(page, epochs=2, schedule="linear")
    done = wait_for_state(page, run, "finished")
    steps = done["total_steps"]
    page.goto(f"/e/{experiment}/runs/{run}")
    banner = page.get_by_role("banner")
    expect(banner).to_contain_text("Run 1, finished")
    other = browser.new_context(base_url=site.address).new_page()
    other.goto(page.url)
    expect(other.get_by_role("banner")).to_contain_text(f"{steps} / {steps}")

    page.get_by_role("button", name="Train more").click()
    dialog = page.get_by_role("dialog", name="Go on with run 1")
    expect(dialog.get_by_label("More epochs")).to_have_value("2")
    expect(dialog).to_contain_text(f"Goes on from step {steps} (the end of epoch 2) to the end of epoch 4")
    expect(dialog).to_contain_text("the linear schedule is stretched over all 4 epochs")
    dialog.get_by_label("More epochs").fill("0")
    expect(dialog.get_by_role("button", name="Train more epochs")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("More epochs").fill("1")
    expect(dialog).to_contain_text("stretched over all 3 epochs")
    dialog.get_by_role("button", name="Train 1 more epoch").click()
    expect(dialog).to_be_hidden()

    longer = steps * 3 // 2
    for each in (page, other):
        expect(each.get_by_role("banner")).to_contain_text(f"{longer} / {longer}", timeout=60_000)
        expect(each.get_by_role("banner")).to_contain_text("Run 1, finished")
    expect(other.get_by_role("button", name="Train more")).to_have_attribute("aria-disabled", "true")
    other.context.close()

    view = page.request.get(f"/api/runs/{run}").json()
    assert (view["recipe"]["epochs"], view["continued"]) == (2, [{"step": steps, "epochs": 3}])
    rows = page.request.get(f"/api/runs/{run}/history?points=20000").json()
    assert rows["steps"] == list(range(longer)), "one curve without a gap"
    assert set(rows["attempts"][:steps]) == {1} and set(rows["attempts"][steps:]) == {2}
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text(f"{longer} / {longer}")


def test_a_rule_of_the_recipe_ends_a_run_in_words(page: Page) -> None:
    experiment, run = start_run(page, epochs=50, early_stop="accuracy", patience=1, least_gain=0.5)
    ended = wait_for_state(page, run, "finished")
    assert ended["reason"] == "early_stop" and ended["step"] < ended["total_steps"]
    page.goto(f"/e/{experiment}/runs/{run}")
    expect(page.get_by_role("banner")).to_contain_text("Run 1, early stop")
    expect(page.get_by_text(ended["words"]).first).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("Test accuracy")
    page.goto(f"/e/{experiment}")
    page.get_by_role("tab", name=re.compile("Recipe")).click()
    expect(page.get_by_text("When to stop")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Patience").get_by_role("radio", name="1", exact=True)).to_be_checked()
    page.get_by_role("tab", name=re.compile("Runs")).click()
    expect(page.get_by_text("early stop", exact=True)).to_be_visible()


def test_a_paused_run_is_saved_by_hand_and_its_rate_marked(page: Page) -> None:
    experiment, run = long_run(page, learning_rate=0.02)
    page.goto(f"/e/{experiment}/runs/{run}")
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    wait_for_state(page, run, "running")
    page.locator("body").press("Space")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    step = wait_for_state(page, run, "paused")["step"]
    page.get_by_role("button", name="Train one step").click()
    page.get_by_role("button", name="Save a checkpoint now").click()
    expect(page.get_by_role("button", name=re.compile(r"Save a checkpoint now; the last is of step"))).to_be_visible()
    page.get_by_role("button", name="halve the rate").click()
    page.get_by_role("button", name="Resume").click()
    view = wait_for_run(page, run, lambda view: any(event["name"] == "learning_rate" for event in view["events"]))
    rates = [event for event in view["events"] if event["name"] == "learning_rate"]
    assert [event["value"] for event in rates] == [0.01] and rates[0]["step"] >= step
    page.get_by_role("button", name=re.compile("^Stop")).click()
    wait_for_state(page, run, "stopped")
    expect(page.get_by_role("button", name="Train more")).to_be_visible()
