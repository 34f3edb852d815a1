"""What a grader says to its fork server, packet by packet."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Setup:
    """The first packet: what to import, and how well to confine."""

    preload: str
    level: int


@dataclass(frozen=True)
class Fork:
    """Start a worker; with it come four descriptors: its pipes, and where it is named.

    It scribbles in the folder `scratch`, unless it has a world of its own, and cannot
    see the modules `hidden`.
    """

    scratch: str
    hidden: Sequence[str]


def packet(message: Setup | Fork) -> bytes:
    """Return a message as it is sent."""
    return json.dumps(asdict(message)).encode()


def read_setup(data: bytes) -> Setup:
    """Return the first packet's message."""
    return Setup(**json.loads(data))


def read_fork(data: bytes) -> Fork:
    """Return the message of any packet that follows."""
    return Fork(**json.loads(data))
