"""What an upload becomes, compared with numpy and safetensors; and every trap told by name."""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load_file

from playground.own_data import OwnDataLimits, OwnDataOptions
from tests.webapp.datasets.zips import class_folders, packed, picture, zip_at
from webapp.datasets.check import Report, Request, examine

NAME = "own-" + "0" * 32


def examined(path: Path, limits: dict[str, Any] | None = None, **options: Any) -> tuple[Report, Path]:
    folder = path.parent / "check"
    folder.mkdir(exist_ok=True)
    request = Request(
        path=str(path),
        origin="folder" if path.is_dir() else "uploaded",
        name=NAME,
        title="Pets",
        file=path.name,
        options=OwnDataOptions.model_validate({"size": 12} | options),
        limits=OwnDataLimits(**(limits or {})),
    )
    return examine(request, folder), folder


def of(tmp_path: Path, files: dict[str, bytes], limits: dict[str, Any] | None = None, **options: Any) -> Report:
    return examined(zip_at(tmp_path / "pets.zip", files), limits, **options)[0]


PETS = {"cats": 20, "dogs": 13}


def test_class_folders_become_three_parts_with_every_class_in_each(tmp_path: Path) -> None:
    files = class_folders(PETS)
    report, folder = examined(zip_at(tmp_path / "pets.zip", files))
    record, card = report.dataset, report.card
    assert record is not None and card is not None and report.problem == "" and report.findings == []
    assert record.classes == ("cats", "dogs")
    assert (record.train, record.validation, record.test) == (
        26,
        2,
        7,
    )  # a fifth of 20 and of 13; a twelfth of the rest
    assert (card.train_counts, card.validation_counts, card.test_counts) == ([15, 9], [1, 1], [4, 3])
    arrays = load_file(folder / "result.safetensors")
    assert arrays["train_images"].shape == (26, 3, 12, 12)
    found = {
        image.tobytes(): label
        for part in ("train", "test")
        for image, label in zip(arrays[f"{part}_images"], arrays[f"{part}_labels"], strict=True)
    }
    expected = {
        np.asarray(Image.open(io.BytesIO(data))).transpose(2, 0, 1).tobytes(): int(path.startswith("dogs"))
        for path, data in files.items()
    }
    assert found == expected  # every image once, in its class, its pixels untouched where its size is right already


def test_mean_and_deviation_are_those_of_the_images_that_are_learnt_from(tmp_path: Path) -> None:
    report, folder = examined(zip_at(tmp_path / "pets.zip", class_folders(PETS)))
    assert report.dataset is not None and report.card is not None
    learnt = load_file(folder / "result.safetensors")["train_images"][:24] / 255
    assert report.card.mean == pytest.approx(learnt.mean((0, 2, 3)).tolist(), rel=1e-12)
    assert report.card.std == pytest.approx(learnt.std((0, 2, 3)).tolist(), rel=1e-9)


def test_the_same_images_and_options_give_the_same_file_and_others_another(tmp_path: Path) -> None:
    files = class_folders(PETS)
    first = of(tmp_path, files)
    assert of(tmp_path, dict(reversed(files.items()))).digest == first.digest
    assert of(tmp_path, files, test_share=30).digest != first.digest


def test_train_and_test_folders_keep_their_split_and_the_test_loses_what_is_learnt(tmp_path: Path) -> None:
    train, test = class_folders(PETS, "data/train/"), class_folders({"cats": 4, "dogs": 4}, "data/test/", first=500)
    test["data/test/dogs/again.png"] = train["data/train/dogs/3.png"]
    report = of(tmp_path, train | test)
    assert report.dataset is not None
    assert (report.dataset.train, report.dataset.test) == (33, 8)
    (finding,) = report.findings
    assert finding.message == "1 test image is in the training set too, and was left out of the test."
    assert finding.files == ("test/dogs/again.png = train/dogs/3.png",)


def test_copies_are_found_by_their_pixels_whatever_file_they_are_in(tmp_path: Path) -> None:
    files = class_folders(PETS)
    pixels = Image.open(io.BytesIO(files["cats/0.png"]))
    other = io.BytesIO()
    pixels.save(other, "BMP")
    files |= {"cats/zz.bmp": other.getvalue(), "dogs/zz.bmp": other.getvalue()}
    report = of(tmp_path, files)
    told = {finding.message: finding.files for finding in report.findings}
    assert told == {
        "1 image is in two classes; only the first was kept.": ("dogs/zz.bmp = cats/0.png",),
        "1 image is a copy of another, and was left out.": ("cats/zz.bmp = cats/0.png",),
    }


