"""Order, cycles and reach."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.wiring import Wiring


def test_inputs_keep_the_order_of_the_wires() -> None:
    wiring = Wiring("abc", [("b", "c"), ("a", "c")])
    assert wiring.inputs["c"] == ["b", "a"]
    assert wiring.order == ["a", "b", "c"]


def test_reach_both_ways() -> None:
    wiring = Wiring("abcd", [("a", "b"), ("b", "c")])
    assert wiring.reachable("b") == {"b", "c"}
    assert wiring.reachable("b", forward=False) == {"a", "b"}


edges = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


@given(edges)
def test_each_comes_after_what_feeds_it_unless_a_cycle_holds_it(pairs: list[tuple[int, int]]) -> None:
    names = [str(number) for number in range(12)]
    wiring = Wiring(names, [(str(a), str(b)) for a, b in pairs])
    assert sorted(wiring.order, key=int) == names
    place = {name: index for index, name in enumerate(wiring.order)}
    late = [(a, b) for a, b in pairs if place[str(a)] >= place[str(b)]]
    assert bool(late) == bool(wiring.cycles)
    for cycle in wiring.cycles:
        for source, target in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert target in wiring.outputs[source]
