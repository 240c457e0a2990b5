"""What a person waits for on the page, in a real browser against a real site and worker.

    python benchmarks/page.py [--browser /usr/bin/chromium]

- click on Train to the first loss on the page, on a warm worker
- an edit to the new shape on the canvas
- opening ResNet-152 by its address, from a loaded page to its folded slabs with their shapes, and from nothing
- dragging a block among 180: frames a second, and the longest gap between two frames
- JavaScript of each view, gzip
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import sys
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.running_site import ROOT, running_site

RUNS = 12
EDITS = 20
STOP = re.compile("^Stop")

CLICK_TO_LOSS = """() => new Promise(done => {
    const button = [...document.querySelectorAll('header button')].filter(b => b.textContent.trim() === 'Train').at(-1);
    const started = performance.now();
    const drawn = canvas => canvas.width > 0
        && canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
    // Looked at between frames, and at no layout: what looks must not slow what it looks at.
    const look = () => {
        const found = document.querySelector('header .run-facts')?.textContent.match(/^Step([\\d,]+)/);
        const step = found ? Number(found[1].replaceAll(',', '')) : 0;
        const place = step < 1 ? null : document.querySelector('[aria-label="Loss and accuracy"] .chart-place canvas');
        if (place && drawn(place)) requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
        else setTimeout(look, 4);
    };
    button.click();
    look();
})"""

EDIT_TO_SHAPE = """channels => new Promise(done => {
    const field = document.querySelector('aside input[data-edit]');
    const started = performance.now();
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    setter.call(field, String(channels));
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const look = () => {
        const node = document.querySelector('.react-flow__node.selected, .react-flow__node[aria-selected=true]');
        const named = [node, node?.querySelector('[aria-label]')];
        const label = named.map(element => element?.getAttribute('aria-label') ?? '').join(' ');
        if (label.includes('×' + channels + ',') || label.endsWith('×' + channels)) done(performance.now() - started);
        else if (performance.now() - started > 10000) done(NaN);
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})"""

OPENED = """() => new Promise(done => {
    const look = () => {
        const slabs = [...document.querySelectorAll('.react-flow__node')];
        const names = slabs.map(slab => slab.getAttribute('aria-label') ?? '');
        const known = slabs.length > 4 && names.every(name => !name.includes('unknown'));
        if (known) requestAnimationFrame(() => done([performance.now(), slabs.length]));
        else requestAnimationFrame(look);
    };
    look();
})"""

RECORD_FRAMES = """() => {
    window.frameTimes = [];
    const beat = now => { window.frameTimes.push(now); window.beating = requestAnimationFrame(beat); };
    window.beating = requestAnimationFrame(beat);
}"""


def click_to_loss(page: Page, address: str) -> list[float]:
    """Milliseconds from the click to the first step on the page, for a run after another."""
    times = []
    for _ in range(RUNS):
        page.goto(f"{address}/new?zoo=lenet-5")
        expect(page.locator("header").get_by_role("button", name="Train", exact=True).last).to_be_enabled()
        page.mouse.move(600, 400)  # whoever is about to press Train has moved the pointer: the view is fetched
        page.wait_for_timeout(6000)  # the spare that the last run took is replaced meanwhile
        times.append(page.evaluate(CLICK_TO_LOSS))
        page.get_by_role("button", name=STOP).click()
        expect(page.get_by_text(re.compile("stopped", re.IGNORECASE)).first).to_be_visible(timeout=30_000)
    return times


def edit_to_shape(page: Page, address: str) -> list[float]:
    """Milliseconds from a new number of filters to the block's new shape, its answer from the site included."""
    page.goto(f"{address}/new?zoo=lenet-5")
    page.locator(".react-flow__node").filter(has_text="Conv 5×5").first.click()
    field = page.get_by_role("textbox", name=re.compile("^(Channels out|Filters)"))
    field.evaluate("field => { field.dataset.edit = ''; }")
    return [page.evaluate(EDIT_TO_SHAPE, 20 + number) for number in range(EDITS)]


def open_deep(page: Page, address: str) -> tuple[list[float], int]:
    """Milliseconds from asking for the address of ResNet-152 to its figure with all shapes, and its slabs."""
    times = []
    drawn = 0
    for _ in range(RUNS):
        page.goto("about:blank")
        page.goto(f"{address}/new?zoo=resnet-152", wait_until="commit")
        took, drawn = page.evaluate(OPENED)
        times.append(took)
    return times, drawn


def chain(blocks: int) -> dict[str, object]:
    """A network of that many blocks in a row."""
    names = ["input", *(f"c{number}" for number in range(blocks - 4)), "pool", "flat", "dense", "output"]
    kinds = {"input": "input", "pool": "global_avg_pool", "flat": "flatten", "dense": "dense", "output": "output"}
    params = {"c": {"filters": 16, "padding": 1}, "dense": {"units": 10}}
    nodes = []
    for name in names:
        settings = params["c"] if name not in kinds else params.get(name, {})
        nodes.append({"id": name, "block": kinds.get(name, "conv2d"), "params": settings})
    edges = [{"source": a, "target": b} for a, b in pairwise(names)]
    return {"format": 1, "name": f"{blocks} blocks", "nodes": nodes, "edges": edges}


def drag_among(page: Page, address: str, folder: Path, blocks: int) -> tuple[float, float, float]:
    """Frames a second while a block is dragged, the 95th percentile and the longest gap in ms."""
    path = folder / "chain.json"
    path.write_text(json.dumps(chain(blocks)))
    page.goto(f"{address}/new?zoo=empty")
    page.get_by_role("button", name=re.compile("^Network:")).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name=re.compile("^Open")).first.click()
    chooser.value.set_files(path)
    expect(page.get_by_role("group", name=re.compile("folded"))).to_be_visible(timeout=30_000)
    page.keyboard.press("Control+Shift+f")  # each block for itself
    expect(page.locator(f'.react-flow__node[data-id="c{blocks - 5}"]')).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1500)
    box = page.locator(f'.react-flow__node[data-id="c{blocks // 2}"]').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(RECORD_FRAMES)
    for turn in range(3):
        page.mouse.move(x + (-1) ** turn * 120, y + 40 * turn, steps=40)
    times: list[float] = page.evaluate("() => { cancelAnimationFrame(window.beating); return window.frameTimes; }")
    page.mouse.up()
    gaps = sorted(b - a for a, b in pairwise(times))
    return 1000 * len(gaps) / sum(gaps), gaps[int(len(gaps) * 0.95)], gaps[-1]


