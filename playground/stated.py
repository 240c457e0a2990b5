"""What is told of the numbers of a block: each with the values put in. playground/formulas.py has the words."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

from playground.blocks.base import Shape
from playground.formulas import as_bytes, both_sides, factors, summed, volume
from playground.receptive_field import Field, Reach, covered

if TYPE_CHECKING:
    from playground.measure import Part


def of_parts(inputs: Sequence[Shape], parts: Sequence[Part]) -> dict[str, str]:
    """Shape, parameters, macs, activation_bytes and weight_bytes of a block, by name; zeros are left out.

    A block of several parts states the sums over them, and of its shape what the last of them did that changed it.
    """
    own = [part.primitive.block.formulas(*part.primitive.input_shapes) for part in parts]
    stated = {"shape": _shape(inputs, parts, own)}
    if len(parts) == 1:
        stated |= {name: own[0][name] for name in ("parameters", "macs") if name in own[0]}
    else:
        stated["parameters"] = summed(part.parameters for part in parts)
        stated["macs"] = summed(part.macs for part in parts)
    stated["activation_bytes"] = _activations(parts)
    parameters = sum(part.parameters for part in parts)
    statistics = sum(part.primitive.block.statistics(*part.primitive.input_shapes) for part in parts)
    if parameters or statistics:
        values = f"({parameters:,} + {statistics:,} running statistics)" if statistics else f"{parameters:,}"
        stated["weight_bytes"] = as_bytes(values)
    return {name: text for name, text in stated.items() if text}


def _activations(parts: Sequence[Part]) -> str:
    if len(parts) == 1:
        return as_bytes(factors(*parts[0].primitive.shape))
    return as_bytes(f"({summed(prod(part.primitive.shape) for part in parts)})")


def _shape(inputs: Sequence[Shape], parts: Sequence[Part], own: Sequence[dict[str, str]]) -> str:
    """Followed back along first inputs from the last part: who made the channels, who made the sides."""
    shape = parts[-1].primitive.shape
    if not inputs:
        return f"{volume(shape)}, as set"
    places = {part.primitive.name: place for place, part in enumerate(parts)}
    found: dict[str, str] = {}
    place: int | None = len(parts) - 1
    while place is not None:
        primitive = parts[place].primitive
        before, after = primitive.input_shapes[0], primitive.shape
        changes = {"channels": before[0] != after[0] or len(before) != len(after), "sides": before[1:] != after[1:]}
        for name, changed in changes.items():
            if (changed or len(parts) == 1) and name in own[place]:
                found.setdefault(name, own[place][name])
        if len(before) != len(after):
            break  # what was an image before is told by the formula that made the vector
        place = places.get(primitive.inputs[0])
    if not found:
        return f"{volume(shape)}, as it comes in"
    if len(shape) == 3:
        found.setdefault("sides", f"{volume(shape[1:])}, as it comes in")
    return "; ".join(found[name] for name in ("channels", "sides") if name in found)


def of_field(before: Sequence[Field], after: Field, own: Field, parts: Sequence[Part], shape: Shape) -> str:
    """Size of the receptive field. `before`: fields of the inputs; `own`: what the block sees of its input."""
    if not before:
        return "1"
    rows, columns = shape[1:] if len(shape) == 3 else (1, 1)
    if len(before) > 1:
        return both_sides(
            _joined([each.vertical for each in before], after.vertical, rows),
            _joined([each.horizontal for each in before], after.horizontal, columns),
        )
    primitive = parts[0].primitive
    down, across = primitive.block.window(*primitive.input_shapes).dilation if len(parts) == 1 else (1, 1)
    return both_sides(
        _grown(before[0].vertical, after.vertical, own.vertical.size - 1, down),
        _grown(before[0].horizontal, after.horizontal, own.horizontal.size - 1, across),
    )


def _grown(before: Reach, after: Reach, reach: int, dilation: int) -> str:
    step = f"({reach // dilation + 1} − 1)" + (f"·{dilation}" if dilation > 1 else "")
    return f"{before.size} + {step} · {before.stride} = {after.size}"


def _joined(branches: Sequence[Reach], after: Reach, count: int) -> str:
    strides = sorted({each.stride for each in branches})
    covering = covered(branches, count)
    if len(strides) == 1 and any((each.first, each.last) == (after.first, after.last) for each in covering):
        sizes = sorted({each.size for each in covering})
        return f"max({_listed(sizes)}) = {after.size}" if len(sizes) > 1 else f"{after.size}, as each of its inputs"
    lasts, firsts = sorted({each.last for each in covering}), sorted({each.first for each in covering})
    last = f"max({_listed(lasts)})" if len(lasts) > 1 else _signed(lasts[0])
    first = f"min({_listed(firsts)})" if len(firsts) > 1 else f"({_signed(firsts[0])})"
    text = f"{last} − {first} + 1 = {after.size}"
    return text if len(strides) == 1 else f"{text}, to cover branches that move by {_listed(strides)} pixels"


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(_signed, values))


def _signed(value: int) -> str:
    return f"−{-value}" if value < 0 else str(value)
