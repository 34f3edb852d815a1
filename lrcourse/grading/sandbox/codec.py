"""Values as plain data and back: what a call is given, what it returns.

What crosses: None, bool, int, float, complex, str, list, tuple, set, dict, numeric
NumPy arrays, each of exactly that type. NumPy scalars, 0-d arrays and tensors
arrive as plain numbers and arrays, a named tuple as the tuple, an `OrderedDict` or
a `defaultdict` as the dict. Functions and objects stay where they are; a `Codec` makes
a link, by which the other side can call them. All else is `NotPlain`: equal to nothing.
"""

import base64
import math
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from lrcourse.grading.sandbox.wire import (
    MAX_FRAME,
    MAX_ITEMS,
    Data,
    WireError,
    clean,
    is_count,
)

MAX_DEPTH = 50
MAX_DIMENSIONS = 32
_MAX_BITS = 4096
_PLAIN = (type(None), bool, int, float, str)
_NUMERIC = "biufc"  # NumPy's kinds of numbers: truth, whole, natural, real, complex
_TENSORS = {("torch", "Tensor"), ("torch.nn.parameter", "Parameter")}


@dataclass(frozen=True, eq=False)
class NotPlain:
    """Stands for a value that is not plain data; `kind` names its type."""

    kind: str

    @property
    def _kind(self) -> str:  # as a stand-in has it
        return self.kind

    def __repr__(self) -> str:
        return f"<{self.kind}>"


@dataclass(frozen=True)
class AnswerLink:
    """Stands for what the notebook defines under this name."""

    name: str


@dataclass(frozen=True)
class ObjectLink:
    """Stands for the worker's object of this number; `kind` names its type."""

    number: int
    kind: str = "object"


@dataclass(frozen=True)
class CallbackLink:
    """Stands for a function that stays with the checks, by its number."""

    number: int


Link: TypeAlias = AnswerLink | ObjectLink | CallbackLink


class Codec:
    """Turn values into JSON-able data and back; one for each side of the pipe.

    `most_items` bounds the values that are sent.
    """

    most_items: float = MAX_ITEMS

    def export(self, value: Any) -> Link | None:
        """Return a link to a function or object, or None where none is given."""
        return None

    def adopt(self, link: Link) -> Any:
        """Return what a link from the other side stands for."""
        return NotPlain(link.kind if isinstance(link, ObjectLink) else "object")

    def encode(self, value: Any) -> Data:
        """Return JSON-able data for `value`."""
        try:
            return _Encoder(self).encode(value, MAX_DEPTH)
        except _TooLong:
            return not_plain("value too long")

    def decode(self, data: Data) -> Any:
        """Return the value that `data` stands for; forged data is not plain."""
        try:
            return self._decode(data, MAX_DEPTH)
        except (LookupError, TypeError, ValueError, OverflowError, WireError):
            return NotPlain("data that stands for no value")

    def _decode(self, data: Data, depth: int) -> Any:
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

    def _decode_tagged(self, tag: str, body: Data, depth: int) -> Any:
        match tag:
            case "tuple" | "set":
                items = (self._decode(item, depth) for item in body)
                return tuple(items) if tag == "tuple" else set(items)
            case "dict":
                return {
                    self._decode(key, depth): self._decode(item, depth)
                    for key, item in body
                }
            case "array":
                return _read_array(**body)
            case "complex":
                return complex(*body)
            case "reference":
                return self.adopt(_read_link(body))
            case "not_plain":
                return NotPlain(clean(body, 100))
        raise WireError(f"unknown tag {clean(tag, 100)!r}")


def not_plain(kind: str) -> Data:
    """Return the data for a value that does not cross; `kind` says what it is."""
    return {"not_plain": kind}


class _TooLong(Exception):
    """Ends an encoding: the value has more items than its codec sends."""


class _Encoder:
    """One value's encoding: it counts the items, so that the frame stays bounded."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self.items = 0

    def encode(self, value: Any, depth: int) -> Data:
        self.items += 1
        if self.items > self.codec.most_items:
            raise _TooLong
        if depth == 0:
            return not_plain("value nested too deeply")
        value = _plain(value)
        kind = type(value)
        if kind is int and value.bit_length() > _MAX_BITS:
            return not_plain(f"integer of {value.bit_length()} bits")
        if kind in _PLAIN:
            return value
        if kind in (list, tuple, set):
            items = [self.encode(item, depth - 1) for item in value]
            return items if kind is list else {kind.__name__: items}
        if kind is dict:
            return {"dict": self._pairs(value, depth - 1)}
        if kind is complex:
            return {"complex": [value.real, value.imag]}
        if kind is np.ndarray and value.dtype.kind in _NUMERIC:
            return {"array": _array(value)}
        link = self.codec.export(value)
        return not_plain(type_name(value)) if link is None else link_data(link)

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
    """Return the plain twin of a scalar, a tensor, a named tuple, an ordered dict."""
    kind = type(value)
    if kind in (OrderedDict, defaultdict):
        return dict(value)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return tuple(value)
    if (kind.__module__, kind.__name__) in _TENSORS:
        try:
            value = value.detach().cpu().numpy()
        except (RuntimeError, TypeError):  # sparse, or of a kind NumPy has not
            return value
    if isinstance(value, np.generic) or (type(value) is np.ndarray and not value.ndim):
        return value.item()
    return value


def link_data(link: Link) -> Data:
    """Return the data for a link."""
    match link:
        case AnswerLink(name):
            return {"reference": {"name": name}}
        case ObjectLink(number, kind):
            return {"reference": {"object": number, "kind": kind}}
        case CallbackLink(number):
            return {"reference": {"callback": number}}


def _read_link(body: Data) -> Link:
    """Return the link, which may have been forged: its number may be nobody's."""
    match body:
        case {"callback": number} if is_count(number):
            return CallbackLink(number)
        case {"object": number} if is_count(number):
            return ObjectLink(number, clean(body.get("kind", "object"), 100))
        case {"name": str(name)}:
            return AnswerLink(name)
    raise WireError("a reference to nothing")


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
