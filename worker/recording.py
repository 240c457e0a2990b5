"""Work for a device that is recorded once and played again: a CUDA graph, or the work itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import torch

Left = TypeVar("Left", covariant=True)
"""What the work leaves: the tensors that a recording writes to whenever it is played."""


class Recording(Protocol[Left]):
    """Work that can be played again."""

    def __init__(self, work: Callable[[], Left]) -> None: ...

    def play(self) -> Left:
        """Does the work, and gives what it leaves."""
        ...


class Repeated(Recording[Left]):
    """The work itself, done anew: a recording for where there are no CUDA graphs, which is in tests."""

    def __init__(self, work: Callable[[], Left]) -> None:
        self._work = work

    def play(self) -> Left:
        return self._work()


class CudaGraph(Recording[Left]):
    """Kernels of the work with all their addresses. To record does not run them.

    All recordings of a process share one pool of memory. That is safe here: they are played one after the other in one
    stream, and what one leaves is read before the next is played. Random numbers of dropout go on from play to play,
    for torch hands the generator's place to the graph.
    """

    _pool: Any = None

    def __init__(self, work: Callable[[], Left]) -> None:
        if CudaGraph._pool is None:
            CudaGraph._pool = torch.cuda.graph_pool_handle()
        self._graph = torch.cuda.CUDAGraph()
        stream = torch.cuda.current_stream()  # no default stream: see worker.graphs
        try:
            with torch.cuda.graph(self._graph, pool=CudaGraph._pool, stream=stream, capture_error_mode="thread_local"):
                self._left = work()
        except RuntimeError:
            CudaGraph._pool = None  # torch lets nobody record into it any more
            raise

    def play(self) -> Left:
        self._graph.replay()
        return self._left
