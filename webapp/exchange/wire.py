"""outline(data): an ONNX file without its weights, cut out of the bytes before anything parses them.

A file of a few megabytes can make a parser allocate gigabytes: two bytes claim an object of a hundred. Here fields are
walked by their announced lengths, with a budget; what a network's structure does not need (weights, subgraphs, shapes
of values in between, documentation) is left out, and what is left is small. Field numbers: onnx.proto, protobuf's
encoding: https://protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

MAX_FIELDS = 150_000
"""Walked in all; ResNet-152 has a tenth."""
MAX_TENSOR = 16 * 1024
"""Bytes of a tensor whose values are kept; shapes, axes and single numbers are far smaller."""
MAX_OUTLINE = 8 * 1024 * 1024

Cut = Callable[["_Budget", memoryview], bytes]


class Damaged(ValueError):
    """These bytes are no ONNX file, or not the whole of one."""


class TooMuch(ValueError):
    """More than any network has."""


class _Budget:
    def __init__(self) -> None:
        self.fields = 0

    def spend(self) -> None:
        self.fields += 1
        if self.fields > MAX_FIELDS:
            raise TooMuch


def outline(data: bytes | memoryview) -> bytes:
    """The same model without weights. Raises Damaged or TooMuch."""
    found = _model(_Budget(), memoryview(data))
    if len(found) > MAX_OUTLINE:
        raise TooMuch
    return found


def _fields(budget: _Budget, data: memoryview) -> Iterator[tuple[int, int, int, int]]:
    """(number, begin of the field, begin of its content, end) of each; the number is negative without a length."""
    position, size = 0, len(data)
    while position < size:
        budget.spend()
        begin = position
        key, position = _varint(data, position)
        number, kind = key >> 3, key & 7
        content = position
        if kind == 0:
            _, position = _varint(data, position)
        elif kind == 1:
            position += 8
        elif kind == 2:
            length, content = _varint(data, position)
            position = content + length
        elif kind == 5:
            position += 4
        else:
            raise Damaged
        if position > size or not number:
            raise Damaged
        yield number if kind == 2 else -number, begin, content, position


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 64:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        if byte < 0x80:
            return value, position
        shift += 7
    raise Damaged


def _cut(numbers: set[int], texts: set[int], inner: dict[int, Cut], largest: int = MAX_OUTLINE) -> Cut:
    """A message with the fields of these numbers alone; texts must be UTF-8; those in `inner` are cut in their turn."""

    def cut(budget: _Budget, data: memoryview) -> bytes:
        parts = []
        for number, begin, content, end in _fields(budget, data):
            if number in inner:
                parts.append(_field(number, inner[number](budget, data[content:end])))
            elif number in texts:
                parts.append(_text(data[begin:end], data[content:end]))
            elif abs(number) in numbers:
                parts.append(bytes(data[begin:end]))
        joined = b"".join(parts)
        if len(joined) > largest:
            raise TooMuch
        return joined

    return cut


def _text(field: memoryview, content: memoryview) -> bytes:
    try:
        str(content, "utf-8")
    except UnicodeDecodeError as error:
        raise Damaged from error
    return bytes(field)


def _field(number: int, content: bytes) -> bytes:
    return _written(number << 3 | 2) + _written(len(content)) + content


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


_DATA = {4, 5, 6, 7, 9, 10, 11}
"""Where a tensor's values may be."""


def _tensor(budget: _Budget, data: memoryview) -> bytes:
    """Name, type and dimensions; values where they are few and all inside the file."""
    parts, values, outside = [], [], False
    for number, begin, content, end in _fields(budget, data):
        if abs(number) in _DATA:
            values.append(data[begin:end])
        elif number == 1:  # dimensions, packed
            parts.append(bytes(data[begin:end]))
        elif number == -14:
            outside = outside or bool(data[content])
        elif number == 8:
            parts.append(_text(data[begin:end], data[content:end]))
        elif number in {-1, -2}:
            parts.append(bytes(data[begin:end]))
    if not outside and sum(map(len, values)) <= MAX_TENSOR:
        parts += [bytes(value) for value in values]
    joined = b"".join(parts)
    if len(joined) > 2 * MAX_TENSOR:
        raise TooMuch
    return joined


_dimension = _cut({1}, {2}, {}, 1024)
_tensor_type = _cut({1}, set(), {2: _cut(set(), set(), {1: _dimension}, 4096)}, 8192)
_value = _cut(set(), {1}, {2: _cut(set(), set(), {1: _tensor_type}, 8192)}, 16384)
_attribute = _cut({2, 3, 4, 7, 8, 9, 20}, {1}, {5: _tensor}, 128 * 1024)
_node = _cut(set(), {1, 2, 3, 4, 7}, {5: _attribute}, 256 * 1024)
_graph = _cut(set(), {2}, {1: _node, 5: _tensor, 11: _value, 12: _value})
_opset = _cut({2}, {1}, {}, 1024)
_metadata = _cut(set(), {1, 2}, {})
_model = _cut({1}, {2}, {7: _graph, 8: _opset, 14: _metadata})
