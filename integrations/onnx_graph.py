"""Writes a graph in the ONNX format: as much of the format as the sentence model takes.

The numbers of the fields are those of
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto in Protocol Buffers' wire format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

FORMAT, STANDARD = 10, 20
"""The versions of the format and of its operators."""

MICROSOFT = "com.microsoft"
"""The domain of the operators that onnxruntime adds."""

FLOAT, INT32 = 1, 6
TYPES = {"float32": FLOAT, "uint8": 2, "int8": 3, "int32": INT32, "int64": 7}


class Graph:
    """Whatever goes through it has a name: what is added hands out a new one."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._arrays: list[bytes] = []

    def array(self, array: NDArray[Any]) -> str:
        """One that never changes."""
        name = f"array {len(self._arrays)}"
        shape = b"".join(_number(1, size) for size in array.shape)
        kind = _number(2, TYPES[array.dtype.name])
        self._arrays.append(shape + kind + _bytes(8, name) + _bytes(9, array.tobytes()))
        return name

    def node(self, operator: str, *inputs: str, domain: str = "", **settings: float) -> str:
        """An operator with one output."""
        return self.nodes(operator, *inputs, outputs=1, domain=domain, **settings)[0]

    def nodes(
        self, operator: str, *inputs: str, outputs: int, domain: str = "", **settings: float
    ) -> list[str]:
        names = [f"{operator} {len(self._nodes)} {number}" for number in range(outputs)]
        self._nodes.append(
            b"".join(_bytes(1, name) for name in inputs)
            + b"".join(_bytes(2, name) for name in names)
            + _bytes(4, operator)
            + b"".join(_bytes(5, _setting(name, value)) for name, value in settings.items())
            + _bytes(7, domain)
        )
        return names

    def written(self, *, given: str, shape: Sequence[str], result: str, **notes: str) -> bytes:
        """The file, for one array of whole numbers in and one of fractions out."""
        graph = (
            b"".join(_bytes(1, node) for node in self._nodes)
            + _bytes(2, "graph")
            + b"".join(_bytes(5, array) for array in self._arrays)
            + _bytes(11, _end(given, "int64", shape))
            + _bytes(12, _end(result, "float32", ["rows", "columns"]))
        )
        return (
            _number(1, FORMAT)
            + _bytes(7, graph)
            + _bytes(8, _number(2, STANDARD))
            + _bytes(8, _bytes(1, MICROSOFT) + _number(2, 1))
            + b"".join(_bytes(14, _bytes(1, name) + _bytes(2, n)) for name, n in notes.items())
        )


def _setting(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _bytes(1, name) + _number(3, value) + _number(20, 2)
    return _bytes(1, name) + _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, 1)


def _end(name: str, kind: str, shape: Sequence[str]) -> bytes:
    sizes = b"".join(_bytes(1, _bytes(2, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, TYPES[kind]) + _bytes(2, sizes)))


def _bytes(field: int, value: bytes | str) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value % 2**64)


def _varint(value: int) -> bytes:
    """Seven bits to a byte, the lowest first; the eighth says that more follow."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
