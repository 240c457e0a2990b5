"""A stack of sigmoids in the browser: the alert, one press, and the twin with ReLU that trains."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, Page, expect

from benchmarks.running_site import RunningSite
from tests.e2e.steps import wait_for_state


def sigmoid_stack() -> dict[str, Any]:
    """Eight dense layers with a sigmoid behind each, for the small digits."""
    blocks: list[tuple[str, str, dict[str, int]]] = [
        ("input", "input", {"channels": 1, "height": 8, "width": 8}),
        ("flat", "flatten", {}),
    ]
    for n in range(8):
        blocks += [(f"dense{n}", "dense", {"units": 32}), (f"sigmoid{n}", "sigmoid", {})]
    blocks += [("scores", "dense", {"units": 10}), ("output", "output", {})]
    nodes = [{"id": name, "block": kind, "params": params} for name, kind, params in blocks]
    edges = [{"source": one[0], "target": other[0]} for one, other in pairwise(blocks)]
    return {"format": 1, "name": "Sigmoids", "nodes": nodes, "edges": edges}


def start_ill_run(page: Page) -> tuple[str, str]:
    """(experiment, run) of the page's guest, queued."""
    recipe = {"dataset": "digits", "epochs": 12, "initialisation": "glorot_uniform", "learning_rate": 0.02}
    body = {"name": "Sigmoids", "network": sigmoid_stack(), "recipe": recipe}
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    return experiment, page.request.post(f"/api/experiments/{experiment}/runs").json()["id"]


def test_a_vanishing_gradient_is_told_and_one_press_trains_the_twin(page: Page) -> None:
    experiment, run = start_ill_run(page)
    page.goto(f"/e/{experiment}/runs/{run}")
    health = page.get_by_role("region", name="Health of the run")
    wait_for_state(page, run, "running", "finished")
    expect(health.get_by_role("heading")).to_have_text("The gradient vanishes before it reaches Dense 32 a")
    expect(health).to_contain_text("Since step 0 the first layers get")
    expect(health.get_by_role("alert")).to_contain_text("The gradient vanishes")
    ill = wait_for_state(page, run, "finished", "failed")

    health.get_by_role("button", name="Go to 0").click()
    expect(page.get_by_role("slider", name="Step shown")).to_have_value("0")
    page.reload()  # a replay says the same, from storage
    expect(health.get_by_role("heading")).to_have_text("The gradient vanishes before it reaches Dense 32 a")
    health.get_by_role("button", name="Use ReLU").click()
    page.wait_for_url(lambda url: run not in url)
    expect(page.get_by_role("banner")).to_contain_text("Sigmoids, ReLU")
    twin = wait_for_state(page, page.url.rsplit("/", 1)[1], "finished", "failed")

    assert twin["state"] == "finished"
    assert {node["block"] for node in twin["network"]["nodes"]} == {"input", "flatten", "dense", "relu", "output"}
    assert twin["recipe"] == ill["recipe"]
    assert twin["finished"]["test_accuracy"] > 0.8 > 0.3 > ill["finished"]["test_accuracy"]
    assert "doctor.vanishing" not in {alert["rule"] for alert in twin["alerts"]}


def test_a_stranger_may_train_the_twin_but_not_command(page: Page, browser: Browser, site: RunningSite) -> None:
    experiment, run = start_ill_run(page)
    wait_for_state(page, run, "finished", "failed")
    stranger = browser.new_context(base_url=site.address).new_page()
    stranger.goto(f"/e/{experiment}/runs/{run}")
    stranger.get_by_role("region", name="Health of the run").get_by_role("button", name="Use ReLU").click()
    expect(stranger.get_by_role("banner")).to_contain_text("Sigmoids, ReLU")
    stranger.wait_for_url(re.compile(rf"/runs/(?!{run})"))
    stranger.context.close()
