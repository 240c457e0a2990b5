"""Records of the data sets agree with themselves."""

import pytest

from playground.datasets import DATASETS, Dataset, is_own
from playground.recipe import Recipe


@pytest.mark.parametrize("record", DATASETS.values(), ids=lambda record: record.name)
def test_a_record_is_whole(record: Dataset) -> None:
    assert DATASETS[record.name] is record
    assert 0 < record.validation < record.train
    assert record.test > 0
    assert len(set(record.classes)) == len(record.classes)
    assert record.licence and record.source


def test_mnist_holds_out_its_last_5000_of_60000() -> None:
    mnist = DATASETS["mnist"]
    assert (mnist.train, mnist.validation, mnist.test, mnist.shape) == (60_000, 5_000, 10_000, (1, 28, 28))


@pytest.mark.parametrize("record", DATASETS.values(), ids=lambda record: record.name)
def test_a_twelfth_of_the_training_set_is_held_out(record: Dataset) -> None:
    assert abs(record.validation - record.train / 12) <= 0.5


def test_uploads_and_folders_have_names_of_their_own() -> None:
    upload = "own-" + "0123456789abcdef" * 2
    for name in (upload, "folder-cats", "folder-cats-and-dogs-2"):
        assert is_own(name) and Recipe(dataset=name).dataset == name
    for name in ("own-1", "own-" + "A" * 32, "folder-", "folder--x", "folder-../x", "folder-" + "x" * 64, "mnist"):
        assert not is_own(name)
    with pytest.raises(ValueError, match="There is no data set named 'own-1'"):
        Recipe(dataset="own-1")
