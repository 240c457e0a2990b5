"""Heads of safetensors files, with the safetensors package as the judge."""

from __future__ import annotations

import io
import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load, save

from playground.weights_file import read_head

TENSORS = {
    "c1.weight": np.arange(12, dtype=np.float32).reshape(3, 4),
    "c1.bias": np.ones(3, np.float32),
    "bn.num_batches_tracked": np.array(7, np.int64),
    "aux.weight": np.zeros((0, 5), np.float32),
}


def test_what_is_written_anew_is_what_was_there() -> None:
    content = save(TENSORS, {"json": "secret"})
    file = io.BytesIO(content)
    head = read_head(file)
    assert head.metadata == {"json": "secret"}
    assert head.size + head.content == len(content)
    again = load(head.encoded() + file.read())
    assert again.keys() == TENSORS.keys()
    for name, tensor in TENSORS.items():
        assert np.array_equal(again[name], tensor) and again[name].dtype == tensor.dtype
    assert b"secret" not in head.encoded()


def test_tensors_get_the_names_of_other_modules() -> None:
    file = io.BytesIO(save(TENSORS))
    head = read_head(file)
    names = {"c1": "stage_1.0.convs.0", "bn": "stage_1.0.norm", "aux": "aux"}
    found = load(head.renamed(names).encoded({"format": "pt"}) + file.read())
    assert sorted(found) == [
        "aux.weight",
        "stage_1.0.convs.0.bias",
        "stage_1.0.convs.0.weight",
        "stage_1.0.norm.num_batches_tracked",
    ]
    assert np.array_equal(found["stage_1.0.convs.0.weight"], TENSORS["c1.weight"])


def test_two_tensors_of_one_name_are_refused() -> None:
    head = read_head(io.BytesIO(save({"a.weight": np.ones(1), "b.weight": np.ones(1)})))
    with pytest.raises(ValueError, match="one name"):
        head.renamed({"a": "x", "b": "x"})


def _file(words: object) -> bytes:
    text = json.dumps(words).encode()
    return struct.pack("<Q", len(text)) + text


TENSOR = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 20,
        struct.pack("<Q", 2**60),
        struct.pack("<Q", 4) + b"nono",
        _file([]),
        _file({"a": {"dtype": "F32"}}),
        _file({"a": TENSOR | {"shape": [3]}}),
        _file({"a": TENSOR | {"shape": [-2]}}),
        _file({"a": TENSOR | {"dtype": "Q8"}}),
        _file({"a": TENSOR, "b": TENSOR}),
        _file({"a": TENSOR | {"data_offsets": [4, 12]}}),
        _file({"__metadata__": 3}),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no safetensors file"):
        read_head(io.BytesIO(content))
