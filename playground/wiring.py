"""Who feeds whom: order, cycles and reach of a directed graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

MAX_CYCLES = 5
"""Cycles reported at once."""


class Wiring:
    """A directed graph of named blocks. Inputs keep the order of the edges."""

    def __init__(self, names: Sequence[str], edges: Iterable[tuple[str, str]]) -> None:
        self.inputs: dict[str, list[str]] = {name: [] for name in names}
        self.outputs: dict[str, list[str]] = {name: [] for name in names}
        for source, target in edges:
            self.outputs[source].append(target)
            self.inputs[target].append(source)
        self.order, caught = self._sorted()
        """Each after what feeds it; blocks on a cycle or after one come last."""
        self.cycles = self._cycles(caught) if caught else []
        """Up to MAX_CYCLES cycles, each as the names along it."""

    def _sorted(self) -> tuple[list[str], list[str]]:
        """Kahn's algorithm, stable in the order of the names: (order, those that a cycle holds back)."""
        missing = {name: len(sources) for name, sources in self.inputs.items()}
        ready = deque(name for name, count in missing.items() if count == 0)
        order = []
        while ready:
            name = ready.popleft()
            order.append(name)
            for target in self.outputs[name]:
                missing[target] -= 1
                if missing[target] == 0:
                    ready.append(target)
        caught = [name for name, count in missing.items() if count > 0]
        return order + caught, caught

    def _cycles(self, caught: list[str]) -> list[list[str]]:
        """Every caught block has a caught block before it, so that walking back must come round."""
        left = dict.fromkeys(caught)
        found: list[list[str]] = []
        for start in caught:
            if len(found) == MAX_CYCLES:
                break
            path: dict[str, int] = {}
            name: str | None = start if start in left else None
            while name is not None and name not in path:
                path[name] = len(path)
                name = next((source for source in self.inputs[name] if source in left), None)
            if name is not None:
                found.append(list(path)[path[name] :][::-1])
            for walked in path:
                left.pop(walked, None)
        return found

    def reachable(self, start: str, *, forward: bool = True) -> set[str]:
        """All that can be reached from a block along the wires, or against them; the block itself included."""
        along = self.outputs if forward else self.inputs
        seen, waiting = {start}, [start]
        while waiting:
            for name in along[waiting.pop()]:
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        return seen
