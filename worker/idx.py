"""IDX, the file format of MNIST: a magic number, the sizes, then unsigned bytes (LeCun, yann.lecun.com/exdb/mnist)."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in the file; unpacked where the name ends in .gz, else mapped. Raises ValueError if it is not IDX."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        zeros, kind, axes = struct.unpack(">HBB", file.read(4).ljust(4, b"\xff"))
        if zeros != 0 or kind != 8:
            raise ValueError(f"{path} does not start like an IDX file of bytes.")
        shape = struct.unpack(f">{axes}I", file.read(4 * axes).ljust(4 * axes, b"\0"))
        start, size = 4 + 4 * axes, math.prod(shape)
        if path.suffix != ".gz":
            if path.stat().st_size != start + size:
                raise ValueError(f"{path} has {path.stat().st_size} bytes; its header promises {start + size}.")
            # copy-on-write, so that torch accepts it as writable; nothing is read before it is used
            return np.memmap(path, np.uint8, "c", start, shape)
        values = np.frombuffer(bytearray(file.read(size)), np.uint8)
    if values.size != size:
        raise ValueError(f"{path} holds {values.size} values; its header promises {size}.")
    return values.reshape(shape)
