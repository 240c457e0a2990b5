"""Output sizes of sliding windows, in integer arithmetic, exactly as torch computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Shape = tuple[int, ...]
"""For one image: (channels, height, width), or (units,) after flatten and dense."""
PairValue = int | tuple[int, int]
PaddingValue = int | tuple[int, int] | Literal["same"]


class ShapeError(ValueError):
    """The block cannot take this input. `message` says what is wrong with the value, `hint` the way out."""

    def __init__(
        self, message: str, hint: str, fix: Mapping[str, Any] | None = None, *, id: str = "shape.E000"
    ) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint
        self.fix = dict(fix or {})
        """A way out for fixes.py: {"set": {setting: value}} or {"insert": kind, "params": {…}}, and "label"."""
        self.id = id
        """Stable name of the finding."""


class JoinError(ShapeError):
    """Two inputs that cannot be joined."""

    def __init__(self, need: str, shapes: Sequence[Shape], other: int, hint: str, *, id: str) -> None:
        """`need` is "Add needs equal shapes"; `other` is the place of the input that does not go with the first."""
        self.need, self.other = need, other
        self.words = (in_words(shapes[0]), in_words(shapes[other]))
        super().__init__(f"{need}, but gets {self.words[0]} and {self.words[1]}.", hint, id=id)

    def named(self, names: Sequence[str]) -> str:
        """The message with the names of the two blocks that the inputs come from."""
        first, other = self.words
        return f"{self.need}, but gets {first} from {names[0]} and {other} from {names[self.other]}."


def both(value: PairValue) -> tuple[int, int]:
    """(vertical, horizontal) of a setting that may be one number for both."""
    return value if isinstance(value, tuple) else (value, value)


def times(value: PairValue) -> str:
    """A pair in words: "3×3", "1×7"."""
    vertical, horizontal = both(value)
    return f"{vertical}×{horizontal}"


def in_words(shape: Shape) -> str:
    """A shape in a sentence: "16 channels of 32×32", "120 values"."""
    if len(shape) == 3:
        return f"{shape[0]} channel{'s' if shape[0] != 1 else ''} of {shape[1]}×{shape[2]}"
    return f"{shape[0]} value{'s' if shape[0] != 1 else ''}"


def convolved(size: int, kernel: int, stride: int, padding: int, dilation: int = 1) -> int:
    """Output pixels along one direction; 0 or less where the window does not fit. torch.nn.Conv2d."""
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def pooled(size: int, kernel: int, stride: int, padding: int, ceil_mode: bool) -> int:
    """Output pixels of pooling along one direction. torch: the last window starts in the image or left padding."""
    out = (size + 2 * padding - kernel + (stride - 1 if ceil_mode else 0)) // stride + 1
    if ceil_mode and (out - 1) * stride >= size + padding:
        out -= 1
    return out


def explicit_padding(
    padding: PaddingValue, kernel: PairValue, stride: PairValue, dilation: PairValue = 1, *, what: str = "filter"
) -> tuple[int, int]:
    """Pixels of padding before the image, (vertical, horizontal).

    "same" keeps the size at stride 1 and gives ⌈size/stride⌉ otherwise. It needs as much padding on both sides,
    which an even reach cannot have; a convolution of stride 1 is the exception, torch pads that one unevenly.
    """
    if padding != "same":
        return both(padding)
    reach = [(k - 1) * d for k, d in zip(both(kernel), both(dilation), strict=True)]
    if any(r % 2 for r in reach) and (what != "filter" or both(stride) != (1, 1)):
        raise ShapeError(
            f'Padding "same" cannot be split evenly around a {times(kernel)} {what}.',
            f"Use an odd {'kernel' if what == 'filter' else what}, or give the padding as a number.",
            id="shape.E002",
        )
    return reach[0] // 2, reach[1] // 2


def require_fit(
    shape: Shape, kernel: PairValue, padding: tuple[int, int], dilation: PairValue = 1, *, what: str = "filter"
) -> None:
    """Refuse a window that is larger than the padded image, and say what would do."""
    sizes = shape[1:]
    reach = [(k - 1) * d + 1 for k, d in zip(both(kernel), both(dilation), strict=True)]
    if all(size + 2 * pad >= r for size, pad, r in zip(sizes, padding, reach, strict=True)):
        return
    message = f"{'An' if both(kernel)[0] in {8, 11, 18} else 'A'} {times(kernel)} {what}"
    if both(dilation) != (1, 1):
        message += f" with dilation {_short(both(dilation))} reaches over {reach[0]}×{reach[1]} pixels and"
    message += f" does not fit in a {sizes[0]}×{sizes[1]} image"
    if any(padding):
        message += f" with padding {_short(padding)}"
    needed = tuple(max(pad, -((size - r) // 2)) for size, pad, r in zip(sizes, padding, reach, strict=True))
    smaller = f"a smaller {'kernel' if what == 'filter' else what}" if both(dilation) == (1, 1) else "less dilation"
    allowed = [k // 2 for k in both(kernel)] if what != "filter" else [256, 256]
    if any(n > limit for n, limit in zip(needed, allowed, strict=True)):
        raise ShapeError(
            f"{message}.", f"Use {smaller}, or remove a block that shrinks the image before it.", id="shape.E001"
        )
    value = needed[0] if needed[0] == needed[1] else list(needed)
    fix = {"set": {"padding": value}, "label": f"Use padding {_short(needed)}"}
    raise ShapeError(f"{message}.", f"Use padding {_short(needed)} or {smaller}.", fix, id="shape.E001")


def _short(pair: tuple[int, ...]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}×{pair[1]}"
