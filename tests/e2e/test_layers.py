"""The layers of a run in a browser: the sigmoid stack whose first layers get no gradient, and ReLUs that die."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.steps import show_table, wait_for_state


def stack(activation: str) -> dict[str, Any]:
    """Eight layers with an activation behind each, and a dense one that decides."""
    blocks: list[tuple[str, str, dict[str, int]]] = [
        ("input", "input", {"channels": 1, "height": 8, "width": 8}),
        ("flat", "flatten", {}),
    ]
    for number in range(1, 9):
        blocks += [(f"dense{number}", "dense", {"units": 16}), (f"act{number}", activation, {})]
    blocks += [("last", "dense", {"units": 10}), ("output", "output", {})]
    nodes = [{"id": name, "block": kind, "params": params} for name, kind, params in blocks]
    edges = [{"source": one[0], "target": other[0]} for one, other in pairwise(blocks)]
    return {"format": 1, "name": "Stack", "nodes": nodes, "edges": edges}


def train_stack(page: Page, activation: str, **recipe: object) -> str:
    body = {"name": "Stack", "network": stack(activation), "recipe": {"dataset": "digits", **recipe}}
    page.goto("/")
    experiment = page.request.post("/api/experiments", data=body).json()["id"]
    run = page.request.post(f"/api/experiments/{experiment}/runs").json()["id"]
    wait_for_state(page, run, "finished", "failed")
    page.goto(f"/e/{experiment}/runs/{run}")
    return str(run)


def test_the_sigmoid_stacks_first_layers_get_no_gradient(page: Page) -> None:
    train_stack(page, "sigmoid", epochs=3)
    panel = page.get_by_role("region", name="Layers")
    expect(panel.get_by_role("img", name="Gradient, RMS, 9 layers by time")).to_be_visible()

    panel.get_by_role("button", name="depth", exact=True).click()
    ruler = panel.get_by_role("img", name=re.compile("^Gradient by depth"))
    expect(ruler).to_have_accessible_name(re.compile(r"Dense 16 a has (0\.00\d+|\d\.\d×10⁻[⁴-⁹])"))
    box = panel.locator(".depth-chart").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 40)
    expect(panel.locator(".depth-chart .chart-tip")).to_contain_text("slopes allow 1.5×10⁻⁵")  # 4⁻⁸

    panel.get_by_role("combobox", name="Quantity").select_option("saturated")
    panel.get_by_role("button", name="steps", exact=True).click()
    expect(panel.get_by_role("img", name="Saturated, 8 layers by time")).to_be_visible()

    show_table(panel)
    table = panel.get_by_role("region", name="Table: Saturated by layer")
    expect(table.get_by_role("row")).to_have_count(9)
    expect(table.get_by_role("row").nth(1)).to_contain_text("0.250")  # a sigmoid's steepest slope


def test_histograms_of_now_and_of_the_start(page: Page) -> None:
    run = train_stack(page, "relu", epochs=3)
    panel = page.get_by_role("region", name="Layers")
    panel.get_by_role("button", name="spread", exact=True).click()
    expect(panel.get_by_role("img", name=re.compile("^Histograms of Dense 16 a: activations, weights"))).to_be_visible()
    panel.get_by_role("combobox", name="Layer of the histograms").select_option("last")
    expect(panel.get_by_role("img", name=re.compile("^Histograms of Dense 10"))).to_be_visible()
    show_table(panel)
    counts = panel.get_by_role("region", name="Table: Histograms").get_by_role("row", name=re.compile("^weights"))
    expect(counts.first).to_be_visible()
    total = sum(int(text.split()[-1].replace(",", "")) for text in counts.all_inner_texts())
    assert total == 16 * 10
    first = page.request.get(f"/api/runs/{run}/frames?step=1&kind=histogram").body()
    assert first.count(b'"kind":"histogram"') == 9 * 2 + 8


def test_dead_units_say_since_when(page: Page) -> None:
    train_stack(page, "relu", epochs=12, learning_rate=0.3)
    panel = page.get_by_role("region", name="Dead ReLU")
    expect(panel).to_contain_text(re.compile(r"[1-9]\d* of 128 units"))
    show_table(panel)
    units = panel.get_by_role("region", name="Table: Units that are dead or came back")
    expect(units.get_by_role("row", name=re.compile(r"dead \d00 "))).not_to_have_count(0)
