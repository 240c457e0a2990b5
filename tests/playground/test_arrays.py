"""Files of plain arrays, with the safetensors library as the oracle in both directions."""

from __future__ import annotations

import io
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from playground.arrays import head, read_head


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_here_is_read_by_safetensors(shapes: list[list[int]]) -> None:
    arrays = {f"a{at}": np.arange(np.prod(shape), dtype=np.uint8).reshape(shape) for at, shape in enumerate(shapes)}
    written = head({name: ("U8", array.shape) for name, array in arrays.items()}, {"mean": "[0.5]"})
    read = load(written + b"".join(array.tobytes() for array in arrays.values()))
    assert {name: array.tolist() for name, array in read.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }


def test_what_safetensors_writes_is_found_here() -> None:
    data = save({"x": np.arange(6, dtype=np.uint8).reshape(2, 3), "y": np.arange(2)}, {"note": "hello"})
    arrays, words = read_head(io.BytesIO(data), len(data))
    assert words == {"note": "hello"}
    assert (arrays["x"].shape, arrays["y"].dtype) == ((2, 3), "I64")
    for name, expected in (("x", np.arange(6, dtype=np.uint8)), ("y", np.arange(2))):
        at = arrays[name]
        assert data[at.start : at.start + at.bytes] == expected.tobytes()


def test_a_file_that_is_cut_or_is_something_else_is_refused() -> None:
    data = save({"x": np.zeros(100, np.uint8)})
    with pytest.raises(ValueError, match="shorter than its head says"):
        read_head(io.BytesIO(data[:-1]), len(data) - 1)
    for other in (b"", b"PK\x03\x04 and more of a zip", (8).to_bytes(8, "little") + b"not json"):
        with pytest.raises(ValueError, match=r"head|start"):
            read_head(io.BytesIO(other), len(other))


@given(st.binary(max_size=200))
def test_whatever_comes_it_is_read_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        read_head(io.BytesIO(data), len(data))
