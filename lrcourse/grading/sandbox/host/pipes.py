"""The trusted ends of a worker's three pipes: requests in, replies and prints out.

Nothing here waits longer than it is told, and nothing grows without bound, whatever
the other side does.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Protocol

from lrcourse.grading.sandbox.wire import LENGTH, body_length

KEPT = 64 * 2**10  # of what is printed; the rest is read and forgotten
_CHUNK = 2**20


class Pipes(Protocol):
    """What an `Interpreter` needs of its worker's pipes."""

    def send(self, data: bytes) -> None:
        """Hand over `data`, to be written while `wait` waits."""

    def wait(self, seconds: float) -> None:
        """Write what can be written, read what has come; return after `seconds`."""

    def take_frame(self) -> bytearray | None:
        """Take out the next frame's body; None while it is not complete."""

    def drain(self) -> None:
        """Read what was printed before the reply and is still on its way."""

    def printed(self) -> bytes:
        """Return what has been printed, as far as it was read."""

    def forget_printed(self) -> None:
        """Begin anew to keep what is printed."""

    def close(self) -> None:
        """Close our ends."""


class Inbox:
    """What has come in so far: the start of a frame, and the start of the prints."""

    def __init__(self) -> None:
        self._replies = bytearray()
        self._printed = bytearray()
        self.has_ended = False

    def keep(self, is_reply: bool, data: bytes) -> None:
        """Keep what one of the pipes brought; nothing means that it was closed."""
        if not is_reply:
            self._printed += data[: max(0, KEPT - len(self._printed))]
        elif data:
            self._replies += data
        else:
            self.has_ended = True

    def take_frame(self) -> bytearray | None:
        """Take out the next frame's body; None while it is not complete.

        Raises:
            WireError: it announces more bytes than a frame may have.
            EOFError: the pipe was closed, and no frame is left.
        """
        start = LENGTH.size
        if len(self._replies) >= start:
            end = start + body_length(bytes(self._replies[:start]))
            if len(self._replies) >= end:
                body = self._replies[start:end]
                del self._replies[:end]
                return body
        if self.has_ended:
            raise EOFError("the worker has closed its pipe")
        return None

    def printed(self) -> bytes:
        """Return what has been printed, as far as it was read."""
        return bytes(self._printed)

    def forget_printed(self) -> None:
        """Begin anew to keep what is printed."""
        self._printed.clear()


class PolledPipes(Inbox):
    """Pipes where the system can wait for several at once."""

    def __init__(self, requests: int, replies: int, prints: int) -> None:
        super().__init__()
        self._requests, self._ends = requests, {replies: True, prints: False}
        self._outgoing = memoryview(b"")
        for end in (requests, replies, prints):
            os.set_blocking(end, False)

    def send(self, data: bytes) -> None:
        """Hand over `data` to be written while `wait` waits."""
        self._outgoing = memoryview(data)

    def wait(self, seconds: float) -> None:
        """Write what can be written, read what has come; return after `seconds`."""
        import select  # here: Windows has no poll

        poll = select.poll()  # select breaks above descriptor 1023
        for end in self._ends:
            poll.register(end, select.POLLIN)
        if self._outgoing:
            poll.register(self._requests, select.POLLOUT)
        for end, _ in poll.poll(seconds * 1000):
            if end == self._requests:
                self._write()
            else:
                self._read(end)

    def _write(self) -> None:
        try:
            written = os.write(self._requests, self._outgoing[:_CHUNK])
        except BrokenPipeError:  # its end shows on the other pipe too
            self._outgoing = memoryview(b"")
        else:
            self._outgoing = self._outgoing[written:]

    def _read(self, end: int) -> None:
        try:
            data = os.read(end, _CHUNK)
        except BlockingIOError:
            return
        self.keep(self._ends[end], data)
        if not data:
            os.close(end)
            del self._ends[end]

    def drain(self) -> None:
        """Read what is still in the pipes."""
        self.wait(0)

    def close(self) -> None:
        """Close our ends."""
        for end in (self._requests, *self._ends):
            os.close(end)
        self._requests, self._ends, self._outgoing = -1, {}, memoryview(b"")
        self.has_ended = True


class ThreadedPipes(Inbox):
    """Pipes where each needs a thread that waits for it: Windows."""

    def __init__(self, requests: int, replies: int, prints: int) -> None:
        super().__init__()
        self._requests = requests
        # bounded: a thread waits until what it read was taken
        self._read: queue.Queue[tuple[bool, bytes]] = queue.Queue(maxsize=4)
        self._start(self._listen, replies, True)
        self._start(self._listen, prints, False)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        threading.Thread(target=target, args=args, daemon=True).start()

    def _listen(self, end: int, is_reply: bool) -> None:
        data = b"?"
        while data:
            data = os.read(end, _CHUNK)
            self._read.put((is_reply, data))
        os.close(end)

    def send(self, data: bytes) -> None:
        """Write `data`, in a thread of its own: the other side may never read it."""
        self._start(self._write, data)

    def _write(self, data: bytes) -> None:
        try:
            with os.fdopen(os.dup(self._requests), "wb") as stream:
                stream.write(data)
        except OSError:  # it ended: that shows on the other pipe
            return

    def wait(self, seconds: float) -> None:
        """Take what has come; return after `seconds`."""
        try:
            self.keep(*self._read.get(timeout=seconds or 0.001))
        except queue.Empty:
            return

    def drain(self) -> None:
        """Take what the threads have read."""
        while not self._read.empty():
            self.keep(*self._read.get())

    def close(self) -> None:
        """Close our end; the threads end with the worker."""
        os.close(self._requests)
        self.has_ended = True


def pipes(requests: int, replies: int, prints: int) -> Pipes:
    """Return this system's kind of pipes, over the descriptors of our three ends."""
    kind = ThreadedPipes if sys.platform == "win32" else PolledPipes
    return kind(requests, replies, prints)
