"""Two people, each in a browser of their own: nothing made as a guest is lost, nothing is seen by others."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.e2e

PASSWORD = "a-Jacquard-loom-1804"

SAVE = """async (name) => {
  const exhibit = await (await fetch("/api/zoo/lenet-5?dataset=digits")).json();
  const token = /csrftoken=([^;]+)/.exec(document.cookie)[1];
  const answer = await fetch("/api/experiments", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ network: exhibit.network, recipe: exhibit.recipe, name }),
  });
  return (await answer.json()).id;
}"""


def sign_up(page: Page, name: str) -> str:
    email = f"{uuid.uuid4().hex}@example.org"
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    return email


def other_browser(browser: Browser, base_url: str) -> BrowserContext:
    return browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 720})


def test_what_a_guest_made_is_the_members_in_every_browser_and_nobody_elses(
    page: Page, browser: Browser, base_url: str
) -> None:
    page.goto("/")
    experiment = page.evaluate(SAVE, "Made as a guest")
    page.reload()
    email = sign_up(page, "Ada Lovelace")
    expect(page.get_by_text("Made as a guest")).to_be_visible()

    at_work = other_browser(browser, base_url)
    desk = at_work.new_page()
    desk.goto("/account/login/")
    desk.get_by_label("Email").fill(email)
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(desk.get_by_text("Made as a guest")).to_be_visible()

    elsewhere = other_browser(browser, base_url)
    bob = elsewhere.new_page()
    bob.goto("/")
    sign_up(bob, "Bob")
    expect(bob.get_by_text("Made as a guest")).to_have_count(0)
    bob.goto(f"/e/{experiment}")
    expect(bob.get_by_role("heading", name="No such experiment")).to_be_visible()

    page.goto("/account/")
    page.get_by_role("button", name="Sign out there").click()
    expect(page.get_by_text("You are signed out everywhere else.")).to_be_visible()
    desk.goto("/")
    expect(desk.get_by_role("link", name="Sign in")).to_be_visible()
    expect(desk.get_by_text("Made as a guest")).to_have_count(0)
    at_work.close()
    elsewhere.close()


def test_a_token_is_made_used_and_revoked_and_the_account_deleted(page: Page, base_url: str) -> None:
    page.goto("/")
    email = sign_up(page, "Grace")
    page.goto("/account/")
    page.get_by_label("What it is for").fill("my notebook")
    page.get_by_role("button", name="Make a token").click()
    token = page.get_by_label("The token").input_value()
    asked = {"Authorization": f"Bearer {token}"}
    script = page.context.browser.new_context(base_url=base_url)  # type: ignore[union-attr]
    assert script.request.get("/api/experiments", headers=asked).status == 200
    page.goto("/account/")
    page.get_by_role("button", name="Revoke my notebook").click()
    expect(page.get_by_text("is revoked")).to_be_visible()
    assert script.request.get("/api/experiments", headers=asked).status == 401
    script.close()
    page.get_by_role("link", name="Delete your account…").click()
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account and everything in it").click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
