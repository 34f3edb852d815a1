"""Workers that tests of several rooms load and ask."""

import pytest

from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.jail import best_level
from lrcourse.grading.sandbox.messages import Call, Load


@pytest.fixture(scope="module")
def pools():
    pools = {}
    yield pools
    for pool in pools.values():
        pool.close()


@pytest.fixture
def loaded(pools):
    """Return a function that loads cells into a worker of some level."""
    taken = []

    def load(*cells, level=None, forbidden=(), skip=()):
        level = best_level() if level is None else level
        if level > best_level():
            pytest.skip(f"this machine can do {best_level().name} only")
        if level not in pools:
            pools[level] = Pool(level=level)
        taken.append(pools[level].take())
        named = [(f"cell {number}", source) for number, source in enumerate(cells, 1)]
        taken[-1].ask(Load(named, forbidden, skip))
        return taken[-1]

    yield load
    for interpreter in taken:
        interpreter.kill()


@pytest.fixture
def value_of():
    """Return a function that calls an answer and returns its value, as data."""

    def value(interpreter, name, *args):
        return interpreter.ask(Call(name, list(args))).value

    return value
