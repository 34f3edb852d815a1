"""Frames between two processes: length-prefixed JSON, never pickle.

What stands in them is plain data: `codec` makes it of values, `messages` of requests
and replies.
"""

import json
import struct
from typing import IO, Any, TypeAlias

MAX_FRAME = 64 * 2**20
MAX_ITEMS = 100_000
MAX_MARKS = 3 * MAX_ITEMS  # brackets and commas: a key and its value need three
LENGTH = struct.Struct("!I")

Data: TypeAlias = Any  # what JSON can hold


class WireError(Exception):
    """A frame that is too large, cut short or not what the protocol allows."""


class FrameTooLarge(WireError):
    """A frame of more than `MAX_FRAME` bytes, by those it holds or by its head."""


def clean(text: Any, most: int = 2000) -> str:
    """Return `text` cut to `most` characters, each harmless to print anywhere.

    Escape sequences, marks that turn the reading direction and halves of surrogate
    pairs are spelled out.

    Raises:
        WireError: it is no text.
    """
    if type(text) is not str:
        raise WireError(f"a {type(text).__name__} where a text belongs")
    return "".join(
        letter
        if letter.isprintable() or letter in "\n\t"
        else letter.encode("unicode_escape").decode()
        for letter in text[:most]
    )


def is_count(number: Any) -> bool:
    """Say whether this is a whole number, zero or more; True only passes for one."""
    return type(number) is int and number >= 0


def frame(message: Data) -> bytes:
    """Return one message as bytes.

    Raises:
        FrameTooLarge: they are more than `MAX_FRAME`.
    """
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > MAX_FRAME:
        raise FrameTooLarge(f"a frame of {len(body)} bytes; {MAX_FRAME} are allowed")
    return LENGTH.pack(len(body)) + body


def body_length(head: bytes | bytearray) -> int:
    """Return how many bytes follow the first four.

    Raises:
        FrameTooLarge: they are more than `MAX_FRAME`.
    """
    (length,) = LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise FrameTooLarge(f"a frame of {length} bytes; {MAX_FRAME} are allowed")
    return int(length)


def parse(body: bytes | bytearray) -> Data:
    """Return the message that the bytes after the length spell, whoever wrote them.

    Raises:
        WireError: not JSON, nested too deeply, or of so many small parts that it
            would fill the memory: 64 MiB of ``[],[],`` become 1.4 GB of lists.
    """
    marks = sum(map(body.count, (b",", b"[", b"{")))
    if marks > MAX_MARKS:
        raise WireError(f"a frame of {marks} parts; {MAX_MARKS} are allowed")
    return _parsed(body)


def _parsed(body: bytes | bytearray) -> Data:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError(f"a frame that is not JSON: {str(error)[:200]}") from error


def write_frame(stream: IO[bytes], message: Data) -> None:
    """Send one message. Raise `FrameTooLarge` above `MAX_FRAME` bytes."""
    stream.write(frame(message))
    stream.flush()


def read_frame(stream: IO[bytes]) -> Data:
    """Receive one message of ours.

    Its parts are not counted: a cell with 300 000 pasted numbers is full of commas.

    Raises:
        EOFError: the other side has gone.
        WireError: it is too long, or not JSON.
    """
    length = body_length(_read_exactly(stream, LENGTH.size))
    return _parsed(_read_exactly(stream, length))


def read_reply(stream: IO[bytes], nonce: str) -> dict[str, Any]:
    """Receive the reply of ours to the question that bore `nonce`.

    Raises:
        EOFError: the other side has gone.
        WireError: it is the reply to another question.
    """
    reply: dict[str, Any] = read_frame(stream)
    if reply.pop("nonce", None) != nonce:
        raise WireError("it answered another question")
    return reply


def _read_exactly(stream: IO[bytes], length: int) -> bytearray:
    data = bytearray()
    while len(data) < length:
        chunk = stream.read(length - len(data))
        if not chunk:
            raise EOFError("the other process has closed its end")
        data += chunk
    return data
