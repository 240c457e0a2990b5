"""Networks and recipes are kept on the site under a name, each guest's own."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from benchmarks.running_site import RunningSite
from tests.e2e.steps import block, draft, expect_parameters, small_network


def save(page: Page) -> str:
    """Save the draft that is open; the experiment's id."""
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile("/e/[^/]+$"))
    return page.url.rsplit("/", 1)[1]


def saved(page: Page, name: str) -> str:
    """An experiment of the page's guest, made by the API; its id."""
    body = {"name": name, "network": small_network(), "recipe": {"dataset": "digits"}}
    return str(page.request.post("/api/experiments", data=body).json()["id"])


def rename_on_top(page: Page, name: str) -> None:
    """Press the name in the top bar and type another."""
    page.get_by_role("banner").get_by_role("heading", level=1).get_by_role("button").click()
    page.get_by_role("textbox", name="Name of the experiment").fill(name)
    page.keyboard.press("Enter")


def all_saved(page: Page) -> None:
    expect(page.get_by_role("banner").get_by_text("Saved", exact=True)).to_be_visible()


def test_a_draft_is_saved_under_a_name_and_opened_again(page: Page) -> None:
    draft(page, "lenet-5")
    save(page)
    rename_on_top(page, "My first network")
    block(page, "Dense 120").click()
    page.get_by_role("textbox", name=re.compile("^Units")).fill("64")
    expect_parameters(page, "34,546")
    all_saved(page)
    page.goto("/")
    page.get_by_role("link", name=re.compile("My first network")).click()
    expect_parameters(page, "34,546")
    expect(page).to_have_title(re.compile("^My first network"))


def test_the_list_renames_duplicates_and_deletes(page: Page) -> None:
    saved(page, "Small one")
    page.goto("/")
    cards = page.get_by_role("region", name="Your experiments").get_by_role("listitem")
    page.get_by_role("button", name="More: Small one").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Small two")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Small two")).to_be_visible()
    page.get_by_role("button", name="More: Small two").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(cards).to_have_count(2)
    page.get_by_role("button", name=re.compile("^More: Small two")).last.click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete experiment").click()
    expect(cards).to_have_count(1)
    page.reload()
    expect(cards).to_have_count(1)


def test_two_tabs_that_both_change_it_are_asked_which_to_keep(browser: Browser, site: RunningSite) -> None:
    context = browser.new_context(base_url=site.address)  # the refused save is told on this console
    first, second = context.new_page(), context.new_page()
    first.goto("/")
    experiment = saved(first, "Shared")
    for page in (first, second):
        page.goto(f"/e/{experiment}")
        expect(block(page, "Flatten")).to_be_visible()
    rename_on_top(first, "From the first tab")
    all_saved(first)
    rename_on_top(second, "From the second tab")
    question = second.get_by_role("dialog")
    expect(question).to_be_visible()
    question.get_by_role("button", name=re.compile("copy", re.IGNORECASE)).click()
    all_saved(second)
    second.goto("/")
    expect(second.get_by_role("heading", name="From the first tab")).to_be_visible()
    expect(second.get_by_role("heading", name=re.compile("^From the second tab"))).to_be_visible()
    context.close()


def test_a_guest_does_not_see_what_another_made(page: Page, browser: Browser, site: RunningSite) -> None:
    page.goto("/")
    experiment = saved(page, "Private")
    page.reload()
    expect(page.get_by_role("heading", name="Private")).to_be_visible()
    stranger = browser.new_context(base_url=site.address).new_page()
    stranger.goto("/")
    expect(stranger.get_by_role("heading", name="Draw your first network")).to_be_visible()
    stranger.goto(f"/e/{experiment}")
    expect(stranger.get_by_role("heading", name="No such experiment")).to_be_visible()
    stranger.context.close()


def test_the_data_panel_shows_samples_and_counts_and_sets_the_input(page: Page) -> None:
    draft(page, "lenet-5")
    page.get_by_role("tab", name="Data").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("heading", name="MNIST")).to_be_visible()
    sample = panel.get_by_role("img").first
    expect(sample).to_be_visible()
    ones = panel.get_by_role("row", name="1 6,212 530 1,135")  # 6,742 among MNIST's 60,000, 1,135 among its 10,000
    expect(ones).to_be_attached()
    panel.get_by_role("radio", name=re.compile("Shapes")).check()
    expect(block(page, "Input")).to_have_attribute("aria-label", re.compile("output 32×32×3"))
    expect(panel.get_by_role("heading", name="Shapes")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("The images of the data have 3 channels of 32×32").first).to_be_visible()
    page.get_by_role("button", name="Set it").first.click()
    expect(block(page, "Input")).to_have_attribute("aria-label", re.compile("output 32×32×3"))