def javascript(page: Page, address: str, path: str) -> float:
    """Kilobytes of JavaScript, gzip, that the view loads."""
    fetched: dict[str, int] = {}
    page.on(
        "response", lambda r: fetched.update({r.url: len(gzip.compress(r.body()))}) if r.url.endswith(".js") else None
    )
    page.goto(f"{address}{path}")
    page.wait_for_load_state("networkidle")
    return sum(fetched.values()) / 1e3


def finished_run(page: Page, address: str) -> str:
    """The path of a short run's page."""
    page.goto(address)
    network = page.request.get(f"{address}/api/zoo/lenet-5?dataset=digits").json()["network"]
    body = {"network": network, "recipe": {"dataset": "digits", "epochs": 1}}
    experiment = page.request.post(f"{address}/api/experiments", data=body).json()["id"]
    run = page.request.post(f"{address}/api/experiments/{experiment}/runs").json()["id"]
    while page.request.get(f"{address}/api/runs/{run}").json()["state"] not in {"finished", "failed"}:
        page.wait_for_timeout(200)
    page.goto("about:blank")
    return f"/e/{experiment}/runs/{run}"


def line(name: str, times: list[float]) -> None:
    """Median, 95th percentile and range."""
    times = sorted(times)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    median = statistics.median(times)
    print(f"{name:34} median {median:6.0f} ms   p95 {p95:6.0f}   {times[0]:.0f}–{times[-1]:.0f}   n={len(times)}")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--browser", default=os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium"))
    browser = parser.parse_args().browser
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {ROOT.name}")
    with running_site() as site, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=args)

        def fresh() -> Page:
            """A browser's first page, alone: one that is left open goes on drawing."""
            for context in chromium.contexts:
                context.close()
            return chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()

        owner = fresh()
        run = finished_run(owner, site.address)
        print(f"JavaScript of a run                {javascript(owner, site.address, run):6.0f} kB gzip")
        for name, path in (("start page", "/"), ("build", "/new?zoo=lenet-5")):
            print(f"JavaScript of {name:20} {javascript(fresh(), site.address, path):6.0f} kB gzip")
        line("edit to shape on the canvas", edit_to_shape(fresh(), site.address))
        times, drawn = open_deep(fresh(), site.address)
        line(f"open ResNet-152, {drawn} slabs", times)
        fps, p95, longest = drag_among(fresh(), site.address, site.folder, 180)
        print(
            f"drag among 180 blocks              {fps:6.1f} frames/s   p95 gap {p95:.0f} ms   longest {longest:.0f} ms"
        )
        line("click on Train to first loss", click_to_loss(fresh(), site.address))
        chromium.close()


if __name__ == "__main__":
    main()
