"""What is said of a name that no exercise has."""

import difflib
from collections.abc import Mapping
from typing import Any


def require_known(name: str, reply: Mapping[str, Any]) -> None:
    """Look whether the checking process knew what it was asked about.

    Raises:
        ValueError: no exercise asks for it; the nearest name is offered.
        RuntimeError: its checks cannot be read.
    """
    if "unknown" not in reply:
        return
    if reply["because"]:
        raise RuntimeError(reply["because"])
    near = difflib.get_close_matches(name, reply["known"], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"no exercise asks for {name!r}{hint}")