def test_what_is_no_image_is_named_and_left_out_and_junk_is_passed_over(tmp_path: Path) -> None:
    files = class_folders(PETS) | {
        "cats/notes.txt": b"seven lives",
        "dogs/cut.png": picture(7)[:-40],
        "readme.md": b"# Pets",
        "__MACOSX/cats/._0.png": b"junk",
        "cats/.DS_Store": b"junk",
        "dogs/Thumbs.db": b"junk",
    }
    report = of(tmp_path, files)
    assert report.dataset is not None and report.dataset.train + report.dataset.test == 33
    assert {finding.message: finding.files for finding in report.findings} == {
        "1 file is not an image, and was left out.": ("cats/notes.txt",),
        "1 image cannot be read, and was left out.": ("dogs/cut.png",),
        "1 file lies in no class's folder, and was left out.": ("readme.md",),
    }


def bomb(side: int) -> bytes:
    """A PNG that says it is side × side, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_not_decoded(tmp_path: Path) -> None:
    report = of(tmp_path, class_folders(PETS) | {"cats/bomb.png": bomb(60_000)})
    (finding,) = report.findings
    assert finding.message == "1 image is too large to be decoded, and was left out."
    assert finding.files == ("cats/bomb.png (60,000×60,000 pixels; at most 40,000,000)",)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("../evil.png", "“../evil.png”, a path that leads out of its folder"),
        ("cats\\..\\..\\evil.png", "a path that leads out of its folder"),
        ("/etc/evil.png", "“/etc/evil.png”, a path from the root of a disk"),
        ("C:\\evil.png", "a path from the root of a disk"),
    ],
)
def test_paths_that_lead_elsewhere_refuse_the_zip(tmp_path: Path, path: str, words: str) -> None:
    report = of(tmp_path, class_folders(PETS) | {path: picture(1)})
    assert words in report.problem and report.dataset is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["check", "pets.zip"]


def test_a_link_refuses_the_zip(tmp_path: Path) -> None:
    target = tmp_path / "pets.zip"
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo("cats/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert examined(target)[0].problem.startswith("The zip holds “cats/link.png”, a link to another file.")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    report = of(tmp_path, class_folders(PETS) | {"cats/zeros.bmp": bytes(80 * 2**20)})
    assert "as a zip bomb does" in report.problem
    report = of(tmp_path, class_folders(PETS), {"unpacked_bytes": 10_000})
    assert report.problem.startswith("Unpacked the zip would have 0.0 MB")


def test_a_zip_that_lies_about_its_sizes_is_counted_while_it_is_read(tmp_path: Path) -> None:
    """The directory at the end says one byte; the files hold more."""
    data = bytearray(packed(class_folders(PETS)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 1)  # unpacked size in the central directory
        at = data.find(b"PK\x01\x02", at + 4)
    (tmp_path / "pets.zip").write_bytes(data)
    report, _ = examined(tmp_path / "pets.zip")
    assert report.problem.startswith("The class “cats” has no image that can be used.")
    assert [finding.message for finding in report.findings] == ["33 images cannot be read, and were left out."]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"cats/1.png": b""}, "Only one class was found, “cats”."),
        ({"1.png": b"", "2.png": b""}, "No folder of a class was found."),
        (class_folders({"cats": 5, "dogs": 4}), "The class “dogs” has only 4 different images that can be used"),
        (class_folders({"cats": 5}) | {"dogs/": b""}, "The class “dogs” has no image that can be used."),
        (class_folders({"x" * 70: 5, "dogs": 5}), "has a name that cannot be shown"),
        (
            class_folders(PETS, "train/") | class_folders({"cats": 5}, "test/", first=500),
            "The class “dogs” has no test image",
        ),
    ],
)
def test_what_is_too_little_is_refused_by_name(tmp_path: Path, files: dict[str, bytes], problem: str) -> None:
    report = of(tmp_path, files)
    assert report.dataset is None
    assert problem in report.problem


def test_limits_are_told_with_the_way_out(tmp_path: Path) -> None:
    files = class_folders(PETS)
    assert (
        of(tmp_path, files, {"classes": 1}).problem
        == "2 class folders were found; at most 1 are taken. Leave some out."
    )
    assert "at most 10 images are taken" in of(tmp_path, files, {"images": 10}).problem
    assert "Choose a size of 10 or less" in of(tmp_path, files, {"stored_bytes": 33 * 3 * 100}).problem
    (tmp_path / "pets.zip").write_bytes(b"no zip at all")
    assert "cannot be read as a zip" in examined(tmp_path / "pets.zip")[0].problem


@pytest.mark.parametrize(("fit", "corner"), [("crop", 255), ("pad", 0), ("stretch", 255)])
def test_images_that_are_not_square_are_fitted_as_chosen(tmp_path: Path, fit: str, corner: int) -> None:
    files = class_folders(PETS)
    for at in range(5):
        image = Image.new("L", (24, 12), 255)
        image.putpixel((12, 6), 50 * at)  # so that they are not copies
        file = io.BytesIO()
        image.save(file, "PNG")
        files[f"bright/{at}.png"] = file.getvalue()
    _, folder = examined(zip_at(tmp_path / "pets.zip", files), fit=fit, colour="grey")
    arrays = load_file(folder / "result.safetensors")
    bright = arrays["train_images"][arrays["train_labels"] == 0]
    assert bright.shape[1:] == (1, 12, 12)
    assert bright[:, 0, 0, 0].tolist() == [corner] * len(bright)


def test_every_common_form_of_image_is_read(tmp_path: Path) -> None:
    files = class_folders(PETS)
    grey = (np.arange(144, dtype=np.uint16).reshape(12, 12) * 400).astype(np.uint16)
    forms: dict[str, Image.Image] = {
        "16.png": Image.fromarray(grey),
        "a.png": Image.fromarray(np.full((12, 12, 4), 99, np.uint8)),
        "p.gif": Image.fromarray(np.arange(144, dtype=np.uint8).reshape(12, 12)),
        "c.tiff": Image.new("CMYK", (12, 12), (1, 2, 3, 4)),
        "one.bmp": Image.fromarray(np.eye(12, dtype=np.uint8) * 255).convert("1"),
        "w.webp": Image.new("RGB", (12, 12), "red"),
    }
    for name, image in forms.items():
        file = io.BytesIO()
        image.save(file, {"webp": "WEBP", "tiff": "TIFF", "gif": "GIF", "bmp": "BMP"}.get(name.split(".")[1], "PNG"))
        files[f"forms/{name}"] = file.getvalue()
    report, folder = examined(zip_at(tmp_path / "pets.zip", files), colour="grey")
    assert report.findings == [] and report.dataset is not None
    arrays = load_file(folder / "result.safetensors")
    images = np.concatenate([arrays["train_images"], arrays["test_images"]])
    labels = np.concatenate([arrays["train_labels"], arrays["test_labels"]])
    forms_read = images[labels == 2]
    assert any((np.abs(image[0].astype(int) - grey // 257) <= 1).all() for image in forms_read)


def test_a_folder_is_read_as_a_zip_is_and_its_links_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "pets"
    for path, data in class_folders(PETS).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    (root / "birds").symlink_to("/etc")
    report, _ = examined(root)
    assert report.dataset is not None and report.dataset.classes == ("cats", "dogs")
    assert report.dataset.origin == "folder"


def test_classes_are_in_the_order_that_people_expect(tmp_path: Path) -> None:
    report = of(tmp_path, class_folders({"10": 5, "9": 5, "apple": 5, "Zebra": 5, "2": 5}))
    assert report.dataset is not None and report.dataset.classes == ("2", "9", "10", "apple", "Zebra")


def test_many_classes_have_tiles_in_rows_of_one_length(tmp_path: Path) -> None:
    report, folder = examined(zip_at(tmp_path / "pets.zip", class_folders({"a": 60, "b": 12})), size=100)
    assert report.card is not None and report.dataset is not None
    assert (report.card.columns, len(report.card.positions)) == (2, 4)  # the smaller class has two test images
    picture_of = Image.open(io.BytesIO((folder / "card.png").read_bytes()))
    assert picture_of.size == (2 * report.card.tile_width, 2 * report.card.tile_height) == (192, 192)
    labels = load_file(folder / "result.safetensors")["test_labels"]
    assert labels[report.card.positions].tolist() == [0, 0, 1, 1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(min_size=1, max_size=12), st.binary(max_size=40), max_size=8), st.binary(max_size=80))
def test_whatever_comes_there_is_a_report(tmp_path: Path, files: dict[str, bytes], tail: bytes) -> None:
    try:
        data = packed(files)
    except (UnicodeEncodeError, ValueError, IndexError):
        data = json.dumps(sorted(files), ensure_ascii=True).encode()
    (tmp_path / "pets.zip").write_bytes(data + tail)
    report, _ = examined(tmp_path / "pets.zip")
    assert report.problem and report.dataset is None
