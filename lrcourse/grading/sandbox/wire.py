"""Plain data between two processes: length-prefixed JSON frames, never pickle.

What crosses: None, bool, int, float, complex, str, list, tuple, dict and numeric
NumPy arrays, each of exactly that type. NumPy scalars, 0-d arrays and tensors
arrive as plain numbers and arrays. Functions and objects stay where they are; a
`Codec` gives them a number by which the other side can call them. Everything else
arrives as `NotPlain`, which equals nothing.
"""

import base64
import json
import math
import struct
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

MAX_FRAME = 64 * 2**20
MAX_DEPTH = 50
MAX_ITEMS = 100_000
MAX_MARKS = 3 * MAX_ITEMS  # brackets and commas: a key and its value need three
MAX_DIMENSIONS = 32
LENGTH = struct.Struct("!I")
_PLAIN = (type(None), bool, int, float, str)
_NUMERIC = "biufc"  # NumPy's kinds of numbers: truth, whole, natural, real, complex
_TENSORS = {("torch", "Tensor"), ("torch.nn.parameter", "Parameter")}


class WireError(Exception):
    """A frame that is too large, cut short or not what the protocol allows."""


@dataclass(frozen=True, eq=False)
class NotPlain:
    """Stands for a value that is not plain data; `kind` names its type."""

    kind: str

    def __repr__(self) -> str:
        return f"<{self.kind}: not plain data>"


def clean(text: Any, most: int = 2000) -> str:
    """Return `text` cut to `most` characters, each harmless to print anywhere.

    Escape sequences, marks that turn the reading direction and halves of surrogate
    pairs are spelled out. Raise `WireError` if it is no text.
    """
    if type(text) is not str:
        raise WireError(f"a {type(text).__name__} where a text belongs")
    return "".join(
        letter
        if letter.isprintable() or letter in "\n\t"
        else letter.encode("unicode_escape").decode()
        for letter in text[:most]
    )


def frame(message: Any) -> bytes:
    """Return one message as bytes. Raise `WireError` above `MAX_FRAME` of them."""
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise WireError(f"a frame of {len(body)} bytes; {MAX_FRAME} are allowed")
    return LENGTH.pack(len(body)) + body


def body_length(head: bytes | bytearray) -> int:
    """Return how many bytes follow the first four. Raise `WireError` if too many."""
    (length,) = LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise WireError(f"a frame of {length} bytes; {MAX_FRAME} are allowed")
    return int(length)


def parse(body: bytes | bytearray) -> Any:
    """Return the message that the bytes after the length spell.

    Raises:
        WireError: not JSON, nested too deeply, or of so many small parts that it
            would fill the memory: 64 MiB of ``[],[],`` become 1.4 GB of lists.
    """
    marks = sum(map(body.count, (b",", b"[", b"{")))
    if marks > MAX_MARKS:
        raise WireError(f"a frame of {marks} parts; {MAX_MARKS} are allowed")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame that is not JSON: {str(error)[:200]}") from error


def write_frame(stream: IO[bytes], message: Any) -> None:
    """Send one message. Raise `WireError` above `MAX_FRAME` bytes."""
    stream.write(frame(message))
    stream.flush()


def read_frame(stream: IO[bytes]) -> Any:
    """Receive one message. Raise `EOFError` when the other side has gone."""
    length = body_length(_read_exactly(stream, LENGTH.size))
    return parse(_read_exactly(stream, length))


