"""Attempts on what a check compares: its arguments, its numbers, its functions."""

from tests.grading.cheats.rows import Attempt

_PUBLIC = """
SEEN = {(0, 0.1, 0.5): 0.1, (1, 0.1, 0.25): 0.025, (3, 0.8, 0.5): 0.1}
"""
_ASKED_BY_CHECKS = "the checks that everybody can read, by their numbers alone"

ARGUMENTS = [
    Attempt(
        "a bowl swapped for one with a known limit",
        "import numpy as np\n"
        "def max_stable_lr(hessian):\n"
        "    hessian[...] = np.eye(len(hessian))\n"
        "    return 2.0",
        answer="max_stable_lr",
        exercise="01_one_number",
    ),
    Attempt(
        "a bowl swapped for one with a known best rate",
        "import numpy as np\n"
        "def best_constant_lr(hessian):\n"
        "    hessian[...] = np.eye(len(hessian))\n"
        "    return 1.0",
        answer="best_constant_lr",
        exercise="01_one_number",
    ),
    Attempt(
        "a range test swapped for one with known bounds",
        "def bounds_from_range_test(lrs, losses):\n"
        "    lrs[:], losses[:] = [5.0, 7.0], [2.0, 1.0]\n"
        "    return 5.0, 7.0",
        answer="bounds_from_range_test",
        exercise="13_cyclical",
    ),
    Attempt(
        "parameters emptied, so that nothing is left to compare",
        "def gradient_step(params, grads, lr):\n"
        "    params.clear()\n    grads.clear()\n    return {}",
        answer="gradient_step",
        exercise="01_one_number",
    ),
    Attempt(
        "losses emptied, so that nothing is left to judge",
        "def classify_run(losses):\n    losses.clear()\n    return ''",
        answer="classify_run",
        exercise="01_one_number",
    ),
    Attempt(
        "the check's own function as a result",
        "def scaled_cycle_lr(step, min_lr, max_lr, half_period, scale): return scale",
        answer="scaled_cycle_lr",
        exercise="13_cyclical",
    ),
    Attempt(
        "the check's own function asked once, for its value",
        "def scaled_cycle_lr(step, min_lr, max_lr, half_period, scale):\n"
        "    return scale(2)",
        answer="scaled_cycle_lr",
        exercise="13_cyclical",
    ),
    Attempt(
        "the check's own function asked for what is no cycle",
        "def scaled_cycle_lr(step, min_lr, max_lr, half_period, scale):\n"
        "    return scale(scale)",
        answer="scaled_cycle_lr",
        exercise="13_cyclical",
    ),
    Attempt(
        "an object whose attributes answer whatever is asked",
        "class CyclicSchedule:\n"
        "    def __init__(self, *_, **__): self.asked = 0\n"
        "    def __getattr__(self, name):\n"
        "        self.asked += 1\n"
        "        return lambda *_: [[], True, {}][self.asked % 3]",
        answer="CyclicSchedule",
        exercise="13_cyclical",
    ),
]

KNOWN_NUMBERS = [
    Attempt(
        "the public numbers in a table",
        _PUBLIC + "def exponential_lr(step, base_lr, gamma):\n"
        "    return SEEN.get((step, base_lr, gamma))",
        points=2,
        because=_ASKED_BY_CHECKS,
    ),
    Attempt(
        "the public numbers in the order of the calls",
        "calls = iter([0.1, 0.025, 0.1])\n"
        "def exponential_lr(*_, **__): return next(calls, None)",
        points=2,
        because=_ASKED_BY_CHECKS,
    ),
    Attempt(
        "the public numbers, and not started for all others",
        _PUBLIC + "def exponential_lr(step, base_lr, gamma):\n"
        "    if (step, base_lr, gamma) not in SEEN:\n"
        "        raise NotImplementedError\n"
        "    return SEEN[step, base_lr, gamma]",
        points=2,
        because=_ASKED_BY_CHECKS,
    ),
    Attempt(
        "an answer that differs the second time",
        "calls = iter([0.1])\ndef exponential_lr(*_, **__): return next(calls, -1.0)",
        points=0,
        because="the first check, which asks for base_lr itself, pays nothing",
    ),
    Attempt(
        "always ValueError",
        "def half_life(*_, **__): raise ValueError",
        answer="half_life",
        points=1,
        because="an unknown family must raise it",
    ),
    Attempt(
        "an answer to another exercise",
        "import math\nimport numpy as np\n"
        "def max_stable_lr(h): return 2 / np.linalg.eigvalsh(h).max()",
        answer="max_stable_lr",
    ),
]
