"""Errors by epoch, confusion, classes and the worst mistakes with their images, live, in replay and back in time."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.protocol import TELEMETRY, Evaluation, Mistakes, decode, unpack
from tests.e2e.steps import Guest, guest_with_runs, long_run, show_table, wait_for_an_epoch, wait_for_state


@pytest.fixture(scope="module")
def guest(browser: Browser, base_url: str) -> Guest:
    return guest_with_runs(browser, base_url, {"epochs": 3})


def evaluated(page: Page, run: str, split: str, step: int | None = None) -> tuple[Evaluation, np.ndarray]:
    """The evaluation of a split that the site has stored, with its confusion."""
    where = f"/api/runs/{run}/frames?kind=evaluation" + (f"&step={step}" if step else "")
    for record in unpack(page.request.get(where).body()):
        message, payload = decode(record, TELEMETRY)
        if isinstance(message, Evaluation) and message.split == split:
            size = message.classes
            return message, np.frombuffer(payload, np.int32, size * size).reshape(size, size).copy()
    raise AssertionError(f"No evaluation of {split} is stored.")


def open_evaluation(page: Page, experiment: str, run: str) -> Locator:
    page.goto(f"/e/{experiment}/runs/{run}")
    page.get_by_role("tab", name="Evaluation").click()
    return page.get_by_role("tabpanel", name="Evaluation")


def evaluation_of(page: Page, guest: Guest) -> tuple[Locator, str]:
    """The open panel of the finished run, and the run."""
    guest.enter(page)
    (run,) = guest.runs
    return open_evaluation(page, run["experiment"], run["id"]), run["id"]


def has_ink(image: Locator) -> bool:
    """Whether a canvas shows more than one colour."""
    return bool(
        image.evaluate(
            """canvas => {
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                return new Set(new Uint32Array(data.buffer)).size > 1;
            }"""
        )
    )


def test_a_finished_run_shows_its_errors_its_confusion_and_its_mistakes(page: Page, guest: Guest) -> None:
    panel, run = evaluation_of(page, guest)
    test, confusion = evaluated(page, run, "test")
    expect(panel.get_by_role("region", name="Evaluation")).to_contain_text(f"{1 - test.accuracy:.2%}")
    expect(panel.get_by_role("region", name="Evaluation")).to_contain_text("All 360 test images")

    errors = panel.get_by_role("region", name="Error by epoch")
    show_table(errors)
    expect(errors.get_by_role("row")).to_have_count(4)
    held_out, _ = evaluated(page, run, "validation")
    expect(errors.get_by_role("row").nth(1)).to_contain_text(f"{1 - held_out.accuracy:.2%}")

    np.fill_diagonal(confusion, 0)
    truth, said = np.unravel_index(confusion.argmax(), confusion.shape)
    count = int(confusion[truth, said])
    assert count > 0
    mistakes = panel.get_by_role("region", name="Worst mistakes")
    expect(mistakes).to_contain_text(f"of {round((1 - test.accuracy) * 360)}")
    panel.get_by_role("button", name=re.compile(rf"^{truth} said to be {said}: {count} of")).click()
    expect(mistakes.get_by_role("heading")).to_have_text(f"{truth} said to be {said}")
    images = mistakes.get_by_role("list").get_by_role("button")
    expect(images.first).to_have_accessible_name(re.compile(rf"^{truth}, said {said}\b"))
    assert has_ink(images.first.locator("canvas"))
    assert images.count() <= count
    mistakes.get_by_role("button", name="Show the worst of all").click()
    expect(mistakes.get_by_role("heading")).to_have_text("Worst mistakes")

    classes = panel.get_by_role("region", name="Accuracy of each class").get_by_role(
        "button", name=re.compile("right$")
    )
    expect(classes).to_have_count(10)
    shares = [float(share.removesuffix("%")) for share in classes.locator(".class-share").all_inner_texts()]
    assert shares == sorted(shares)


def test_the_keyboard_walks_the_mistakes_and_the_cells(page: Page, guest: Guest) -> None:
    panel, _ = evaluation_of(page, guest)
    mistakes = panel.get_by_role("region", name="Worst mistakes")
    images = mistakes.get_by_role("list").get_by_role("button")
    images.first.focus()
    page.keyboard.press("ArrowRight")
    expect(images.nth(1)).to_be_focused()
    told = mistakes.get_by_role("figure")
    said = re.match(r"\d, said \d", images.nth(1).inner_text())
    assert said is not None
    expect(told).to_contain_text(said[0])
    expect(told).to_contain_text("Test image")
    page.keyboard.press("End")
    expect(images.last).to_be_focused()

    cells = panel.get_by_role("group", name="Kinds of mistakes").get_by_role("button")
    expect(cells).to_have_count(100)
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cells.nth(11)).to_be_focused()
    page.keyboard.press("Enter")
    expect(mistakes.get_by_role("heading")).to_have_text("1 said to be something else")


def test_back_in_time_the_evaluation_is_that_of_the_epoch_before(page: Page, guest: Guest) -> None:
    panel, run = evaluation_of(page, guest)
    head = panel.get_by_role("region", name="Evaluation")
    expect(head).to_contain_text("after epoch 3")
    line = page.get_by_role("slider", name=re.compile("step", re.IGNORECASE)).last
    line.fill("25")
    first, _ = evaluated(page, run, "validation", 25)
    assert first.step == 21
    expect(head).to_contain_text("after epoch 1")
    expect(head).to_contain_text(f"{1 - first.accuracy:.2%}")
    panel.get_by_text("Test", exact=True).click()
    expect(head).to_contain_text("only at the end of the run")
    panel.get_by_text("Train", exact=True).click()
    expect(head).to_contain_text("A fixed sample of 120 of the 1,317 training images")
    expect(
        panel.get_by_role("region", name="Worst mistakes").get_by_role("list").locator("canvas").first
    ).to_be_visible()


def test_a_run_is_evaluated_while_it_trains_and_the_panel_opens_large(page: Page) -> None:
    experiment, run = long_run(page)
    panel = open_evaluation(page, experiment, run)
    wait_for_an_epoch(page, run)
    head = panel.get_by_role("region", name="Evaluation")
    expect(head).to_contain_text("All 120 held-out images")
    expect(panel.get_by_role("region", name="Worst mistakes")).to_be_visible()
    panel.get_by_role("button", name="Open large").click()
    box, size = panel.bounding_box(), page.viewport_size
    assert box is not None and size is not None and box["width"] > 0.99 * size["width"]
    page.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="Open large")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Stop")).click()
    wait_for_state(page, run, "stopped")
    panel.get_by_text("Test", exact=True).click()
    expect(head).to_contain_text("the test set was not looked at")


def test_mistakes_are_answered_only_where_they_are_asked_for(page: Page, guest: Guest) -> None:
    guest.enter(page)
    (run,) = (run["id"] for run in guest.runs)
    frames = page.request.get(f"/api/runs/{run}/frames").body()
    kinds = {type(decode(record, TELEMETRY)[0]) for record in unpack(frames)}
    assert Evaluation in kinds and Mistakes not in kinds
    asked = list(unpack(page.request.get(f"/api/runs/{run}/frames?kind=mistakes").body()))
    assert {type(decode(record, TELEMETRY)[0]) for record in asked} == {Mistakes}
