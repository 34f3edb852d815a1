"""Twins in installed packages: all that are there are known, and follow."""

import os
import re
import site
from pathlib import Path

import pytest

from lrcourse.grading.sandbox.host.pool import Pool
from lrcourse.grading.sandbox.messages import Call, Load
from lrcourse.grading.sandbox.twins import MODULES, with_twins

# how those who wrote them call schedules and update rules
_NAMES = (
    rb"\w*(?:exponential|[cC]osine|polynomial|inverse_time|piecewise_constant)_?"
    rb"(?:[dD]ecay|[aA]nnealing|schedule)\w*|(?:Multi)?StepLR|ExponentialLR|CyclicLR|"
    rb"_?(?:Functional)?(?:Adam|AdamW|Adagrad|SGD|RMSprop)(?:Optimizer)?|"
    rb"_?fused_(?:adam|adagrad|sgd|rmsprop)\w*|adam|adamw|adagrad|rmsprop"
)
DEFINES = re.compile(rb"^[ \t]*(?:def|class) (?:" + _NAMES + rb")\b", re.MULTILINE)
NOT_INSTALLED_CODE = {"tests", "test", "testing", "nvidia", "__pycache__", "typeshed"}
# what defines such names and is no module to be hidden
STUBS = {
    "torch._VF": "declares the fused functions, which are hidden one by one",
    "torch._C._VariableFunctions": "declares them too: it is what names them",
}


def definers():
    """Yield the installed modules that define a schedule or an update rule."""
    for root in site.getsitepackages():
        for folder, inner, files in os.walk(root):
            inner[:] = [each for each in inner if each not in NOT_INSTALLED_CODE]
            for name in files:
                path = Path(folder, name)
                if path.suffix in (".py", ".pyi") and DEFINES.search(path.read_bytes()):
                    yield ".".join(path.relative_to(root).with_suffix("").parts)


def test_whatever_is_installed_and_holds_a_twin_is_known():
    known = {name for names in MODULES.values() for name in names}
    found = {
        module
        for module in definers()
        if not any(f"{module}.".startswith(f"{name}.") for name in known)
    }
    assert found == STUBS.keys()


def test_what_an_exercise_forbids_of_ours_brings_its_twins():
    schedules = with_twins(["lrcourse.schedules"])
    assert schedules[0] == "lrcourse.schedules"
    assert {"torch.optim.lr_scheduler", "keras", "optax"} <= {*schedules}
    assert "torch.optim" not in schedules
    rules = with_twins(("lrcourse.optimizers", "keras"))
    assert {"torch.optim", "torch._fused_adamw_", "torch._fused_sgd_"} <= {*rules}
    assert len(rules) == len({*rules})
    assert with_twins(["lrcourse.theory"]) == ("lrcourse.theory",)


def test_what_is_not_installed_is_not_named(monkeypatch):
    monkeypatch.setitem(MODULES, "lrcourse.figure", ("no_such.package", "json"))
    assert with_twins(["lrcourse.figure"]) == ("lrcourse.figure",)


def test_all_twins_together_leave_a_worker_that_starts():
    pool = Pool(spares=0)
    worker = pool.take((), with_twins([*reversed(MODULES)]))  # a folder, then a file
    worker.ask(Load([("c", "def f(): return 1")]))
    assert worker.ask(Call("f")).value == 1
    pool.close()


@pytest.mark.parametrize(
    "code",
    [
        "from jax.example_libraries.optimizers import exponential_decay",
        "import torch; torch._fused_adamw_([], [], [], [], [], [])",
        "from torch.distributed.optim.functional_adam import _FunctionalAdam",
        "from sklearn.neural_network._stochastic_optimizers import AdamOptimizer",
    ],
)
def test_a_twin_refuses_in_words(loaded, code):
    forbidden = with_twins(["lrcourse.schedules", "lrcourse.optimizers"])
    body = "\n    ".join(code.split("; "))
    worker = loaded(f"def f():\n    {body}", forbidden=forbidden)
    message = worker.ask(Call("f")).problem.message
    assert "may not be used here: this exercise asks you to write" in message
