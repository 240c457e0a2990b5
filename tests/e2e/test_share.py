"""One shares by link, a stranger in another browser watches, forks, and is told when it is taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.steps import long_run, small_network, wait_for_state

pytestmark = pytest.mark.e2e


@pytest.fixture
def elsewhere(browser: Browser, base_url: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    yield context
    context.close()


def dialog(page: Page) -> None:
    page.get_by_role("banner").get_by_role("button", name="Share").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def link_made(page: Page) -> str:
    """Make a link in the open dialog: its address."""
    page.get_by_role("radio", name=re.compile("^By link")).check()
    page.get_by_role("button", name="Make a link").click()
    return page.get_by_label("The new link").input_value()


def test_a_link_is_made_opened_watched_forked_and_revoked(page: Page, elsewhere: BrowserContext) -> None:
    experiment, run = long_run(page)
    wait_for_state(page, run, "running")
    page.goto(f"/e/{experiment}/about")
    dialog(page)
    link = link_made(page)
    assert re.search(r"/s/[\w-]{22}$", link)

    stranger = elsewhere.new_page()
    stranger.goto(link)
    stranger.wait_for_url(f"**/e/{experiment}/about")
    expect(stranger.get_by_role("heading", name="Small", exact=True)).to_be_visible()
    expect(stranger.get_by_text("Read only")).to_be_visible()
    expect(stranger.get_by_role("button", name="Share")).to_have_count(0)
    expect(stranger.get_by_role("button", name="Write notes")).to_have_count(0)
    stranger.get_by_role("link", name="Train", exact=True).click()
    stranger.wait_for_url(f"**/runs/{run}")
    steps = stranger.get_by_role("banner").get_by_text(re.compile(r"^\d[\d,]* / "))
    before = steps.inner_text()
    expect(steps).not_to_have_text(before)  # it is live

    watching = elsewhere.new_page()
    watching.goto(f"/e/{experiment}/runs/{run}")
    expect(watching.get_by_role("banner").get_by_role("button", name="Fork")).to_be_visible()
    stranger.get_by_role("banner").get_by_role("button", name="Fork").click()
    stranger.wait_for_url(re.compile(r"/e/[^/]+$"))
    expect(stranger.get_by_role("application", name="The network")).to_be_visible()
    fork = stranger.url.rsplit("/", 1)[1]
    assert fork != experiment
    assert "Forked from run 1 of “Small”" in stranger.request.get(f"/api/experiments/{fork}").json()["notes"]

    page.get_by_role("button", name=re.compile("^Revoke")).click()
    expect(watching.get_by_text("This run was shared, and no longer is")).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^Private"))).to_be_checked()
    stranger.goto(f"/e/{experiment}/about")
    expect(stranger.get_by_text("This was shared, and no longer is")).to_be_visible()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="No longer shared")).to_be_visible()
    stranger.goto(f"/e/{fork}")
    expect(stranger.get_by_role("application", name="The network")).to_be_visible()  # what is theirs stays


def test_it_is_published_after_an_agreement_and_taken_back(page: Page, elsewhere: BrowserContext) -> None:
    body = {"name": "For everybody", "network": small_network(), "recipe": {"dataset": "digits"}}
    page.goto("/")
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    page.goto(f"/e/{experiment}/about")
    dialog(page)
    page.get_by_role("radio", name=re.compile("^Public")).check()
    expect(page.get_by_role("group", name="Publish")).to_contain_text("“For everybody”")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("radio", name=re.compile("^Private"))).to_be_checked()
    page.get_by_role("radio", name=re.compile("^Public")).check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_label("Address of the public page")).to_be_visible()

    stranger = elsewhere.new_page()
    stranger.goto("/gallery")
    stranger.get_by_role("searchbox", name="Find an experiment").fill("everybody")
    stranger.get_by_role("link", name=re.compile("For everybody")).click()
    expect(stranger.get_by_text("Read only")).to_be_visible()
    stranger.get_by_role("banner").get_by_role("button", name="Fork").click()
    expect(stranger.get_by_role("banner").get_by_role("button", name="Share")).to_be_visible()
    stranger.goto("/gallery")
    expect(stranger.get_by_role("listitem").filter(has_text="For everybody")).to_contain_text("1 fork")

    page.get_by_role("radio", name=re.compile("^Private")).check()
    page.get_by_role("button", name="Make it private").click()
    expect(page.get_by_text("For everybody is private.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="Gallery")).to_be_visible()
    expect(stranger.get_by_role("link", name=re.compile("For everybody"))).to_have_count(0)


def test_a_frame_shows_a_run_live_and_has_nothing_to_press(page: Page, elsewhere: BrowserContext) -> None:
    experiment, run = long_run(page)
    wait_for_state(page, run, "running")
    made = page.request.post(f"/api/experiments/{experiment}/links", data={"run": run}).json()
    frame = elsewhere.new_page()
    frame.set_viewport_size({"width": 480, "height": 320})
    frame.goto(f"/embed/{made['token']}")
    expect(frame.get_by_role("heading", name="Small")).to_be_visible()
    expect(frame.get_by_role("img", name=re.compile("^Training loss from"))).to_be_visible()
    facts = frame.get_by_text(re.compile("step "))
    before = facts.inner_text()
    expect(facts).not_to_have_text(before)
    expect(frame.get_by_role("button")).to_have_count(0)
    assert frame.evaluate("document.documentElement.scrollHeight <= 320 && document.documentElement.scrollWidth <= 480")
    page.request.delete(f"/api/links/{made['id']}")
    expect(frame.get_by_text("no longer is")).to_be_visible()
