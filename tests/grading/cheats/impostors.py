"""Results that pass a comparison without being right.

Each of them passes at least one common comparison that is made where the answer runs.
"""

from tests.grading.cheats.rows import Attempt

_PATCHED = {
    "np.allclose says yes": "np.allclose = np.isclose = lambda *_, **__: True",
    "np.testing says yes": "np.testing.assert_allclose = lambda *_, **__: None",
    "math.isclose says yes": "math.isclose = lambda *_, **__: True",
    "np.abs is always zero": "np.abs = np.absolute = lambda *_: 0.0",
    "operator.eq says yes": "operator.eq = lambda *_: True",
    "pytest.approx equals everything": "pytest.approx = lambda *_, **__: mock.ANY",
    "unittest says yes": "unittest.TestCase.assertAlmostEqual = lambda *_: None",
    "abs is always zero": "builtins.abs = lambda _: 0.0",
    "float is always one": "builtins.float = lambda *_: 1",
    "all says yes": "builtins.all = lambda _: True",
    "max is always zero": "builtins.max = lambda *_, **__: 0.0",
}
_IMPORTS = """
import builtins, math, operator, unittest
from unittest import mock
import numpy as np
try:
    import pytest
except ImportError:
    pytest = unittest
"""

_CLASSES = {
    "an object equal to everything": "class Fake:\n    __eq__ = lambda *_: True",
    "an object whose difference is zero": (
        "class Fake:\n    __sub__ = __rsub__ = lambda *_: 0.0"
    ),
    "an object that is an empty array": (
        "class Fake:\n    def __array__(self, *_, **__): return np.array([])"
    ),
    "an object that is nan as a float": (
        "class Fake:\n    def __float__(self): return math.nan"
    ),
    "an object with ufuncs of its own": (
        "class Fake:\n    def __array_ufunc__(self, *_, **__): return 0.0"
    ),
    "an object with array functions of its own": (
        "class Fake:\n    def __array_function__(self, *_, **__): return True"
    ),
    "a class whose metaclass equals everything": (
        "class Meta(type):\n    __eq__ = lambda *_: True\n    __hash__ = None\n"
        "class Kind(metaclass=Meta): pass\ndef Fake(): return Kind"
    ),
    "a float that equals everything": (
        "class Fake(float):\n    __eq__ = lambda *_: True\n    __sub__ = lambda *_: 0.0"
    ),
    "an int that equals everything": "class Fake(int):\n    __eq__ = lambda *_: True",
    "a complex that equals everything": (
        "class Fake(complex):\n    __eq__ = lambda *_: True"
    ),
    "a string that equals everything": "class Fake(str):\n    __eq__ = lambda *_: True",
    "a list that equals everything": "class Fake(list):\n    __eq__ = lambda *_: True",
    "a dict that equals everything": "class Fake(dict):\n    __eq__ = lambda *_: True",
    "a NumPy scalar that equals everything": (
        "class Fake(np.float64):\n    __eq__ = lambda *_: True\n"
        "    def item(self): return self"
    ),
    "an array that equals everything": (
        "class Kind(np.ndarray):\n    __eq__ = lambda *_: True\n"
        "def Fake(): return np.zeros(3).view(Kind)"
    ),
    "a tensor by its name alone": (
        "class Tensor:\n    __module__ = 'torch'\n    __eq__ = lambda *_: True\n"
        "    detach = cpu = numpy = lambda self: self\nFake = Tensor"
    ),
}

_VALUES = {
    "an empty list": "[]",
    "an empty tuple": "()",
    "an empty dict": "{}",
    "an empty set": "set()",
    "an empty string": "''",
    "an empty array": "np.array([])",
    "an array of no rows": "np.empty((0, 3))",
    "an empty matrix": "np.matrix([[]])",
    "an empty iterator": "iter(())",
    "an empty range": "range(0)",
    "a generator that yields nothing": "(x for x in ())",
    "nan": "math.nan",
    "infinity": "math.inf",
    "an array of nan": "np.full(3, np.nan)",
    "a fully masked array": "np.ma.masked_all(3)",
    "the masked constant": "np.ma.masked",
    "mock.ANY": "mock.ANY",
    "an array of objects equal to everything": "np.array([mock.ANY], dtype=object)",
    "an empty memory map": "np.zeros(0).view(np.memmap)",
    "an empty structured array": "np.zeros(0, dtype=[('lr', float)])",
}

IMPOSTORS = [
    *(
        Attempt(
            name, f"{_IMPORTS}{line}\ndef exponential_lr(*_, **__): return (-1.0,)[0]"
        )
        for name, line in _PATCHED.items()
        if not name.startswith("all")
    ),
    Attempt(
        "all says yes, to a list",
        f"{_IMPORTS}builtins.all = lambda _: True\n"
        "def exponential_lr(*_, **__): return [-1.0]",
    ),
    Attempt(
        "len is always zero",
        f"{_IMPORTS}builtins.len = lambda _: 0\n"
        "def exponential_lr(*_, **__): return [-1.0]",
    ),
    *(
        Attempt(name, f"{_IMPORTS}{code}\ndef exponential_lr(*_, **__): return Fake()")
        for name, code in _CLASSES.items()
    ),
    *(
        Attempt(name, f"{_IMPORTS}def exponential_lr(*_, **__): return {value}")
        for name, value in _VALUES.items()
    ),
    Attempt(
        "False for 0",
        "def steps_to_tolerance(lr, curvature, start, tolerance): return False",
        answer="steps_to_tolerance",
        exercise="01_one_number",
    ),
    Attempt(
        "a string for a label that equals every label",
        "class Label(str):\n    __eq__ = lambda *_: True\n    __hash__ = None\n"
        "def classify_run(losses): return Label('?')",
        answer="classify_run",
        exercise="01_one_number",
    ),
    Attempt(
        "the right number in a list of one",
        "import numpy as np\n"
        "def max_stable_lr(h): return [2 / np.linalg.eigvalsh(h).max()]",
        answer="max_stable_lr",
        exercise="01_one_number",
    ),
    Attempt(
        "the right number as a complex one",
        "import numpy as np\n"
        "def max_stable_lr(h): return complex(2 / np.linalg.eigvalsh(h).max())",
        answer="max_stable_lr",
        exercise="01_one_number",
    ),
    Attempt(
        "shape (n, 1) for (n,)",
        "def gradient_step(params, grads, lr):\n"
        "    return {k: (params[k] - lr * grads[k])[..., None] for k in params}",
        answer="gradient_step",
        exercise="01_one_number",
        points=1,
        because="a missing gradient raises KeyError",
    ),
]
