"""What installed packages hold ready made of what an exercise asks for.

An exercise says which rooms of the course its answers may not use; the twins of these
in other packages follow from what is installed. A module is hidden as a file, and no
import brings it back. A compiled function of a package that the fork server has
imported is in memory: something else is put in its place, which guards honesty and
nothing else. Whoever looks on, in ``torch.ops``, say, finds it.
"""

import functools
import re
from collections.abc import Iterator, Sequence

from lrcourse.grading.sandbox.jail.view import of_this_python

# by the room of ours whose formulas they hold
MODULES = {
    "lrcourse.schedules": (
        "torch.optim.lr_scheduler",
        "keras",
        "optax",
        "jax.example_libraries.optimizers",
    ),
    "lrcourse.optimizers": (
        "torch.optim",
        "torch.distributed.optim",
        "keras",
        "optax",
        "jax.example_libraries.optimizers",
        "sklearn.neural_network._stochastic_optimizers",
    ),
}
_RULES = "lrcourse.optimizers"
# one update of all weights, compiled: torch's own list of its functions has them
_FUSED = re.compile(r"def (_fused_(?:ada|rmsprop|sgd)\w*)\(")


def with_twins(forbidden: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are `forbidden`, and their twins that are installed here.

    Modules by their names, functions of a package by theirs: ``torch._fused_adamw_``.
    """
    return _with_twins(tuple(forbidden))


@functools.cache
def _with_twins(forbidden: tuple[str, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(forbidden)
    for room in forbidden:
        found |= dict.fromkeys(filter(_is_installed, MODULES.get(room, ())))
    if _RULES in forbidden:
        found |= dict.fromkeys(_fused())
    return tuple(found)


def _is_installed(module: str) -> bool:
    return bool(of_this_python().files_of([module]))


def _fused() -> Iterator[str]:
    """Yield the functions of torch that make a whole update of some rule."""
    for folder in of_this_python().files_of(["torch._C"]):
        stub = folder / "_VariableFunctions.pyi"
        if stub.is_file():
            text = stub.read_text(encoding="utf-8")
            yield from (f"torch.{name}" for name in _FUSED.findall(text))
