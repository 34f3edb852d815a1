"""Handles on processes (pidfd), which stay valid whatever becomes of a number."""

import select


def has_ended(handle: int, milliseconds: int = 0) -> bool:
    """Say whether the process has ended, or does so within `milliseconds`."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(milliseconds))
