from pathlib import Path

import pytest

from bootstrap.steps import Step, fingerprint


def step(folder: Path, action: object = None) -> Step:
    def make() -> None:
        (folder / "product").touch()

    chosen = action if callable(action) else make
    return Step("Product", (folder / "source", "word"), folder / "product", folder / "deep" / "stamp", chosen)


def test_a_step_is_current_after_it_was_done_and_due_when_its_product_is_gone(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("1")
    product = step(tmp_path)
    assert not product.is_current()
    product.perform()
    assert product.is_current()
    (tmp_path / "product").unlink()
    assert not product.is_current()


def test_a_failing_step_loses_the_stamp_it_had(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("1")
    step(tmp_path).perform()

    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        step(tmp_path, fail).perform()
    assert not step(tmp_path).is_current()


def test_an_input_edited_while_the_step_runs_makes_it_due_again(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("1")

    def edit() -> None:
        (tmp_path / "product").touch()
        source.write_text("2")

    product = step(tmp_path, edit)
    product.perform()
    assert not product.is_current()


def test_fingerprints_see_contents_names_and_words_but_no_hidden_files(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("1")
    first = fingerprint([folder])
    (folder / ".swap").touch()
    assert fingerprint([folder]) == first
    (folder / "a").rename(folder / "b")
    renamed = fingerprint([folder])
    (folder / "b").write_text("2")
    assert len({first, renamed, fingerprint([folder]), fingerprint([folder, "word"])}) == 4