class Codec:
    """Turn values into JSON-able data and back; one for each side of the pipe."""

    def export(self, value: Any) -> dict[str, Any] | None:
        """Return a reference for a function or object, or None where none is given."""
        return None

    def adopt(self, reference: dict[str, Any]) -> Any:
        """Return what a reference from the other side stands for."""
        return NotPlain(clean(reference.get("kind", "object"), 100))

    def encode(self, value: Any) -> Any:
        """Return JSON-able data for `value`."""
        try:
            return _Encoder(self).encode(value, MAX_DEPTH)
        except _TooLong:
            return {"not_plain": "value too long"}

    def decode(self, data: Any) -> Any:
        """Return the value that `data` stands for; forged data is not plain."""
        try:
            return self._decode(data, MAX_DEPTH)
        except (LookupError, TypeError, ValueError, OverflowError, WireError):
            return NotPlain("data that stands for no value")

    def _decode(self, data: Any, depth: int) -> Any:
        if depth == 0:
            return NotPlain("deeply nested value")
        if isinstance(data, str):  # a lone surrogate would crash the report later
            return data.encode("utf-8", "replace").decode()
        if isinstance(data, _PLAIN):
            return data
        if isinstance(data, list):
            return [self._decode(item, depth - 1) for item in data]
        ((tag, body),) = data.items()
        return self._decode_tagged(tag, body, depth - 1)

    def _decode_tagged(self, tag: str, body: Any, depth: int) -> Any:
        match tag:
            case "tuple":
                return tuple(self._decode(item, depth) for item in body)
            case "dict":
                return {
                    self._decode(key, depth): self._decode(item, depth)
                    for key, item in body
                }
            case "array":
                return _read_array(**body)
            case "complex":
                return complex(*body)
            case "reference" if type(body) is dict:
                return self.adopt(body)
            case "not_plain":
                return NotPlain(clean(body, 100))
        raise WireError(f"unknown tag {clean(tag, 100)!r}")


class _TooLong(Exception):
    """Ends an encoding: the value has more than `MAX_ITEMS` items."""


class _Encoder:
    """One value's encoding: it counts the items, so that the frame stays bounded."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.items = 0

    def encode(self, value: Any, depth: int) -> Any:
        self.items += 1
        if self.items > MAX_ITEMS:
            raise _TooLong
        if depth == 0:
            return {"not_plain": "value nested too deeply"}
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
        if kind is np.ndarray and value.dtype.kind in _NUMERIC:
            return {"array": _array(value)}
        reference = self.codec.export(value)
        if reference is not None:
            return {"reference": reference}
        return {"not_plain": type_name(value)}

    def _pairs(self, value: dict[Any, Any], depth: int) -> list[Any]:
        return [
            [self.encode(key, depth), self.encode(item, depth)]
            for key, item in value.items()
            if type(key) in _PLAIN  # other keys cannot be looked up on the far side
        ]


def type_name(value: Any) -> str:
    """Return the name of a value's type, which may do its worst when asked."""
    try:
        return str(type.__getattribute__(type(value), "__name__"))[:100]
    except Exception:
        return "object"


def _plain(value: Any) -> Any:
    """Return the plain twin of a NumPy scalar, a 0-d array or a tensor."""
    kind = type(value)
    if (kind.__module__, kind.__name__) in _TENSORS:
        try:
            value = value.detach().cpu().numpy()
        except (RuntimeError, TypeError):  # sparse, or of a kind NumPy has not
            return value
    if isinstance(value, np.generic) or (type(value) is np.ndarray and not value.ndim):
        return value.item()
    return value


def _array(value: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {
        "dtype": value.dtype.str,
        "shape": list(value.shape),
        "data": base64.b64encode(np.ascontiguousarray(value).tobytes()).decode(),
    }


def _read_array(data: str, dtype: str, shape: list[int]) -> np.ndarray[Any, Any]:
    """Return the array; its shape must be that of the data, so nothing can grow."""
    kind = np.dtype(dtype)
    sizes = [size for size in shape if type(size) is int and 0 <= size <= MAX_FRAME]
    if kind.kind not in _NUMERIC or len(sizes) < len(shape):
        raise WireError("an array that is not numeric, or has no shape")
    raw = base64.b64decode(data)
    if len(shape) > MAX_DIMENSIONS or math.prod(sizes) * kind.itemsize != len(raw):
        raise WireError("an array whose shape is not that of its data")
    return np.frombuffer(raw, kind).reshape(sizes).copy()


def _read_exactly(stream: IO[bytes], length: int) -> bytearray:
    data = bytearray()
    while len(data) < length:
        chunk = stream.read(length - len(data))
        if not chunk:
            raise EOFError("the other process has closed its end")
        data += chunk
    return data
