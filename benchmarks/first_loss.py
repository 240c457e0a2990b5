"""Where the milliseconds go between a click on Train and the first step on the page.

    python benchmarks/first_loss.py [--runs 5] [--browser /usr/bin/chromium] [--against ANOTHER_CHECKOUT]

Each run prints what the page asked for and was told, in milliseconds since the click, and the processor time that the
page's main thread and each program spent meanwhile, which another program's load cannot lengthen as it does the wait.

With --against the site of another checkout of this repository, whose bundle is built (`make bundle`), is pressed by
turns with this one and, for control, this one once more.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

from benchmarks.page import CLICK_TO_LOSS, STOP
from benchmarks.running_site import ROOT, running_site

LISTEN = """
window.marks = [];
const mark = name => window.marks.push([performance.now(), name]);
const ask = window.fetch;
window.fetch = async (...request) => {
    const name = (request[1]?.method ?? 'GET') + ' ' + request[0].toString().replace(/[0-9a-f]{32}/, '…');
    mark('asks ' + name);
    const answer = await ask(...request);
    mark('has ' + name);
    return answer;
};
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
    constructor(...address) {
        super(...address);
        mark('socket');
        this.addEventListener('open', () => mark('socket open'));
        this.addEventListener('message', ({ data }) => mark(typeof data === 'string'
            ? JSON.parse(data).kind + ' ' + (JSON.parse(data).run?.state ?? '')
            : 'frame of ' + data.byteLength + ' bytes'));
    }
};
"""


def one_run(page: Page, tools: CDPSession, address: str) -> Counter[str]:
    """Milliseconds of the wait and of each program's processor time; prints what happened in them."""
    page.goto(f"{address}/new?zoo=lenet-5")
    expect(page.locator("header").get_by_role("button", name="Train", exact=True).last).to_be_enabled(timeout=30_000)
    page.mouse.move(600, 400)  # fetches the train view, as a person's pointer does
    page.wait_for_timeout(6000)  # the spare that the last run took is replaced meanwhile
    page.evaluate("() => { window.marks.length = 0; window.clicked = performance.now(); }")
    before, programs = spent(tools), spent_by_programs()
    took: float = page.evaluate(CLICK_TO_LOSS)
    after, programs_after = spent(tools), spent_by_programs()
    marks = page.evaluate("() => window.marks.map(([at, name]) => [at - window.clicked, name])")
    parts = ", ".join(f"{name} {1e3 * (after[name] - before[name]):.0f} ms" for name in after)
    print(f"\n{took:.0f} ms; the page's main thread: {parts}")
    used = Counter({name: 1e3 * (programs_after[name] - programs[name]) for name in PROGRAMS})
    print(f"processor: {in_words(used)}")
    for at, name in marks:
        if at < took:
            print(f"{at:8.0f} {name}")
    page.get_by_role("button", name=STOP).click()
    expect(page.get_by_text(re.compile("stopped", re.IGNORECASE)).first).to_be_visible(timeout=60_000)
    return Counter({"wait": took}) + used


def in_words(times: Counter[str]) -> str:
    """The longest first."""
    return ", ".join(f"{name} {each:.0f} ms" for name, each in times.most_common() if each)


def spent(tools: CDPSession) -> dict[str, float]:
    """Processor seconds of the main thread so far."""
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[f"{name}Duration"] for name in ("Task", "Script", "Layout", "RecalcStyle")}


PROGRAMS = {"renderer": "--type=renderer", "browser": "chrom", "site": "webapp.asgi", "job": "worker.executors.spare"}
"""A word of its command line by which a program is known; the first that fits."""


def spent_by_programs() -> Counter[str]:
    """Processor seconds of each program so far, all its processes and threads together, where Linux tells."""
    found: Counter[str] = Counter()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_text()
            name = next((name for name, word in PROGRAMS.items() if word in command), None)
            if name is not None:
                for thread in (process / "task").glob("*/schedstat"):
                    found[name] += int(thread.read_text().split()[0]) / 1e9
    return found


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--browser", default=os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium"))
    parser.add_argument("--against", type=Path, help="another checkout")
    wanted = parser.parse_args()
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    roots = {"this": ROOT}
    if wanted.against:
        roots |= {"the other": wanted.against.resolve(), "this again": ROOT}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(running_site(root=root)).address for name, root in roots.items()}
        chromium = stack.enter_context(sync_playwright()).chromium.launch(executable_path=wanted.browser, args=args)
        times: dict[str, list[Counter[str]]] = {name: [] for name in sites}
        for _ in range(wanted.runs):
            for name, address in sites.items():
                times[name].append(pressed(chromium, address))
        for name, each in times.items():
            medians = Counter({part: statistics.median(one[part] for one in each) for part in ("wait", *PROGRAMS)})
            print(f"\n{name}: medians of {len(each)}: {in_words(medians)}; load {os.getloadavg()[0]:.1f}")
        chromium.close()


def pressed(chromium: Browser, address: str) -> Counter[str]:
    """One run in a browser's context of its own: a page that is left open goes on drawing."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(LISTEN)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    took = one_run(page, tools, address)
    page.context.close()
    return took


if __name__ == "__main__":
    main()
