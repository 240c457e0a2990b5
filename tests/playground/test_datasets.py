"""Records of the data sets agree with themselves."""

import pytest

from playground.datasets import DATASETS, Dataset


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
