"""Somebody's own images: uploaded, checked, chosen, trained on, and named by their classes to the end."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import show_table, train, wait_for_state
from tests.webapp.datasets.zips import class_folders, zip_at

CLASSES = {"apples": 40, "pears": 30, "quinces": 35}


def test_a_zip_of_class_folders_is_trained_on_under_its_own_names(page: Page, tmp_path: Path) -> None:
    files = class_folders(CLASSES, top="fruit/") | {"fruit/pears/notes.txt": b"ripe", "__MACOSX/fruit/._x": b"junk"}
    page.goto("/data")
    page.get_by_label("Zip of class folders").set_input_files(zip_at(tmp_path / "my-fruit.zip", files))
    expect(page.get_by_label("Name", exact=True)).to_have_value("My fruit")
    page.get_by_role("button", name="Upload and check").click()

    mine = page.get_by_role("listitem").filter(has_text="My fruit").first
    expect(mine).to_contain_text("Ready, with remarks")
    expect(mine).to_contain_text("1 file is not an image, and was left out.")
    expect(mine).to_contain_text("32×32×3, 3 classes, 105 images")
    rows = mine.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_have_text(re.compile("apples.*29.*3.*8"))
    expect(mine.get_by_alt_text("6 images of each of the 3 classes of My fruit")).to_be_visible()

    page.reload()
    expect(mine).to_contain_text("Ready, with remarks")
    mine.get_by_role("link", name="Train LeNet-5 on it").click()
    expect(page.get_by_role("banner")).to_contain_text("My fruit")
    page.get_by_role("radiogroup", name="Epochs").get_by_role("radio", name="10", exact=True).check(force=True)
    train(page)
    experiment, run = re.search(r"/e/([^/]+)/runs/([^/]+)", page.url).groups()  # type: ignore[union-attr]
    view = wait_for_state(page, run, "finished", "failed")
    assert view["state"] == "finished", view["failed"]
    assert view["test_accuracy"] is not None

    page.get_by_role("tab", name="Evaluation").click()
    panel = page.get_by_role("tabpanel", name="Evaluation")
    confusion = panel.get_by_role("region", name=re.compile("^Confusion"))
    show_table(confusion)
    for name in CLASSES:
        expect(confusion).to_contain_text(name)
    page.get_by_role("tab", name="Inside").click()
    expect(page.get_by_role("tabpanel", name="Inside")).to_contain_text(re.compile("apples|pears|quinces"))

    page.goto("/data")
    mine.get_by_role("button", name="Delete My fruit").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    page.goto(f"/e/{experiment}/runs/{run}")
    expect(page.get_by_text("The images of “My fruit” were deleted")).to_be_visible()


def test_a_zip_that_cannot_be_used_says_why_and_an_upload_that_broke_off_goes_on(page: Page, tmp_path: Path) -> None:
    page.goto("/data")
    page.get_by_label("Zip of class folders").set_input_files(zip_at(tmp_path / "cats.zip", class_folders({"cats": 6})))
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("alert")).to_contain_text("Only one class was found, “cats”.")
    page.get_by_label("Zip of class folders").set_input_files(tmp_path / "cats.zip")
    page.get_by_label("Zip of class folders").set_input_files(
        files=[{"name": "cats.png", "mimeType": "image/png", "buffer": b"x"}]
    )
    expect(page.get_by_text("“cats.png” is not a zip.")).to_be_visible()

    whole = zip_at(tmp_path / "fruit.zip", class_folders(CLASSES))
    data = whole.read_bytes()
    body = {"title": "Half", "file": "fruit.zip", "bytes": len(data)}
    id = page.request.post("/api/own-data", data=body).json()["id"]
    page.request.put(
        f"/api/own-data/{id}/file?offset=0", data=data[:1000], headers={"Content-Type": "application/octet-stream"}
    )
    page.reload()
    half = page.get_by_role("listitem").filter(has_text="Half").first
    expect(half).to_contain_text("It broke off.")
    half.get_by_label("The rest of fruit.zip").set_input_files(whole)
    expect(half).to_contain_text("Ready")
