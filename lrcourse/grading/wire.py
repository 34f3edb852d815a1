"""Plain data between two processes: length-prefixed JSON frames, never pickle.

What crosses: None, bool, int, float, complex, str, list, tuple, dict and numeric
NumPy arrays, each of exactly that type. NumPy scalars, 0-d arrays and tensors
arrive as plain numbers and arrays. Functions and objects stay where they are; a
`Codec` gives them a number by which the other side can call them. Everything else
arrives as `NotPlain`, which equals nothing.
"""

import base64
import json
import struct
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

MAX_FRAME = 64 * 2**20
MAX_DEPTH = 50
MAX_ITEMS = 1_000_000
_LENGTH = struct.Struct("!I")
_PLAIN = (type(None), bool, int, float, str)


class WireError(Exception):
    """A frame that is too large, cut short or not what the protocol allows."""


@dataclass(frozen=True, eq=False)
class NotPlain:
    """Stands for a value that is not plain data; `kind` names its type."""

    kind: str

    def __repr__(self) -> str:
        return f"<{self.kind}: not plain data>"


def write_frame(stream: IO[bytes], message: Any) -> None:
    """Send one message. Raise `WireError` above `MAX_FRAME` bytes."""
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise WireError(f"a frame of {len(body)} bytes; {MAX_FRAME} are allowed")
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> Any:
    """Receive one message. Raise `EOFError` when the other side has gone."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length} bytes; {MAX_FRAME} are allowed")
    try:
        return json.loads(_read_exactly(stream, length))
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame that is not JSON: {error}") from error


class Codec:
    """Turn values into JSON-able data and back; one for each side of the pipe."""

    def export(self, value: Any) -> dict[str, Any] | None:
        """Return a reference for a function or object, or None where none is given."""
        return None

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return what a reference from the other side stands for."""
        return NotPlain(str(reference.get("kind", "object")))

    def encode(self, value: Any) -> Any:
        """Return JSON-able data for `value`."""
        return _Encoder(self).encode(value, MAX_DEPTH)

    def decode(self, data: Any, depth: int = MAX_DEPTH) -> Any:
        """Return the value that `data` stands for."""
        if depth == 0:
            return NotPlain("deeply nested value")
        if isinstance(data, str):  # a lone surrogate would crash the report later
            return data.encode("utf-8", "replace").decode()
        if isinstance(data, _PLAIN):
            return data
        if isinstance(data, list):
            return [self.decode(item, depth - 1) for item in data]
        ((tag, body),) = data.items()
        return self._decode_tagged(tag, body, depth - 1)

    def _decode_tagged(self, tag: str, body: Any, depth: int) -> Any:
        match tag:
            case "tuple":
                return tuple(self.decode(item, depth) for item in body)
            case "dict":
                return {
                    self.decode(key, depth): self.decode(item, depth)
                    for key, item in body
                }
            case "array":
                raw = np.frombuffer(base64.b64decode(body["data"]), body["dtype"])
                return raw.reshape(body["shape"]).copy()
            case "complex":
                return complex(*body)
            case "reference":
                return self.adopt(body)
            case "not_plain":
                return NotPlain(str(body))
        raise WireError(f"unknown tag {tag!r}")


class _Encoder:
    """One value's encoding: it counts the items, so that the frame stays bounded."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.items = 0

    def encode(self, value: Any, depth: int) -> Any:
        self.items += 1
        if depth == 0 or self.items > MAX_ITEMS:
            return {"not_plain": "value nested too deeply or too long"}
        value = _plain(value)
        kind = type(value)
        if kind is int and value.bit_length() > 4096:
            return {"not_plain": f"integer of {value.bit_length()} bits"}
        if kind in _PLAIN:
            return value
        if kind is list:
            return [self.encode(item, depth - 1) for item in value]
        if kind is tuple:
            return {"tuple": [self.encode(item, depth - 1) for item in value]}
        if kind is dict:
            return {"dict": self._pairs(value, depth - 1)}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is np.ndarray and value.dtype.kind in "biufc":
            return {"array": _array(value)}
        reference = self.codec.export(value)
        if reference is not None:
            return {"reference": reference}
        return {"not_plain": kind.__name__}

    def _pairs(self, value: dict[Any, Any], depth: int) -> list[Any]:
        return [
            [self.encode(key, depth), self.encode(item, depth)]
            for key, item in value.items()
            if type(key) in _PLAIN  # other keys cannot be looked up on the far side
        ]


def _plain(value: Any) -> Any:
    """Return the plain twin of a NumPy scalar, a 0-d array or a tensor."""
    if type(value).__module__ == "torch" and type(value).__name__ == "Tensor":
        value = value.detach().cpu().numpy()
    if isinstance(value, np.generic) or (type(value) is np.ndarray and not value.ndim):
        return value.item()
    return value


def _array(value: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {
        "dtype": value.dtype.str,
        "shape": list(value.shape),
        "data": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode(),
    }


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    data = b""
    while len(data) < length:
        chunk = stream.read(length - len(data))
        if not chunk:
            raise EOFError("the other process has closed its end")
        data += chunk
    return data
