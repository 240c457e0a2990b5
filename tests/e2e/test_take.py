"""What is taken of a run from the train view: every file is downloaded and opened."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import onnx
import pytest
from playwright.sync_api import Browser, Page, expect
from safetensors.numpy import load

from tests.e2e.steps import long_run, start_run, wait_for_state

pytestmark = pytest.mark.e2e

FILES = {
    "Weights": ".safetensors",
    "PyTorch code with the weights": "-pytorch.zip",
    "ONNX with the weights": ".onnx",
    "Experiment": "-experiment.json",
    "Report": "-report.html",
    "Every step": "-steps.csv",
    "Layers": "-layers.csv",
    "Held-out images": "-validation.csv",
    "Training images": "-training.csv",
    "All metrics as JSON": "-metrics.json",
    "TensorBoard event files": "-tensorboard.zip",
}


def opened(page: Page, title: str, folder: Path) -> Path:
    """Press a download; the file."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"Download {title}", exact=True).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def is_right(path: Path) -> bool:
    """Whether a program reads it."""
    content = path.read_bytes()
    match path.suffix:
        case ".safetensors":
            return bool(load(content))
        case ".zip":
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None and len(archive.namelist()) > 2
        case ".onnx":
            onnx.checker.check_model(content, full_check=True)
            return True
        case ".json":
            return bool(json.loads(content))
        case ".csv":
            rows = list(csv.reader(io.StringIO(content.decode())))
            return len(rows) > 1 and {len(row) for row in rows} == {len(rows[0])}
    return content.startswith(b"<!doctype html>")


def test_every_download_is_pressed_and_opens(page: Page, browser: Browser, tmp_path: Path) -> None:
    experiment, run = start_run(page)
    wait_for_state(page, run, "finished")
    page.goto(f"/e/{experiment}/runs/{run}")
    page.get_by_role("button", name="Take it with you").click()
    dialog = page.get_by_role("dialog", name="Take it with you")
    expect(dialog.get_by_role("link", name="Download Weights")).to_be_visible()
    expect(dialog.get_by_role("link")).to_have_count(len(FILES))
    for number, (title, ending) in enumerate(FILES.items()):
        if number == 6:  # a browser asks its user before it lets a page save an eleventh file
            page.reload()
            page.get_by_role("button", name="Take it with you").click()
        path = opened(page, title, tmp_path)
        assert path.name.endswith(ending)
        assert is_right(path), title
    (file,) = tmp_path.glob("*-report.html")
    asked: list[str] = []
    reader = browser.new_page(java_script_enabled=False)
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(file.as_uri())
    expect(reader.get_by_role("heading", name="How to reproduce it")).to_be_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    reader.close()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Take it with you")).to_be_focused()


def test_what_is_not_there_yet_says_why_and_comes_by_itself(page: Page) -> None:
    experiment, run = long_run(page)
    wait_for_state(page, run, "running")
    page.goto(f"/e/{experiment}/runs/{run}")
    page.get_by_role("button", name="Take it with you").click()
    expect(page.get_by_text("The run has not ended. The weights come with its end").first).to_be_visible()
    expect(page.get_by_role("button", name="Weights: not there yet", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    expect(page.get_by_role("link", name="Download Every step")).to_be_visible()
    page.request.post(f"/api/runs/{run}/commands", data={"kind": "stop"})
    wait_for_state(page, run, "stopped")
    expect(page.get_by_role("link", name="Download Weights")).to_be_visible()
