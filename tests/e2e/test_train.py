"""The whole loop in a browser: train on real MNIST, watch the inside, reload, pause, stop, find it in the list."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from benchmarks.running_site import RunningSite
from tests.e2e.steps import draft, long_run, start_run, train, wait_for_state


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

    for title in ("Loss", "Layers", "Dead", "Feature maps"):
        expect(page.get_by_role("heading", name=re.compile(title)).first).to_be_visible()
    pixels = "() => Array.from(document.querySelectorAll('canvas')).map(c => c.width > 1 ? c.toDataURL().length : 0)"
    before = page.evaluate(pixels)
    wait_for_step(page, step_shown(page) + 30)
    page.wait_for_function(f"before => String(({pixels})()) !== String(before)", arg=before)

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


def test_a_finished_run_replays_from_storage(page: Page) -> None:
    experiment, run = start_run(page, epochs=3)
    done = wait_for_state(page, run, "finished", "failed")
    page.goto(f"/e/{experiment}/runs/{run}")
    banner = page.get_by_role("banner")
    expect(banner).to_contain_text("Run 1, finished")
    expect(banner).to_contain_text(f"{done['finished']['test_accuracy']:.2%}")
    page.get_by_role("tab", name="Evaluation").click()
    expect(page.get_by_role("region", name="Confusion")).to_contain_text("360 test images")
    page.get_by_role("tab", name="Inside").click()
    expect(page.get_by_role("img", name=re.compile("Feature maps, 8 channels of 8 by 8"))).to_be_visible()
    expect(page.get_by_text(re.compile(rf"maps of .*step {done['step']}$"))).to_be_visible()
    page.get_by_role("button", name="Train again").click()
    expect(banner).to_contain_text("Run 2")


def test_a_run_whose_loss_is_no_number_says_where_and_what_to_do(page: Page) -> None:
    experiment, run = start_run(page, learning_rate=100)
    failed = wait_for_state(page, run, "finished", "failed")["failed"]
    assert failed["code"] == "not_a_number"
    page.goto(f"/e/{experiment}/runs/{run}")
    health = page.get_by_role("region", name="Health of the run")
    expect(health).to_contain_text("The run ended at step")
    expect(health).to_contain_text("Lower the learning rate")


def test_a_stranger_watches_a_run_and_goes_on_from_its_network(page: Page, browser: Browser, site: RunningSite) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    wait_for_step(page, 5)
    said: list[str] = []
    stranger = browser.new_context(base_url=site.address).new_page()
    stranger.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    stranger.goto(page.url)
    wait_for_step(stranger, 5)
    expect(stranger.get_by_role("button", name=re.compile("^Pause"))).to_be_disabled()
    assert stranger.request.post(f"/api/runs/{run}/commands", data={"kind": "stop"}).status == 403
    stranger.get_by_role("button", name="Fork", exact=True).click()
    stranger.wait_for_url(re.compile(r"/e/[^/]+$"))
    expect(stranger.get_by_role("application", name="The network")).to_be_visible()
    assert said == []
    stranger.context.close()


def test_another_probe_image_changes_the_maps(page: Page) -> None:
    experiment, run = long_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    wait_for_step(page, 5)
    page.get_by_role("button", name="Choose", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^7")).first.click()
    expect(page.get_by_role("img", name=re.compile("^Probe image: .*: 7$"))).to_be_visible()
    expect(page.get_by_role("region", name="Prediction for the probe image")).to_contain_text("7")
