"""Numbers on their way from a device to the host's memory, while the device goes on computing."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor


class Leaving:
    """A copy of a tensor as it is at this place in the device's work, in memory that the device writes to by itself.

    Nobody waits: the copy is queued like a kernel, and an event behind it says when it is done. What comes later in
    the queue may overwrite the tensor. On the processor the copy is there at once.
    """

    def __init__(self, tensor: Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        if tensor.device.type != "cuda":
            self._host = tensor.detach().clone()
            return
        # pinned memory is kept and given out again by torch, once the copy into it is over
        self._host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
        self._host.copy_(tensor.detach(), non_blocking=True)
        self._event = torch.cuda.Event()
        self._event.record()

    @property
    def there(self) -> bool:
        """Whether it has arrived; does not wait."""
        return self._event is None or self._event.query()

    def numbers(self) -> NDArray[Any]:
        """The values, of the tensor's shape; waits for them where they are not there yet."""
        if self._event is not None:
            self._event.synchronize()
        array: NDArray[Any] = self._host.numpy()
        return array
