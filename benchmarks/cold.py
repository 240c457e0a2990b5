"""How long a fresh browser takes to show a finished run by its address: figure, charts, layers and feature maps.

python benchmarks/cold.py [--runs 6] [--browser /usr/bin/chromium]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from benchmarks.page import finished_run
from benchmarks.running_site import running_site

WHOLE = """() => new Promise(done => {
    const look = () => {
        const told = /Test accuracy/i.test(document.querySelector('.run-facts')?.innerText ?? '');
        const charts = document.querySelectorAll('.chart-place canvas').length >= 2;
        const layers = document.querySelector('.heat-strip li') !== null;
        const maps = [...document.querySelectorAll('.train-side canvas')].some(each => each.width > 1 && !each.hidden);
        const figure = document.querySelectorAll('.react-flow__node').length > 4;
        if (told && charts && layers && maps && figure)
            requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
        else requestAnimationFrame(look);
    };
    look();
})"""


def main() -> None:
    """Print each try, by the page's own clock, and the median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--browser", default=os.environ.get("PLAYGROUND_BROWSER") or shutil.which("chromium"))
    wanted = parser.parse_args()
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with running_site() as site, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=wanted.browser, args=args)
        owner = chromium.new_context().new_page()
        run = finished_run(owner, site.address)
        owner.context.close()
        times = []
        for _ in range(wanted.runs):
            page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(f"{site.address}{run}", wait_until="commit")
            times.append(page.evaluate(WHOLE))
            print(f"{times[-1]:.0f} ms")
            page.context.close()
        print(f"median {statistics.median(times):.0f} ms, load {os.getloadavg()[0]:.1f}")
        chromium.close()


if __name__ == "__main__":
    main()
