"""A process by its pidfd, which stays valid whatever becomes of its number."""

import select


def has_ended(pidfd: int, milliseconds: int = 0) -> bool:
    """Say whether the process has ended, or does so within `milliseconds`."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(milliseconds))
