"""Right answers, written in ways that nobody asked for."""

from textwrap import dedent

from tests.grading.cheats.rows import Learner

_ANSWERS = {
    "a lambda": "exponential_lr = lambda step, base_lr, gamma: base_lr * gamma**step",
    "a partial": """
        from functools import partial
        def power(exponent, step, base_lr, gamma):
            return base_lr * gamma ** (exponent * step)
        exponential_lr = partial(power, 1)
        """,
    "an instance that can be called": """
        class Decay:
            def __call__(self, step, base_lr, gamma):
                return base_lr * gamma**step
        exponential_lr = Decay()
        """,
    "a static method": """
        class Decays:
            @staticmethod
            def exponential(step, base_lr, gamma):
                return base_lr * gamma**step
        exponential_lr = Decays.exponential
        """,
    "a cached function": """
        from functools import lru_cache
        @lru_cache(maxsize=None)
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        """,
    "a decorator of one's own, without wraps": """
        def announced(function):
            def wrapper(*args, **kwargs):
                print("calling", function.__name__)
                return function(*args, **kwargs)
            return wrapper
        @announced
        def exponential_lr(step, base_lr, gamma):
            return base_lr * gamma**step
        """,
    "another name for it": """
        def my_decay(step, base_lr, gamma):
            return base_lr * gamma**step
        exponential_lr = my_decay
        """,
    "defaults and extra keywords": """
        def exponential_lr(step, base_lr=0.1, gamma=0.9, *, verbose=False):
            return base_lr * gamma**step
        """,
    "type hints": """
        from typing import Optional, Union
        def exponential_lr(
            step: int, base_lr: float, gamma: Union[int, float]
        ) -> Optional[float]:
            return base_lr * gamma**step
        """,
    "annotations of a later class": """
        from __future__ import annotations
        def exponential_lr(step: int, base_lr: float, gamma: float) -> Rate:
            return base_lr * gamma**step
        class Rate(float): pass
        """,
    "Greek letters": """
        Δ = 1
        def exponential_lr(step, base_lr, gamma):
            η = base_lr
            return η * gamma ** (step * Δ)
        """,
    "a NumPy number": """
        import numpy as np
        def exponential_lr(step, base_lr, gamma):
            return np.float64(base_lr) * np.power(gamma, step)
        """,
    "an array without dimensions": """
        import numpy as np
        def exponential_lr(step, base_lr, gamma):
            return np.array(base_lr * gamma**step)
        """,
    "a loop": """
        def exponential_lr(step, base_lr, gamma):
            lr = base_lr
            for _ in range(step):
                lr *= gamma
            return lr
        """,
    "recursion": """
        def exponential_lr(step, base_lr, gamma):
            if step < 2:
                return base_lr * gamma**step
            half = step // 2
            left = exponential_lr(half, base_lr, gamma) / base_lr
            return left * exponential_lr(step - half, base_lr, gamma)
        """,
    "deep recursion": """
        import sys
        sys.setrecursionlimit(20_000)
        def power(gamma, step):
            return 1.0 if step == 0 else gamma * power(gamma, step - 1)
        def exponential_lr(step, base_lr, gamma):
            return base_lr * power(gamma, step) * power(1.0, 5_000)
        """,
    "a walrus and a match": """
        def exponential_lr(step, base_lr, gamma):
            match step:
                case 0:
                    return base_lr
                case _:
                    return (rate := base_lr * gamma**step)
        """,
    "tabs and trailing blanks": (
        "def exponential_lr(step, base_lr, gamma):\n\t# tab  \n\treturn base_lr * gamma"
        "**step   \n\n\n"
    ),
}

WRITTEN = [
    Learner(name, {"exponential_lr": dedent(code).strip("\n")})
    for name, code in _ANSWERS.items()
]

_SLOTS = """
from dataclasses import dataclass

@dataclass
class Group:
    __slots__ = ("high", "low")
    low: float
    high: float

    def at(self, share):
        return self.low + (self.high - self.low) * share

class CyclicSchedule:
    __slots__ = ("groups", "half_period", "steps")

    def __init__(self, min_lrs, max_lrs, half_period):
        if len(min_lrs) != len(max_lrs):
            raise ValueError("one upper bound for each lower one")
        self.groups = [Group(*pair) for pair in zip(min_lrs, max_lrs)]
        self.half_period, self.steps = half_period, 0

    def lrs(self):
        place = self.steps % (2 * self.half_period) / self.half_period
        return [group.at(1 - abs(place - 1)) for group in self.groups]

    def step(self):
        self.steps += 1

    def state_dict(self):
        return {"steps": self.steps}

    def load_state_dict(self, state):
        self.steps = state["steps"]
"""

_TENSORS = """
import torch

torch.manual_seed(0)
layer = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
for _ in range(3):
    loss = layer(torch.ones(4, 2)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

def max_stable_lr(hessian):
    return 2 / torch.linalg.eigvalsh(torch.tensor(hessian)).max()
"""

_FRAMES = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

def steps_to_tolerance(lr, curvature, start, tolerance):
    frame = pd.DataFrame({"w": [abs(start)], "shrinks": [-lr * curvature]})
    if frame["w"].iloc[0] <= tolerance:
        return 0
    steps = np.log(tolerance / frame["w"]) / np.log1p(frame["shrinks"])
    return int(np.ceil(steps.iloc[0] - 1e-9))
"""

OTHER_EXERCISES = [
    Learner(
        "a class with slots and a dataclass",
        {"CyclicSchedule": _SLOTS},
        answers=["CyclicSchedule"],
        exercise="13_cyclical",
    ),
    Learner(
        "tensors, after a training in PyTorch",
        {"max_stable_lr": _TENSORS},
        answers=["max_stable_lr"],
        exercise="01_one_number",
    ),
    Learner(
        "PyTorch where its schedulers are forbidden",
        before=["import torch", "x = torch.ones(3).sum().item()"],
    ),
    Learner(
        "pandas and scikit-learn",
        {"steps_to_tolerance": _FRAMES},
        answers=["steps_to_tolerance"],
        exercise="01_one_number",
    ),
]
