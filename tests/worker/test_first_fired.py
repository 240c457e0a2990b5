"""When units first fire, counted on the device, against a search through everything."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.first_fired import SILENT, FirstFired


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=3),
    st.integers(1, 6),
    st.integers(1, 20),
    st.integers(0, 50),
    st.integers(0, 2**31),
)
def test_each_window_tells_the_first_step_of_every_unit(
    units: list[int], window: int, steps: int, begin: int, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    clock = torch.tensor([begin])
    fired = FirstFired(units, clock)
    expected = [np.full(count, SILENT) for count in units]
    for step in range(begin, begin + steps):
        shapes = [(4, count, 2, 3) if at % 2 else (4, count) for at, count in enumerate(units)]
        outputs = [torch.randn(shape, generator=generator).sub_(2).relu_() for shape in shapes]
        fired.see(outputs)
        clock.add_(1)
        for first, output in zip(expected, outputs, strict=True):
            for unit in range(output.shape[1]):
                if first[unit] == SILENT and bool((output[:, unit] > 0).any()):
                    first[unit] = step
        assert all(np.array_equal(a, b) for a, b in zip(fired.now(), expected, strict=True))
        if (step + 1) % window == 0:
            fired.close(step + 1 - window)
            ((start, found),) = fired.closed()
            assert start == step + 1 - window
            assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
            expected = [np.full(count, SILENT) for count in units]


def test_a_window_that_is_taken_up_again_goes_on() -> None:
    clock = torch.tensor([7])
    first, second = FirstFired([3], clock), FirstFired([3], clock)
    first.see([torch.tensor([[0.0, 1.0, 0.0]])])
    second.put_back(first.now())
    clock.add_(1)
    second.see([torch.tensor([[0.0, 1.0, 2.0]])])
    assert second.now()[0].tolist() == [SILENT, 7, 8]


def test_what_is_no_number_is_not_silent() -> None:
    fired = FirstFired([2], torch.tensor([4]))
    fired.see([torch.tensor([[float("nan"), 0.0]])])
    assert fired.now()[0].tolist() == [4, SILENT]


def test_a_network_without_such_layers_costs_nothing() -> None:
    fired = FirstFired([], torch.tensor([0]))
    fired.see([])
    fired.put_back(fired.now())
    fired.close(0)
    assert fired.closed() == [(0, [])]
