"""The whole loop in a browser: train on real MNIST, watch the inside, reload, pause, stop, find it in the list."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from benchmarks.running_site import RunningSite
from tests.e2e.steps import draft, train


def step_shown(page: Page) -> int:
    """The step in the page's top bar; 0 while none is known."""
    text = page.get_by_role("banner").inner_text()
    found = re.search(r"Step\s+([\d,]+)", text)
    return int(found.group(1).replace(",", "")) if found else 0


def wait_for_step(page: Page, step: int) -> None:
    page.wait_for_function(
        """step => {
            const found = document.querySelector('header')?.innerText.match(/Step\\s+([\\d,]+)/);
            return found && Number(found[1].replaceAll(',', '')) >= step;
        }""",
        arg=step,
        timeout=60_000,
    )


def test_a_run_is_watched_reloaded_paused_and_stopped(page: Page, browser: Browser, site: RunningSite) -> None:
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(len(data))))
    draft(page, "lenet-5")
    train(page)
    wait_for_step(page, 5)
    assert frames

    for title in ("Loss", "Gradient", "Dead", "Feature maps"):
        expect(page.get_by_role("heading", name=re.compile(title)).first).to_be_visible()
    pixels = "() => Array.from(document.querySelectorAll('canvas')).map(c => c.width > 1 ? c.toDataURL().length : 0)"
    before = page.evaluate(pixels)
    wait_for_step(page, step_shown(page) + 30)
    assert page.evaluate(pixels) != before

    page.reload()
    wait_for_step(page, 30)

    other = browser.new_context(base_url=site.address).new_page()
    other.goto(page.url)
    wait_for_step(other, 30)
    other.context.close()

    page.get_by_role("button", name=re.compile("^Pause")).click()
    expect(page.get_by_role("button", name=re.compile("^Resume"))).to_be_visible()
    paused_at = step_shown(page)
    page.get_by_role("button", name=re.compile("^Resume")).click()
    wait_for_step(page, paused_at + 10)
    page.get_by_role("button", name=re.compile("^Stop")).click()
    expect(page.get_by_text(re.compile("stopped", re.IGNORECASE)).first).to_be_visible()

    page.goto("/")
    expect(page.get_by_text("LeNet-5").first).to_be_visible()
